"""Keeps as many spare desktops of each template as it shall have, and ends those that nobody wants."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from deskbay.database import Database
from deskbay.desktops import spares
from deskbay.desktops.models import RuntimeRow, Spare, Template
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import LaunchError, Unreachable
from deskbay.desktops.runtimes.spares import SpareSpec, spares_of
from deskbay.desktops.spares import Outlook
from deskbay.kit.clock import Clock
from deskbay.settings import Settings

LOOK_SECONDS = 1.0
TOO_SLOW = "A spare desktop did not come up in time. The engine is slow, or the image does not wait."
NO_MAKER = (
    "No runtime that it may run on makes spare desktops: it takes a Docker engine on the server's own host, and a "
    "server that is root."
)
UNEXPECTED = "The server met an unexpected error over it, which its log has."

log = structlog.get_logger(__name__)


class SpareKeeper:
    """Looks again and again; any number of servers may, as each spare is one's that makes it."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, runtimes: RuntimePool) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._runtimes = runtimes
        self._busy: set[int] = set()
        self._is_leaving = False

    async def run(self) -> None:
        """Go on until cancelled. A template whose spares take long does not hold up the others."""
        async with asyncio.TaskGroup() as group:
            while True:
                for template_id in await self._templates():
                    if template_id not in self._busy:
                        self._busy.add(template_id)
                        group.create_task(self._attend(template_id), name=f"spares of template {template_id}")
                await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do all that is due, one template after the other."""
        for template_id in await self._templates():
            await self._attend(template_id)

    async def _templates(self) -> Sequence[int]:
        """Return the templates that have spares, or shall have."""
        has_some = select(Spare.id).where(Spare.template_id == Template.id).exists()
        try:
            async with self._database.read() as db:
                return (await db.scalars(select(Template.id).where(or_(Template.spares > 0, has_some)))).all()
        except Exception:
            log.exception("looking for spares failed")
            return []

    async def _attend(self, template_id: int) -> None:
        try:
            while await self._go_on(template_id):
                pass
        except Exception:
            log.exception("looking after spares failed", template=template_id)
        finally:
            self._busy.discard(template_id)

    async def _go_on(self, template_id: int) -> bool:
        """Do the next thing for the spares of a template. Returns whether there may be more to do."""
        outlook = await self._outlook(template_id)
        for spare in await self._refuse(template_id, outlook):
            await self._end(spare)
        added = await self._add(template_id, outlook)
        return added is not None and await self._make(*added)

    async def _outlook(self, template_id: int) -> Outlook:
        """Ask the runtimes. What waits is asked after the database was: a spare may be taken meanwhile, not be lost."""
        ready = select(Spare.runtime_id, Spare.uuid).where(Spare.template_id == template_id, Spare.is_ready)
        async with self._database.read() as db:
            kind = await db.scalar(select(Template.runtime).where(Template.id == template_id))
            rows = (await db.scalars(select(RuntimeRow).where(RuntimeRow.kind == kind))).all()
            known = {(runtime_id, uuid) for runtime_id, uuid in await db.execute(ready)}
        makers, silent, waiting = set(), set(), set()
        for row in rows:
            try:
                if maker := spares_of(self._runtimes.get(row)):
                    waiting |= {(row.id, uuid) for uuid in await maker.waiting()}
                    makers.add(row.id)
            except Unreachable:
                silent.add(row.id)  # the reconciler tells
        lost = {uuid for runtime_id, uuid in known - waiting if runtime_id in makers}
        return Outlook(frozenset(makers), frozenset(silent), frozenset(lost))

    async def _refuse(self, template_id: int, outlook: Outlook) -> Sequence[Spare]:
        """Have nobody launch what is not wanted any more, and return it."""
        async with self._database.read() as db:
            template = await db.get_one(Template, template_id)
            if not await spares.refused(db, template, outlook, self._clock.now()):
                return []
        async with self._database.write() as db:
            template = await db.get_one(Template, template_id, with_for_update=True)
            refused = {spare.id for spare in await spares.refused(db, template, outlook, self._clock.now())}
            await db.execute(update(Spare).where(Spare.id.in_(refused)).values(is_wanted=False))
            there = select(Spare).where(Spare.id.in_(refused)).options(joinedload(Spare.runtime))
            return (await db.scalars(there)).all()

    async def _end(self, spare: Spare) -> None:
        """End a spare, and then forget it. One whose runtime gives no answer waits until it does."""
        try:
            runtime = self._runtimes.get(spare.runtime)
            await runtime.end(spare.uuid)
            await runtime.forget(spare.uuid)
        except Unreachable:
            return
        async with self._database.write() as db:
            await db.execute(delete(Spare).where(Spare.id == spare.id))

    async def _add(self, template_id: int, outlook: Outlook) -> tuple[Spare, SpareSpec] | None:
        """Want another spare, if one is missing; None where there is nothing to make now."""
        if self._is_leaving:
            return None
        async with self._database.read() as db:
            template = await db.get_one(Template, template_id)
            if not await spares.is_short(db, template, outlook, self._clock.now()):
                return None
        async with self._database.write() as db:
            template = await db.get_one(Template, template_id, with_for_update=True)
            now = self._clock.now()
            if not await spares.is_short(db, template, outlook, now):
                return None
            added = await spares.add(db, template, outlook, now, now + self._lease) if outlook.makers else None
            if added is None:
                trouble = await spares.why_no_room(db, template) if outlook.makers else NO_MAKER
                spares.note_trouble(template, trouble, now)
            return added

    async def _make(self, spare: Spare, wish: SpareSpec) -> bool:
        """Make a spare. Returns whether that went well."""
        try:
            await self._prepare(spare, wish)
        except (LaunchError, Unreachable) as error:
            await self._give_up(spare, str(error))
        except TimeoutError:
            await self._give_up(spare, TOO_SLOW)
        except Exception:
            log.exception("a spare could not be made", template=spare.template_id)
            await self._give_up(spare, UNEXPECTED)
        else:
            if await self._write_down(spare):
                return True
            await self._end(spare)
        return False

    async def _prepare(self, spare: Spare, wish: SpareSpec) -> None:
        maker = spares_of(self._runtimes.get(spare.runtime))
        if maker is None:
            raise LaunchError(NO_MAKER)
        async with asyncio.timeout(self._settings.start_seconds), self._renewing(spare):
            await maker.prepare(wish)

    async def _write_down(self, spare: Spare) -> bool:
        """Let it be launched, if it is still wanted."""
        async with self._database.write() as db:
            spares.forget_trouble(await db.get_one(Template, spare.template_id, with_for_update=True))
            made = await db.get(Spare, spare.id, with_for_update=True)
            if made is None or not made.is_wanted:
                return False
            made.is_ready, made.lease_until = True, None
            return True

    async def _give_up(self, spare: Spare, trouble: str) -> None:
        log.warning("a spare could not be made", template=spare.template_id, why=trouble)
        async with self._database.write() as db:
            template = await db.get_one(Template, spare.template_id, with_for_update=True)
            spares.note_trouble(template, trouble, self._clock.now())
            await db.execute(update(Spare).where(Spare.id == spare.id).values(is_wanted=False))
        await self._end(spare)

    @property
    def _lease(self) -> timedelta:
        return timedelta(seconds=self._settings.lease_seconds)

    @asynccontextmanager
    async def _renewing(self, spare: Spare) -> AsyncIterator[None]:
        heartbeat = asyncio.create_task(self._renew(spare))
        try:
            yield
        finally:
            heartbeat.cancel()

    async def _renew(self, spare: Spare) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 2)
            until = self._clock.now() + self._lease
            async with self._database.write() as db:
                await db.execute(update(Spare).where(Spare.id == spare.id).values(lease_until=until))

    async def end_all(self) -> None:
        """End every spare, and make no more."""
        self._is_leaving = True
        async with self._database.write() as db:
            await db.execute(update(Spare).values(is_wanted=False))
            there = (await db.scalars(select(Spare).options(joinedload(Spare.runtime)))).all()
        await asyncio.gather(*map(self._end, there))
