"""How long it is kept that somebody was signed in, and what was sent to them: on every database."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.accounts import retention, service
from deskbay.accounts.models import ApiToken, Login, MailLink, MailPurpose, OidcState, User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.second_step.models import PendingSignIn
from deskbay.accounts.tokens import TokenIssuer
from deskbay.database import Database
from deskbay.database.base import Base
from deskbay.database.retention import Retention
from deskbay.kit.secrets import new_secret
from deskbay.settings import Settings


@pytest.fixture
async def ada(database: Database, clock: FrozenClock) -> User:
    async with database.write() as db:
        return await service.create_user(db, clock, NewUser(username="ada"))


async def look(database: Database, clock: FrozenClock, **settings: int | None) -> None:
    wanted = Settings(data=Path("/nowhere")).model_copy(update=settings)
    await Retention(database, clock, list(retention.rules(wanted))).look()


async def sign_in(database: Database, clock: FrozenClock, user: User) -> int:
    issuer = TokenIssuer(new_secret(), clock, Settings(data=Path("/nowhere")))
    async with database.write() as db:
        tokens = await service.issue_tokens(db, issuer, user)
    return int(tokens.refresh.split(".")[0])


async def ids(database: Database, model: type[Login | ApiToken]) -> list[int]:
    async with database.read() as db:
        return list(await db.scalars(select(model.id).order_by(model.id)))


async def test_sign_ins_go_so_long_after_they_are_over(database: Database, clock: FrozenClock, ada: User) -> None:
    expired, ended = await sign_in(database, clock, ada), await sign_in(database, clock, ada)
    async with database.write() as db:
        await service.end_login(db, clock, ended)
    clock.advance(days=60)
    going_on = await sign_in(database, clock, ada)
    await look(database, clock, login_days=60)
    assert await ids(database, Login) == [expired, ended, going_on]
    clock.advance(seconds=1)
    await look(database, clock, login_days=60)
    assert await ids(database, Login) == [expired, going_on]
    clock.advance(days=30)
    await look(database, clock, login_days=60)
    assert await ids(database, Login) == [going_on]


async def test_of_sign_ins_that_are_over_all_is_kept_where_it_is_set_so(
    database: Database, clock: FrozenClock, ada: User
) -> None:
    over = await sign_in(database, clock, ada)
    clock.advance(days=3000)
    await look(database, clock, login_days=None)
    assert await ids(database, Login) == [over]
    await look(database, clock)  # ninety days
    assert await ids(database, Login) == []


async def test_tokens_go_so_long_after_they_were_revoked_or_are_over(
    database: Database, clock: FrozenClock, ada: User
) -> None:
    for lasts, revoked in ((1, False), (300, True), (300, False)):
        await add_token(database, clock, ada, timedelta(days=lasts), revoked=revoked)
    good = (await ids(database, ApiToken))[-1]
    clock.advance(days=90)
    await look(database, clock)
    assert len(await ids(database, ApiToken)) == 3
    clock.advance(days=1, seconds=1)
    await look(database, clock)
    assert await ids(database, ApiToken) == [good]


async def add_token(database: Database, clock: FrozenClock, user: User, lasts: timedelta, *, revoked: bool) -> None:
    now = clock.now()
    token = ApiToken(user_id=user.id, uuid=uuid4(), name="t", description="", digest=new_secret(), scopes="")
    token.created_at, token.expires_at, token.revoked_at = now, now + lasts, now if revoked else None
    async with database.write() as db:
        db.add(token)


async def test_links_and_what_was_begun_go_a_day_after_they_are_good_for_nothing(
    database: Database, clock: FrozenClock, ada: User
) -> None:
    now = clock.now()
    whose = {"user_id": ada.id, "expires_at": now}
    mail = MailLink(**whose, purpose=MailPurpose.RESET_PASSWORD, email="ada@example.org", digest="a", created_at=now)
    begun = OidcState(digest="b", provider="school", redirect_uri="/", expires_at=now)
    async with database.write() as db:
        db.add_all([mail, PendingSignIn(**whose, digest="c"), begun])
    models = (MailLink, PendingSignIn, OidcState)
    clock.advance(days=1)
    await look(database, clock)
    assert [await count(database, model) for model in models] == [1, 1, 1]
    clock.advance(seconds=1)
    await look(database, clock)
    assert [await count(database, model) for model in models] == [0, 0, 0]


async def count(database: Database, model: type[Base]) -> int:
    async with database.read() as db:
        return len((await db.scalars(select(model))).all())
