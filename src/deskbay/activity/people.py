"""People who only report: they have no password."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.kit.clock import Clock


async def add_missing_users(db: AsyncSession, clock: Clock, wanted: Sequence[NewUser]) -> None:
    """Add a user for each name that none has yet."""
    named = {new.username.lower(): new for new in wanted}
    there = set(await db.scalars(select(User.username_key).where(User.username_key.in_(named))))
    for key, new in named.items():
        if key not in there:
            await create_user(db, clock, new)
