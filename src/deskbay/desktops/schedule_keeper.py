"""Has desktops start by their schedules, and look forward to what comes next."""

import asyncio

import structlog
from sqlalchemy import or_, select

from deskbay.database import Database
from deskbay.desktops import history, service, stops, timetable
from deskbay.desktops.models import Desktop, Wanted
from deskbay.desktops.service import Right
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class ScheduleKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._right = Right.of(settings)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("following schedules failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due. Writes only where there is something."""
        now = self._clock.now()
        is_due = or_(Desktop.scheduled_start_at <= now, Desktop.scheduled_stop_at <= now)
        there = (Desktop.deleted_at.is_(None), Desktop.wanted != Wanted.DELETED)
        async with self._database.read() as db:
            due = (await db.scalars(select(Desktop.id).where(is_due, *there))).all()
        for desktop_id in due:
            await self._follow(desktop_id)

    async def _follow(self, desktop_id: int) -> None:
        async with self._database.write() as db:
            desktop = await stops.lock_desktop(db, desktop_id)
            if desktop is None:
                return
            try:
                await timetable.follow(db, self._clock, desktop, self._right)
            except Problem as problem:
                desktop.reason = f"Its schedule could not start it. {problem.detail}"
                history.note(db, desktop, self._clock.now())
                service.announce(db, desktop)
