"""Brings every volume to what is wanted of it on its runtime, and measures those that are written to."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, true

from deskbay.database import Database
from deskbay.desktops.models import Desktop, RuntimeRow, State
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec, VolumeStore, store_of
from deskbay.kit.clock import Clock
from deskbay.volumes import shares
from deskbay.volumes.models import Attachment, TemplateVolume, Volume

LOOK_SECONDS = 1.0
EVERY = timedelta(seconds=60)
"""So often a volume is measured that a running desktop has, and runtimes are asked what they have of volumes."""
PAUSE = timedelta(seconds=30)
"""So long it waits before it tries again what failed."""
BYTES_OF_A_MB = 2**20
UNEXPECTED = "The server met an unexpected error over it, which its log has. It tries again."
NO_VOLUMES = "The runtime on which it lies has no volumes any more."

log = structlog.get_logger(__name__)


class VolumeKeeper:
    """Looks again and again; any number of servers may, as runtimes do each thing once however often they are told."""

    def __init__(self, database: Database, clock: Clock, runtimes: RuntimePool) -> None:
        self._database = database
        self._clock = clock
        self._runtimes = runtimes
        self._busy: set[int] = set()
        self._strays: set[UUID] = set()

    async def run(self) -> None:
        """Go on until cancelled. A runtime that hangs does not hold up the volumes of others."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._seek_strays_again_and_again())
            while True:
                for volume in await self._due():
                    if volume.id not in self._busy:
                        self._busy.add(volume.id)
                        group.create_task(self._attend(volume), name=f"volume {volume.id}")
                await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do all that is due, one after the other."""
        for volume in await self._due():
            await self._attend(volume)
        await self.seek_strays()

    async def _due(self) -> Sequence[Volume]:
        try:
            async with self._database.read() as db:
                due = select(Volume).where(
                    Volume.deleted_at.is_(None), or_(self._is_unfinished(), self._is_written_to())
                )
                return (await db.scalars(due.order_by(Volume.id))).all()
        except Exception:
            log.exception("looking for volumes failed")
            return []

    def _is_unfinished(self) -> ColumnElement[bool]:
        unlike = or_(Volume.is_wanted.is_(False), Volume.made_mb.is_(None), Volume.made_mb < Volume.size_mb)
        return and_(unlike, self._may_be_tried())

    def _may_be_tried(self) -> ColumnElement[bool]:
        return or_(Volume.retry_at.is_(None), Volume.retry_at <= self._clock.now())

    def _is_written_to(self) -> ColumnElement[bool]:
        attached = and_(Attachment.volume_id == Volume.id, Attachment.desktop_id == Desktop.id)
        given = and_(TemplateVolume.volume_id == Volume.id, TemplateVolume.template_id == Desktop.template_id)
        running = and_(Desktop.deleted_at.is_(None), Desktop.state == State.RUNNING)
        writers = (
            select(true()).select_from(Desktop, table).where(running, by).exists()
            for table, by in ((Attachment, attached), (TemplateVolume, given))
        )
        is_old = and_(Volume.measured_at <= self._clock.now() - EVERY, or_(*writers))
        is_due = or_(Volume.measured_at.is_(None), is_old)
        return and_(Volume.made_mb.is_not(None), is_due, self._may_be_tried())

    async def _attend(self, volume: Volume) -> None:
        try:
            await self._try(volume)
        except Exception:
            log.exception("looking after a volume failed", volume=volume.id)
        finally:
            self._busy.discard(volume.id)

    async def _try(self, volume: Volume) -> None:
        try:
            await self._bring(volume)
        except (VolumeError, Unreachable) as error:
            await self._write_down_trouble(volume, str(error), is_final=isinstance(error, VolumeError))
        except Exception:
            log.exception("a volume could not be brought to what is wanted", volume=volume.id)
            await self._write_down_trouble(volume, UNEXPECTED, is_final=False)

    async def _bring(self, volume: Volume) -> None:
        store = await self._store_of(volume)
        if not volume.is_wanted:
            await store.delete(volume.uuid)
            await self._write_down(volume, deleted_at=self._clock.now())
        elif volume.made_mb is None or volume.made_mb < volume.size_mb:
            await store.make(VolumeSpec(volume.uuid, volume.name, volume.size_mb))
            await self._write_down(volume, made_mb=volume.size_mb, reason=None, retry_at=None)
        else:
            await self._measure(volume, store)

    async def _measure(self, volume: Volume, store: VolumeStore) -> None:
        """Write down how much is used. Where there is no answer the last figure stays, which says how old it is."""
        try:
            used = await store.measure(volume.uuid)
        except Unreachable:
            await self._write_down(volume, retry_at=self._clock.now() + PAUSE)
            return
        used_mb = None if used is None else -(-used // BYTES_OF_A_MB)
        await self._write_down(volume, used_mb=used_mb, measured_at=self._clock.now(), retry_at=None)

    async def _store_of(self, volume: Volume) -> VolumeStore:
        async with self._database.read() as db:
            row = await db.get_one(RuntimeRow, volume.runtime_id)
        store = store_of(self._runtimes.get(row))
        if store is None:
            raise Unreachable(NO_VOLUMES)
        return store

    async def _write_down(self, known: Volume, **found: object) -> None:
        async with self._database.write() as db:
            volume = await db.get_one(Volume, known.id, with_for_update=True)
            for name, value in found.items():
                setattr(volume, name, value)
            await shares.announce(db, volume)

    async def _write_down_trouble(self, known: Volume, reason: str, *, is_final: bool) -> None:
        """Write down why it failed. One that can't grow keeps its size; all else is tried again."""
        async with self._database.write() as db:
            volume = await db.get_one(Volume, known.id, with_for_update=True)
            if is_final and volume.made_mb is not None and volume.size_mb == known.size_mb:
                volume.size_mb = volume.made_mb
            volume.reason, volume.retry_at = reason, self._clock.now() + PAUSE
            volume.measured_at = volume.measured_at or self._clock.now()
            await shares.announce(db, volume)

    async def _seek_strays_again_and_again(self) -> None:
        while True:
            await self.seek_strays()
            await asyncio.sleep(EVERY.total_seconds())

    async def seek_strays(self) -> None:
        """Take away what was deleted and is there all the same; tell of volumes that nobody knows, and leave them."""
        for row in await self._rows():
            try:
                if store := store_of(self._runtimes.get(row)):
                    await self._sort_out(store, row)
            except Unreachable:
                continue  # the reconciler tells
            except Exception:
                log.exception("looking for stray volumes failed", runtime=row.slug)

    async def _rows(self) -> Sequence[RuntimeRow]:
        try:
            async with self._database.read() as db:
                return (await db.scalars(select(RuntimeRow))).all()
        except Exception:
            log.exception("looking for runtimes failed")
            return []

    async def _sort_out(self, store: VolumeStore, row: RuntimeRow) -> None:
        owned = await store.owned()
        async with self._database.read() as db:
            known = {one.uuid: one for one in await db.scalars(select(Volume).where(Volume.uuid.in_(owned)))}
        for volume in known.values():
            if volume.deleted_at is not None:
                await store.delete(volume.uuid)
        for stray in owned - known.keys() - self._strays:
            self._strays.add(stray)
            log.warning("a volume is there that the database does not know", runtime=row.slug, volume=str(stray))
