"""The rules on recordings: how they begin and end, who is told of them, and what becomes of them."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from deskbay.accounts.access import Caller
from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.gateway.entering import Visitor
from deskbay.gateway.recordings.models import Look, Recording, RecordingEnd
from deskbay.gateway.recordings.recorder import Recorder
from deskbay.gateway.relay import Witness
from deskbay.kit.clock import Clock
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem

TELL_SECONDS = 10.0
"""How often a server tells that it records still."""

log = structlog.get_logger()


class Recordings:
    """The recordings of this server: their files are in one folder, for the server's eyes alone."""

    def __init__(self, database: Database, clock: Clock, folder: Path) -> None:
        self._database, self._clock, self._folder = database, clock, folder

    def path_of(self, recording: Recording) -> Path:
        return self._path(recording.uuid)

    @asynccontextmanager
    async def of(
        self, visitor: Visitor, protocol: DisplayProtocol = DisplayProtocol.VNC
    ) -> AsyncIterator[Witness | None]:
        """Record what a visitor is shown by a protocol, if the template says so, for as long as the context lasts."""
        if not visitor.desktop.template.is_recorded:
            yield None
            return
        recording = await self._begin(visitor, protocol)
        recorder = Recorder(partial(self._create, recording.uuid), recording.protocol, self._clock)
        telling = asyncio.create_task(self._tell(recording.id, recorder))
        try:
            yield recorder.take
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await self._end(recording.id, recorder)

    async def _begin(self, visitor: Visitor, protocol: DisplayProtocol) -> Recording:
        desktop, now = visitor.desktop, self._clock.now()
        recording = Recording(
            uuid=uuid4(),
            desktop_id=desktop.id,
            template_id=desktop.template_id,
            owner_id=desktop.owner_id,
            viewer_id=visitor.user.id,
            protocol=protocol,
            began_at=now,
            seen_at=now,
        )
        async with self._database.write() as db:
            db.add(recording)
        return recording

    async def _tell(self, recording_id: int, recorder: Recorder) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            try:
                await self._note(recording_id, recorder, recorder.end)
            except (SQLAlchemyError, OSError):
                log.warning("a recording could not be told of", recording=recording_id, exc_info=True)

    async def _end(self, recording_id: int, recorder: Recorder) -> None:
        end = await recorder.close()
        log.info("recording ended", recording=recording_id, bytes=recorder.bytes, why=end.value)
        if end is RecordingEnd.LEFT and recorder.bytes == 0:  # nothing was shown
            async with self._database.write() as db:
                await db.execute(delete(Recording).where(Recording.id == recording_id))
        else:
            await self._note(recording_id, recorder, end)

    async def _note(self, recording_id: int, recorder: Recorder, end: RecordingEnd | None) -> None:
        async with self._database.write() as db:
            recording = await db.get(Recording, recording_id)
            if recording is not None:
                recording.seen_at, recording.bytes = self._clock.now(), recorder.bytes
                if end is not None and recording.ended_at is None:
                    recording.end, recording.ended_at = end, self._clock.now()

    def _path(self, uuid: UUID) -> Path:
        return self._folder / uuid.hex

    def _create(self, uuid: UUID) -> int:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return os.open(self._path(uuid), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)

    async def delete(self, db: AsyncSession, recording: Recording) -> None:
        """Delete a recording for good. The file goes first: without its row nobody would look for it."""
        await asyncio.to_thread(self._path(recording.uuid).unlink, missing_ok=True)
        await db.delete(recording)


def _found() -> Select[Recording]:
    people = (joinedload(Recording.owner), joinedload(Recording.viewer))
    things = (joinedload(Recording.desktop), joinedload(Recording.template))
    looks = selectinload(Recording.looks).joinedload(Look.user)
    return select(Recording).options(*people, *things, looks).order_by(Recording.id.desc())


async def list_recordings(
    db: AsyncSession, page: Page, among: ColumnElement[bool], *, desktop_id: int | None = None
) -> tuple[Sequence[Recording], int | None]:
    """Return a page of recordings, newest first, and the cursor of the next page. `among` says which may be seen."""
    wanted = _found().where(among).limit(page.limit + 1)
    if desktop_id is not None:
        wanted = wanted.where(Recording.desktop_id == desktop_id)
    if page.cursor is not None:
        wanted = wanted.where(Recording.id < page.cursor)
    return cut((await db.scalars(wanted)).all(), page.limit)


async def get_recording(db: AsyncSession, caller: Caller, recording_id: int) -> Recording:
    """Return a recording. Raises Problem 404, also for one that is out of the caller's reach."""
    recording: Recording | None = await db.scalar(_found().where(Recording.id == recording_id))
    if recording is None or not await caller.reaches(db, recording.owner_id):
        what = f"There is no recording {recording_id}. GET /api/v1/recordings lists those that there are."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="unknown-recording")
    return recording


def require_ended(recording: Recording) -> None:
    """Raise Problem 409 while it is being recorded."""
    if recording.ended_at is None:
        what = "This is being recorded still. Delete it once it has ended: when the desktop's page is left."
        raise Problem(HTTPStatus.CONFLICT, what, kind="recording-goes-on")


def require_file(path: Path) -> None:
    """Raise Problem 404 where a recording has no file here."""
    if not path.is_file():
        what = "This recording has no file on this server: nothing was shown yet, or another server has it."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-file")


def note_look(db: AsyncSession, clock: Clock, recording: Recording, user: User) -> None:
    """Write down that somebody was given a recording, for its owner to see."""
    db.add(Look(recording_id=recording.id, user_id=user.id, at=clock.now()))
