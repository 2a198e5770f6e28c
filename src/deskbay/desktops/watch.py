"""What somebody who reaches others' desktops is told of them, for as long as they watch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, true
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, still
from deskbay.accounts.groups.service import REGROUPED
from deskbay.accounts.rights.scopes import Reach
from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.models import Desktop
from deskbay.desktops.schemas import DesktopGone, DesktopOut
from deskbay.kit.events import Event

Told = DesktopOut | DesktopGone
"""A desktop as it is now, or one that is gone or out of reach."""


@dataclass(slots=True)
class Watch:
    """The desktops within a watcher's reach, as far as they were told: some come into it and leave it meanwhile."""

    database: Database
    watcher: Caller
    known: set[int] = field(default_factory=set)

    async def begin(self) -> None:
        """Take note of what is within reach: it is told of where it changes."""
        async with self.database.read() as db:
            self.known = await service.ids_where(db, await self.watcher.within_reach(db, Desktop.owner_id))

    async def tell(self, change: Event) -> Sequence[Told] | None:
        """Return what to tell after a change; None once the watcher has signed out, or may watch no more."""
        concerned = _concerned(change)
        if concerned is None:
            return ()
        async with self.database.read() as db:
            watcher = await still(db, self.watcher)
            if watcher is None or not await watcher.rights.include(db, watcher.scope, Reach.GROUP):
                return None
            there = await service.ids_where(db, concerned, await watcher.within_reach(db, Desktop.owner_id))
            return await self._news(db, change, there)

    async def _news(self, db: AsyncSession, change: Event, there: set[int]) -> list[Told]:
        if change.name == REGROUPED:
            gone, other = self.known - there, there - self.known
        else:
            gone, other = self.known & ({change.subject} - there), there
        self.known = self.known - gone | there
        news = await service.desktops_where(db, Desktop.id.in_(other)) if other else ()
        return [*(DesktopGone(id=key) for key in sorted(gone)), *await service.describe(db, news)]


def _concerned(change: Event) -> ColumnElement[bool] | None:
    """Return which desktops may come into reach or leave it, or change within it; None where it is about others."""
    if change.name == REGROUPED:
        return true()
    return Desktop.id == change.subject if change.name in {service.CHANGED, service.DELETED} else None
