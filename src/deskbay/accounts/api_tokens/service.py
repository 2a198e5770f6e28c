"""The rules on tokens of the API."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Caller
from deskbay.accounts.api_tokens.presented import PREFIX, good_now
from deskbay.accounts.api_tokens.schemas import ServiceTokenIn, TokenIn
from deskbay.accounts.models import ApiToken, Role, User
from deskbay.accounts.rights.no_way_up import refuse_over_administrators, refuse_to_give
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Reach, Scope, granted
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import SIGNED_OUT, create_user, find_user, has_way_in, login_of_token
from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

MOST_TOKENS = 100
WITH_PEOPLE = (joinedload(ApiToken.user), joinedload(ApiToken.creator))
NEWEST_FIRST = select(ApiToken).options(*WITH_PEOPLE).order_by(ApiToken.id.desc())


async def create_token(db: AsyncSession, clock: Clock, by: User, user: User, wish: TokenIn) -> tuple[ApiToken, str]:
    """Make a token that acts for a user. Return it with its secret. Raises Problem 409 when there are too many."""
    good = await db.scalars(select(ApiToken.id).where(ApiToken.user_id == user.id, *good_now(clock)))
    if len(good.all()) >= MOST_TOKENS:
        what = f"There are {MOST_TOKENS} tokens already. Revoke one that is not needed, then make another."
        raise Problem(HTTPStatus.CONFLICT, what, kind="limit-reached")
    secret = PREFIX + new_secret()
    token = ApiToken(
        uuid=uuid4(),
        user=user,
        creator=by,
        name=wish.name,
        description=wish.description,
        digest=digest(secret),
        scopes=" ".join(sorted(wish.scopes)),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=wish.expires_in_days),
    )
    db.add(token)
    await db.flush()
    return token, secret


async def service_account(db: AsyncSession, clock: Clock, by: Caller, wish: ServiceTokenIn) -> User:
    """Return the account that a service token acts for, made if nobody has the name.

    Raises Problem 409 for an account to which a person can sign in, and 403 where the token could do more than who
    makes it. What is an account's own was others' before where that was there already: it takes rights that reach all.
    """
    known = await find_user(db, wish.username)
    account = known or await _new_account(db, clock, wish)
    refuse_over_administrators(by, account)
    if account.email is not None or await has_way_in(db, account):
        what = f"“{account.username}” is the account of a person. Choose another name for the service."
        raise Problem(HTTPStatus.CONFLICT, what, kind="taken")
    given = await Rights(account, granted(wish.scopes)).everything(db)
    await refuse_to_give(db, by, dict.fromkeys(given, Reach.ALL) if known else given)
    return account


async def _new_account(db: AsyncSession, clock: Clock, wish: ServiceTokenIn) -> User:
    role = Role.ADMINISTRATOR if wish.is_administrator else Role.USER
    return await create_user(db, clock, NewUser(username=wish.username), role=role)


async def list_all_tokens(db: AsyncSession) -> Sequence[ApiToken]:
    """Return everyone's tokens, newest first; revoked and expired ones as well."""
    return (await db.scalars(NEWEST_FIRST)).all()


async def list_tokens(
    db: AsyncSession, user_id: int | None, search: str, page: Page
) -> tuple[Sequence[ApiToken], int | None]:
    """Return a page of a user's tokens, or of everyone's, newest first, and the cursor of the next page.

    Revoked and expired ones are among them. Each word of the search is in a token's name, or its person's.
    """
    tokens = NEWEST_FIRST.join(ApiToken.user)
    for word in search.split():
        named = (column.icontains(word, autoescape=True) for column in (ApiToken.name, User.username, User.full_name))
        tokens = tokens.where(or_(*named))
    if user_id is not None:
        tokens = tokens.where(ApiToken.user_id == user_id)
    if page.cursor is not None:
        tokens = tokens.where(ApiToken.id < page.cursor)
    return cut((await db.scalars(tokens.limit(page.limit + 1))).all(), page.limit)


async def get_token_to_revoke(db: AsyncSession, by: Caller, uuid: UUID) -> ApiToken:
    """Return a token of the caller's, or of anyone's for who may change all people.

    Raises Problem 404, and 403 for one that acts for an administrator where the caller is none.
    """
    token: ApiToken | None = await db.scalar(select(ApiToken).where(ApiToken.uuid == uuid).options(*WITH_PEOPLE))
    everyones = await by.rights.include(db, Scope.PEOPLE_WRITE, Reach.ALL)
    if token is None or (token.user_id != by.user.id and not everyones):
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such token. GET /api/v1/tokens lists yours.", kind="no-token")
    refuse_over_administrators(by, token.user)
    return token


async def revoke_token(db: AsyncSession, clock: Clock, token: ApiToken) -> None:
    """Make a token good for nothing, and end what it watches."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        emit(db, Event(SIGNED_OUT, login_of_token(token.id), token.user_id))
