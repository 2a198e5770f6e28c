"""Keeps every desktop on its way to what is wanted of it, and ends what nobody wants."""

import asyncio
from collections.abc import Mapping
from uuid import UUID, uuid4

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.driver import Driver, Surroundings
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.desktops.runtimes import Presence, Runtime
from deskbay.kit.clock import Clock
from deskbay.kit.events import EventBus
from deskbay.settings import Settings

LOOK_SECONDS = 1.0
POLL_SECONDS = 0.05
SERVER_ENDED = "The server was ended, and its desktops with it. Start it again."

log = structlog.get_logger()


class Reconciler:
    """Drives desktops: at once when one has changed, and every second looks at them all."""

    def __init__(
        self, database: Database, bus: EventBus, clock: Clock, settings: Settings, runtimes: Mapping[str, Runtime]
    ) -> None:
        self._around = Surroundings(str(uuid4()), database, clock, settings, runtimes)
        self._bus = bus
        self._drivers: dict[int, Driver] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Go on until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._look_again_and_again())
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:  # a subscription that was too slow ends; what it missed the next look finds
            with self._bus.subscribe() as changes:
                async for change in changes:
                    if change.name == service.WANTED:
                        self._attend(change.subject)

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                await self.end_strays()
                for desktop_id in await self._waiting():
                    self._attend(desktop_id)
            except Exception:
                log.exception("looking at the desktops failed")
            await asyncio.sleep(LOOK_SECONDS)

    def _attend(self, desktop_id: int) -> None:
        if driver := self._drivers.get(desktop_id):
            driver.poke()
            return
        driver = self._drivers[desktop_id] = Driver(self._around, desktop_id)
        task = asyncio.create_task(self._drive(desktop_id, driver), name=f"desktop {desktop_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, desktop_id: int, driver: Driver) -> None:
        try:
            await driver.run()
        except Exception:
            log.exception("looking after a desktop failed", desktop=desktop_id)
        finally:
            del self._drivers[desktop_id]
        if driver.is_poked:  # after its last look
            self._attend(desktop_id)

    async def _waiting(self) -> list[int]:
        """Return the desktops that nobody looks after and that are not what they should be."""
        now = self._around.clock.now()
        async with self._around.database.read() as db:
            rows = await db.scalars(
                select(Desktop)
                .where(Desktop.deleted_at.is_(None), or_(Desktop.lease_until.is_(None), Desktop.lease_until < now))
                .where(or_(Desktop.wanted != Wanted.STOPPED, Desktop.state.not_in([State.STOPPED, State.FAILED])))
                .options(joinedload(Desktop.template))
            )
            desktops = rows.all()
        return [desktop.id for desktop in desktops if not await self._is_well(desktop)]

    async def _is_well(self, desktop: Desktop) -> bool:
        if (desktop.wanted, desktop.state) != (Wanted.RUNNING, State.RUNNING):
            return False
        seen = await self._around.runtimes[desktop.template.runtime].observe(desktop.uuid)
        return seen.presence is not Presence.ABSENT

    async def end_strays(self) -> None:
        """End what runs and what nobody wants to run."""
        for runtime in self._around.runtimes.values():
            owned = await runtime.owned()  # asked first: whoever is launched later is in the database before
            for stray in owned - await self._known(owned):
                log.info("ending a desktop that nobody wants", desktop=str(stray))
                await runtime.end(stray)
                await runtime.forget(stray)

    async def _known(self, owned: set[UUID]) -> set[UUID]:
        if not owned:
            return set()
        async with self._around.database.read() as db:
            known = select(Desktop.uuid).where(Desktop.uuid.in_(owned), Desktop.deleted_at.is_(None))
            return set(await db.scalars(known))

    async def stop_all(self) -> None:
        """Want every desktop to be stopped, and wait until it is so."""
        async with self._around.database.write() as db:
            for desktop in await db.scalars(select(Desktop).where(Desktop.wanted == Wanted.RUNNING)):
                service.stop_desktop(db, desktop, SERVER_ENDED)
        while await self._anything_runs():  # noqa: ASYNC110 - the truth is in the database, not in an event
            await asyncio.sleep(POLL_SECONDS)

    async def _anything_runs(self) -> bool:
        at_rest = and_(Desktop.wanted == Wanted.STOPPED, Desktop.state.in_([State.STOPPED, State.FAILED]))
        async with self._around.database.read() as db:
            return (
                await db.scalar(select(Desktop.id).where(Desktop.deleted_at.is_(None), ~at_rest).limit(1)) is not None
            )
