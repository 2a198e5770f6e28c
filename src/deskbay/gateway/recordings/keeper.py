"""Ends recordings whose server died, and deletes what is too old."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select

from deskbay.database import Database
from deskbay.gateway.recordings.models import Recording, RecordingEnd
from deskbay.gateway.recordings.service import TELL_SECONDS, Recordings
from deskbay.kit.clock import Clock
from deskbay.settings import Settings

LOOK_SECONDS = 30.0
SILENCE = timedelta(seconds=6 * TELL_SECONDS)
"""After so long without a word the server that recorded is dead."""

log = structlog.get_logger(__name__)


class RecordingKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, recordings: Recordings) -> None:
        self._database, self._clock = database, clock
        self._days, self._recordings = settings.recording_days, recordings

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("keeping recordings failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due. Writes only where there is something."""
        now = self._clock.now()
        for recording_id in await self._ids(Recording.ended_at.is_(None) & (Recording.seen_at < now - SILENCE)):
            await self._cut_off(recording_id)
        if self._days is not None:
            for recording_id in await self._ids(Recording.ended_at < now - timedelta(days=self._days)):
                await self._delete(recording_id)

    async def _ids(self, condition: ColumnElement[bool]) -> Sequence[int]:
        async with self._database.read() as db:
            return (await db.scalars(select(Recording.id).where(condition))).all()

    async def _cut_off(self, recording_id: int) -> None:
        async with self._database.write() as db:
            recording = await db.get(Recording, recording_id)
            if recording is None or recording.ended_at is not None:
                return
            recording.end, recording.ended_at = RecordingEnd.CUT_OFF, recording.seen_at
            with suppress(FileNotFoundError):  # another server may have it
                file = self._recordings.path_of(recording).stat()
                recording.bytes, recording.ended_at = file.st_size, last_written(recording.seen_at, file)
        log.info("recording was cut off", recording=recording_id)

    async def _delete(self, recording_id: int) -> None:
        async with self._database.write() as db:
            recording = await db.get(Recording, recording_id)
            if recording is not None:
                await self._recordings.delete(db, recording)
        log.info("recording deleted for its age", recording=recording_id)


def last_written(seen_at: datetime, file: os.stat_result) -> datetime:
    """Return when a file was written last: no earlier than its server told of it, and before it would have again."""
    written_at = datetime.fromtimestamp(file.st_mtime, UTC)
    return min(max(seen_at, written_at), seen_at + timedelta(seconds=TELL_SECONDS))
