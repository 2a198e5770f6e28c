"""Keeps every desktop on its way to what is wanted of it, and ends what nobody wants."""

import asyncio
from collections.abc import Coroutine, Sequence
from uuid import UUID, uuid4

import structlog
from sqlalchemy import and_, or_, select

from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.driver import Driver, Surroundings
from deskbay.desktops.models import Desktop, RuntimeRow, Spare, State, Wanted
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Presence, Runtime, Unreachable
from deskbay.kit.clock import Clock
from deskbay.kit.events import EventBus
from deskbay.kit.tasks import end
from deskbay.settings import Settings

LOOK_SECONDS = 1.0
POLL_SECONDS = 0.05
SERVER_ENDED = "The server was ended, and its desktops with it. Start it again."

log = structlog.get_logger()


class Reconciler:
    """Drives desktops: at once when one has changed, and every second looks at them all."""

    def __init__(
        self, database: Database, bus: EventBus, clock: Clock, settings: Settings, runtimes: RuntimePool
    ) -> None:
        self._around = Surroundings(str(uuid4()), database, clock, settings, runtimes)
        self._bus = bus
        self._drivers: dict[int, Driver] = {}
        self._looked_at: set[int] = set()
        self._silent: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Go on until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._look_again_and_again())
        finally:
            await end(self._tasks)  # one that was about to end may begin another

    async def _listen(self) -> None:
        while True:  # a subscription that was too slow ends; what it missed the next look finds
            with self._bus.subscribe() as changes:
                async for change in changes:
                    if change.name == service.WANTED:
                        self._attend(change.subject)

    async def _look_again_and_again(self) -> None:
        while True:
            try:
                for row in await self._rows():
                    self._look_at(row)
            except Exception:
                log.exception("looking for runtimes failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _rows(self) -> Sequence[RuntimeRow]:
        async with self._around.database.read() as db:
            return (await db.scalars(select(RuntimeRow))).all()

    def _look_at(self, row: RuntimeRow) -> None:
        """Look at a runtime beside the others, which need not wait for one that hangs."""
        if row.id not in self._looked_at:
            self._looked_at.add(row.id)
            self._begin(self._look(row), name=f"look at {row.slug}")

    async def _look(self, row: RuntimeRow) -> None:
        try:
            await self._look_for_desktops(row)
            self._silent.discard(row.id)
        except Unreachable as error:
            if row.id not in self._silent:
                log.warning("a runtime gives no answer", runtime=row.slug, why=str(error))
            self._silent.add(row.id)
        except Exception:
            log.exception("looking at a runtime failed", runtime=row.slug)
        finally:
            self._looked_at.discard(row.id)

    async def _look_for_desktops(self, row: RuntimeRow) -> None:
        running = []
        for desktop in await self._waiting(row):
            if (desktop.wanted, desktop.state) == (Wanted.RUNNING, State.RUNNING):
                running.append(desktop)
            else:
                self._attend(desktop.id)
        runtime = self._around.runtimes.get(row)
        await self._end_strays(runtime)
        for desktop in running:
            if (await runtime.observe(desktop.uuid)).presence in {Presence.ABSENT, Presence.SPARE}:
                self._attend(desktop.id)

    def _begin(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _attend(self, desktop_id: int) -> None:
        if driver := self._drivers.get(desktop_id):
            driver.poke()
            return
        driver = self._drivers[desktop_id] = Driver(self._around, desktop_id)
        self._begin(self._drive(desktop_id, driver), name=f"desktop {desktop_id}")

    async def _drive(self, desktop_id: int, driver: Driver) -> None:
        try:
            await driver.run()
        except Exception:
            log.exception("looking after a desktop failed", desktop=desktop_id)
        finally:
            del self._drivers[desktop_id]
        if driver.is_poked:  # after its last look
            self._attend(desktop_id)

    async def _waiting(self, row: RuntimeRow) -> Sequence[Desktop]:
        """Return the desktops on a runtime that nobody looks after and that are to run, or are not at rest."""
        now = self._around.clock.now()
        free = or_(Desktop.lease_until.is_(None), Desktop.lease_until < now)
        async with self._around.database.read() as db:
            rows = await db.scalars(
                select(Desktop)
                .where(Desktop.runtime_id == row.id, Desktop.deleted_at.is_(None), free)
                .where(or_(Desktop.wanted != Wanted.STOPPED, Desktop.state.not_in([State.STOPPED, State.FAILED])))
            )
            return rows.all()

    async def _end_strays(self, runtime: Runtime) -> None:
        """End what runs and what nobody wants to run."""
        owned = await runtime.owned()  # asked first: whoever is launched later is in the database before
        spares = await self._spares(owned)  # then these: they become desktops, never the other way
        known = await self._known(owned)
        for stray in owned - known.keys() - spares:
            log.info("ending a desktop that nobody wants", desktop=str(stray))
            await runtime.end(stray)
            await runtime.forget(stray)
        for failed in (desktop for desktop in known.values() if desktop.state is State.FAILED):
            # A start that failed because the runtime gave no answer may have come to something there.
            if (await runtime.observe(failed.uuid)).presence is not Presence.ABSENT:
                self._attend(failed.id)

    async def _spares(self, owned: set[UUID]) -> set[UUID]:
        async with self._around.database.read() as db:
            return set(await db.scalars(select(Spare.uuid).where(Spare.uuid.in_(owned)))) if owned else set()

    async def _known(self, owned: set[UUID]) -> dict[UUID, Desktop]:
        if not owned:
            return {}
        known = select(Desktop).where(Desktop.uuid.in_(owned), Desktop.deleted_at.is_(None))
        async with self._around.database.read() as db:
            return {desktop.uuid: desktop for desktop in await db.scalars(known)}

    async def stop_all(self) -> None:
        """Want every desktop to be stopped, and wait until it is so, as long as a stop may take."""
        async with self._around.database.write() as db:
            running = select(Desktop).where(Desktop.wanted == Wanted.RUNNING).order_by(Desktop.id)
            for desktop in (await db.scalars(running)).all():
                await service.stop_desktop(db, desktop, SERVER_ENDED)
        try:
            async with asyncio.timeout(self._around.settings.stop_seconds):
                while await self._anything_runs():  # noqa: ASYNC110 - the truth is in the database, not in an event
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            log.warning("desktops are left that could not be ended; the next server goes on with them")

    async def _anything_runs(self) -> bool:
        at_rest = and_(Desktop.wanted == Wanted.STOPPED, Desktop.state.in_([State.STOPPED, State.FAILED]))
        async with self._around.database.read() as db:
            return (
                await db.scalar(select(Desktop.id).where(Desktop.deleted_at.is_(None), ~at_rest).limit(1)) is not None
            )
