"""What is too old goes, some at a time, on every database; the audit tells how much, and nothing of what it was."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.accounts import service
from deskbay.accounts.models import SignInLink, User
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database, retention
from deskbay.database.audit import chain
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.database.retention import A_DAY, Retention, Rule, of_days


@pytest.fixture
async def ada(database: Database, clock: FrozenClock) -> User:
    async with database.write() as db:
        return await service.create_user(db, clock, NewUser(username="ada"))


async def add_links(database: Database, clock: FrozenClock, user: User, *ages: timedelta) -> None:
    """Add links that have been over for so long."""
    async with database.write() as db:
        for number, age in enumerate(ages):
            db.add(SignInLink(user_id=user.id, digest=f"digest {number}", expires_at=clock.now() - age))


async def left(database: Database) -> list[str]:
    async with database.read() as db:
        return list(await db.scalars(select(SignInLink.digest).order_by(SignInLink.digest)))


async def told(database: Database) -> list[dict[str, object]]:
    """Return what the audit tells of links that went."""
    gone = (AuditEntry.object_kind == "sign_in_links", AuditEntry.action == Action.DELETED)
    async with database.read() as db:
        return [json.loads(one or "") for one in await db.scalars(select(AuditEntry.before).where(*gone))]


def links(kept: timedelta | None = A_DAY) -> Rule:
    return Rule(SignInLink, kept, SignInLink.expires_at.__lt__)


async def test_what_is_older_goes_and_the_rest_stays(database: Database, clock: FrozenClock, ada: User) -> None:
    moment = timedelta(microseconds=1)
    await add_links(database, clock, ada, A_DAY + moment, A_DAY, A_DAY - moment, timedelta())
    await Retention(database, clock, [links()]).look()
    assert await left(database) == ["digest 1", "digest 2", "digest 3"]
    clock.advance(microseconds=1)
    await Retention(database, clock, [links()]).look()
    assert await left(database) == ["digest 2", "digest 3"]


async def test_the_audit_tells_how_much_and_nothing_of_it(database: Database, clock: FrozenClock, ada: User) -> None:
    await add_links(database, clock, ada, 2 * A_DAY, 3 * A_DAY)
    keeper = Retention(database, clock, [links()])
    await keeper.look()
    assert await told(database) == [{"rows": 2, "older_than": "2026-01-04T09:00:00+00:00"}]
    await keeper.look()
    assert len(await told(database)) == 1
    async with database.read() as db:
        assert (await chain.verify(db)).broken_id is None


async def test_much_goes_in_small_parts(
    database: Database, clock: FrozenClock, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    await add_links(database, clock, ada, *[2 * A_DAY] * 7, timedelta())
    await Retention(database, clock, [links()]).look()
    assert await left(database) == ["digest 7"]
    assert [one["rows"] for one in await told(database)] == [3, 3, 1]


async def test_without_a_time_all_is_kept(database: Database, clock: FrozenClock, ada: User) -> None:
    await add_links(database, clock, ada, 1000 * A_DAY)
    await Retention(database, clock, [links(of_days(None))]).look()
    assert await left(database) == ["digest 0"]
    await Retention(database, clock, [links(of_days(999))]).look()
    assert await left(database) == []
