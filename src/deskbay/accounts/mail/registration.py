"""Accounts that are open once the address of their person is verified."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.mail.service import LIFETIMES
from deskbay.accounts.models import MailPurpose, User
from deskbay.accounts.removal import remove_user
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.kit.clock import Clock


async def register(db: AsyncSession, clock: Clock, new: NewUser, password_hash: str) -> User:
    """Add a user who is disabled until their address is verified. Raises Problem 409 when a name is taken."""
    await _give_up_unconfirmed(db, clock)
    user = await create_user(db, clock, new, password_hash=password_hash)
    user.disabled_at = clock.now()
    user.unconfirmed_until = clock.now() + LIFETIMES[MailPurpose.VERIFY_ADDRESS]
    return user


async def _give_up_unconfirmed(db: AsyncSession, clock: Clock) -> None:
    """Free the names of accounts that nobody has confirmed in time."""
    for user in await db.scalars(select(User).where(User.unconfirmed_until <= clock.now())):
        user.unconfirmed_until = None
        await remove_user(db, clock, user)
