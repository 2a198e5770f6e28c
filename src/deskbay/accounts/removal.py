"""Removing accounts: the row stays for what refers to it, and says of nobody who it was."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import ApiToken, Identity, MailLink, User
from deskbay.accounts.passkeys.service import remove_passkeys
from deskbay.accounts.second_step.service import turn_off
from deskbay.accounts.service import end_every_login
from deskbay.kit.clock import Clock


async def remove_user(db: AsyncSession, clock: Clock, user: User) -> None:
    """Let nobody sign in as a user any more, and free the username, the address and what providers know."""
    await end_every_login(db, clock, user)
    for table in (Identity, ApiToken, MailLink):
        await db.execute(delete(table).where(table.user_id == user.id))
    await turn_off(db, user)
    await remove_passkeys(db, user)
    user.username = f"removed-{user.uuid}"
    user.email = user.full_name = user.family_name = user.password_hash = None
    user.disabled_at = user.removed_at = clock.now()
    await db.flush()
