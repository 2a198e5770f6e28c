"""People who leave for good: what they have running goes with them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.accounts.removal import remove_user
from deskbay.accounts.rights.on_server import leave_one
from deskbay.desktops import service
from deskbay.desktops.models import Desktop, Wanted
from deskbay.kit.clock import Clock


async def remove_person(db: AsyncSession, clock: Clock, user: User, *, by: User) -> None:
    """Delete a person's desktops, and let nobody be that person any more. What was reported of them stays in totals.

    Raises Problem 403 for an administrator where `by` is none any more.
    """
    theirs = select(Desktop).where(Desktop.owner_id == user.id, Desktop.deleted_at.is_(None))
    for desktop in (await db.scalars(theirs.where(Desktop.wanted != Wanted.DELETED).options(*service.WHOLE))).all():
        service.delete_desktop(db, desktop, by=by)
    await leave_one(db, by, user)
    await remove_user(db, clock, user)
