"""The rules on tokens of the API."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.api_tokens.schemas import ServiceTokenIn, TokenIn
from deskbay.accounts.models import ApiToken, Identity, Role, User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import SIGNED_OUT, create_user, find_user, login_of_token
from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

PREFIX = "deskbay_pat_"  # by which scanners for leaked secrets know it
MOST_TOKENS = 100
WITH_PEOPLE = (joinedload(ApiToken.user), joinedload(ApiToken.creator))


async def create_token(db: AsyncSession, clock: Clock, by: User, user: User, wish: TokenIn) -> tuple[ApiToken, str]:
    """Make a token that acts for a user. Return it with its secret. Raises Problem 409 when there are too many."""
    good = await db.scalars(select(ApiToken.id).where(ApiToken.user_id == user.id, *_good(clock)))
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


async def service_account(db: AsyncSession, clock: Clock, wish: ServiceTokenIn) -> User:
    """Return the account that a service token acts for, made if nobody has the name.

    Raises Problem 409 for an account to which a person can sign in.
    """
    user = await find_user(db, wish.username)
    if user is None:
        role = Role.ADMINISTRATOR if wish.is_administrator else Role.USER
        return await create_user(db, clock, NewUser(username=wish.username), role=role)
    known_elsewhere = await db.scalar(select(Identity.id).where(Identity.user_id == user.id).limit(1))
    if user.password_hash is not None or user.email is not None or known_elsewhere is not None:
        what = f"“{user.username}” is the account of a person. Choose another name for the service."
        raise Problem(HTTPStatus.CONFLICT, what, kind="taken")
    return user


async def list_tokens(db: AsyncSession, user: User | None) -> Sequence[ApiToken]:
    """Return a user's tokens, or everyone's, newest first; revoked and expired ones as well."""
    tokens = select(ApiToken).options(*WITH_PEOPLE).order_by(ApiToken.id.desc())
    return (await db.scalars(tokens if user is None else tokens.where(ApiToken.user_id == user.id))).all()


async def get_token(db: AsyncSession, user: User, uuid: UUID) -> ApiToken:
    """Return a token of the user's, or of anyone's for administrators. Raises Problem 404."""
    token: ApiToken | None = await db.scalar(select(ApiToken).where(ApiToken.uuid == uuid).options(*WITH_PEOPLE))
    if token is None or (token.user_id != user.id and user.role is not Role.ADMINISTRATOR):
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such token. GET /api/v1/tokens lists yours.", kind="no-token")
    return token


async def revoke_token(db: AsyncSession, clock: Clock, token: ApiToken) -> None:
    """Make a token good for nothing, and end what it watches."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        emit(db, Event(SIGNED_OUT, login_of_token(token.id), token.user_id))


async def find_token(db: AsyncSession, clock: Clock, secret: str) -> ApiToken | None:
    """Return the good token that a secret belongs to, of a user who is not disabled."""
    known = select(ApiToken).join(User, User.id == ApiToken.user_id).options(joinedload(ApiToken.user))
    good = known.where(ApiToken.digest == digest(secret), User.disabled_at.is_(None), *_good(clock))
    token: ApiToken | None = await db.scalar(good)
    return token


def _good(clock: Clock) -> tuple[ColumnElement[bool], ...]:
    return ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now()
