"""What is done by itself: the oldest part of the audit goes, where a setting says so."""

import asyncio
from datetime import timedelta

import structlog

from deskbay.database import Database
from deskbay.database.audit import chain
from deskbay.database.audit.happenings import Happening
from deskbay.database.audit.looks import note
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.clock import Clock
from deskbay.settings import Settings

LOOK_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class AuditKeeper:
    """Looks each hour; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._days = settings.audit_days

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("keeping the audit failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Cut off what is too old, and tell in the audit up to where."""
        if self._days is None:
            return
        async with self._database.write() as db:
            last = await chain.cut(db, self._clock.now() - timedelta(days=self._days))
            if last is not None:
                note(db, Happening(Action.DELETED, AuditEntry.__tablename__, None, before={"up_to": last}))
