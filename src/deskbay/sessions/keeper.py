"""What happens by itself: runs that nobody answers end, and the trash is emptied."""

import asyncio
from datetime import timedelta

import structlog

from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.sessions import restores, service
from deskbay.settings import Settings

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class SessionKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._patience = timedelta(seconds=settings.restore_seconds)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking after sessions failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """End what is overdue, and delete what has been in the trash for long. Writes only where there is something."""
        now = self._clock.now()
        async with self._database.read() as db:
            is_idle = not await restores.is_overdue(db, now) and not await service.is_trash_old(db, now)
        if is_idle:
            return
        async with self._database.write() as db:
            await restores.end_overdue(db, now, self._patience)
            await service.empty_trash(db, now)
