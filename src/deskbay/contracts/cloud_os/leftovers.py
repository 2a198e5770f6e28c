"""Containers that never came up, and whose clients left before they were told: nothing is left of them either."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import exists, select

from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.models import Change, Desktop, State
from deskbay.kit.clock import Clock

LOOK_SECONDS = 10.0
PATIENCE = timedelta(minutes=1)
"""For so long a failed one is left to a client that waits: its stream tries again, and takes it back in the end."""
HISTORY_IS_WHOLE = timedelta(days=31)
"""For so long the history of each desktop tells at least whether it ever ran."""

log = structlog.get_logger(__name__)


class LeftoverKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking for containers that never came up failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Want all of them to be gone. Writes only where there is one."""
        now = self._clock.now()
        has_run = exists().where(Change.desktop_id == Desktop.id, Change.state == State.RUNNING)
        is_left = (
            Desktop.sealed_password.is_not(None),
            Desktop.state == State.FAILED,
            Desktop.state_since <= now - PATIENCE,
            Desktop.created_at > now - HISTORY_IS_WHOLE,
            ~has_run,
        )
        async with self._database.read() as db:
            left = (await db.scalars(select(Desktop.id).where(Desktop.deleted_at.is_(None), *is_left))).all()
        for desktop_id in left:
            await self._take_back(desktop_id)

    async def _take_back(self, desktop_id: int) -> None:
        async with self._database.write() as db:
            if desktop := await service.find_desktop(db, desktop_id):
                await service.lock(db, desktop)
                if desktop.state is State.FAILED:
                    service.delete_desktop(db, desktop)
