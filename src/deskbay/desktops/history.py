"""What became of a desktop when, why, and by whose wish."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.desktops.models import Change, Desktop, State, Wanted
from deskbay.kit.paging import Page, cut

WISHED = {
    Wanted.RUNNING: {State.STOPPING, State.PENDING, State.STARTING, State.RUNNING},
    Wanted.STOPPED: {State.STOPPING, State.STOPPED},
    Wanted.DELETED: {State.STOPPING, State.STOPPED},
}
"""The states that come of each wish. Into others a desktop comes by itself."""


def note(db: AsyncSession, desktop: Desktop, at: datetime) -> None:
    """Write down the state that a desktop is in now."""
    actor_id = desktop.wanted_by_id if desktop.state in WISHED[desktop.wanted] else None
    whose = {"desktop_id": desktop.id, "owner_id": desktop.owner_id, "actor_id": actor_id}
    db.add(Change(**whose, at=at, state=desktop.state, reason=desktop.reason))


async def list_changes(db: AsyncSession, desktop: Desktop, page: Page) -> tuple[Sequence[Change], int | None]:
    """Return a page of what became of a desktop, newest first, and the cursor of the next page."""
    wanted = select(Change).where(Change.desktop_id == desktop.id).order_by(Change.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        wanted = wanted.where(Change.id < page.cursor)
    return cut((await db.scalars(wanted.options(joinedload(Change.actor)))).all(), page.limit)
