"""Tokens as programs present them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import ApiToken, User
from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest

PREFIX = "deskbay_pat_"  # by which scanners for leaked secrets know it


async def find_token(db: AsyncSession, clock: Clock, secret: str) -> ApiToken | None:
    """Return the good token that a secret belongs to, of a user who is not disabled."""
    known = select(ApiToken).join(User, User.id == ApiToken.user_id).options(joinedload(ApiToken.user))
    good = known.where(ApiToken.digest == digest(secret), User.disabled_at.is_(None), *good_now(clock))
    token: ApiToken | None = await db.scalar(good)
    return token


def good_now(clock: Clock) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a token is neither revoked nor expired."""
    return ApiToken.revoked_at.is_(None), ApiToken.expires_at > clock.now()
