"""Recordings whose server died, and those that are too old."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.gateway.recordings.test_recorder import blocks

from deskbay.gateway.entering import Visitor
from deskbay.gateway.recordings.formats import WELCOME
from deskbay.gateway.recordings.keeper import RecordingKeeper, last_written
from deskbay.gateway.recordings.models import Recording, RecordingEnd
from deskbay.gateway.recordings.service import Recordings
from deskbay.settings import Settings

DIES = """
import asyncio, os, signal, sys
from functools import partial
from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.gateway.recordings.recorder import Recorder
from deskbay.kit.clock import SystemClock

async def die():
    opening = partial(os.open, sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)
    recorder = Recorder(opening, DisplayProtocol.VNC, SystemClock())
    recorder.take(memoryview(b"shown before"))
    while not recorder.bytes:
        await asyncio.sleep(0.01)
    recorder.take(memoryview(b"shown last"))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(die())
"""


@pytest.fixture
def keeper(app: FastAPI, clock: FrozenClock, settings: Settings, recordings: Recordings) -> RecordingKeeper:
    return RecordingKeeper(app.state.database, clock, settings, recordings)


async def rows(app: FastAPI) -> list[Recording]:
    async with app.state.database.read() as db:
        return list(await db.scalars(select(Recording)))


@pytest.fixture
async def orphan(app: FastAPI, recorded: int) -> Recording:
    """A recording whose server died before it told of it."""
    async with app.state.database.write() as db:
        row: Recording = await db.get_one(Recording, recorded)
        row.ended_at, row.end, row.bytes, row.seen_at = None, None, 0, row.began_at
    return row


def write_last(recordings: Recordings, recording: Recording, seconds: float) -> int:
    """Have the file written last so many seconds after it began. Returns its bytes."""
    path, at = recordings.path_of(recording), recording.began_at.timestamp() + seconds
    os.utime(path, (at, at))
    return path.stat().st_size


async def test_one_whose_server_died_was_cut_off(
    app: FastAPI, keeper: RecordingKeeper, orphan: Recording, recordings: Recordings, clock: FrozenClock
) -> None:
    size = write_last(recordings, orphan, 4)
    clock.advance(seconds=60)
    await keeper.look()
    assert [row.end for row in await rows(app)] == [None]
    clock.advance(seconds=1)
    await keeper.look()
    (row,) = await rows(app)
    assert (row.end, row.bytes) == (RecordingEnd.CUT_OFF, size)
    assert row.ended_at == row.began_at + timedelta(seconds=4)


@pytest.mark.parametrize(("written", "ended"), [(-100, 0), (4, 4), (100, 10)], ids=["slow", "right", "fast"])
def test_the_clock_of_the_disk_is_not_trusted(tmp_path: Path, clock: FrozenClock, written: int, ended: int) -> None:
    seen_at, file = clock.now(), tmp_path / "recording"
    file.touch()
    os.utime(file, (seen_at.timestamp() + written,) * 2)
    assert last_written(seen_at, file.stat()) == seen_at + timedelta(seconds=ended)


async def test_one_whose_file_another_server_has_ended_when_it_was_told_of_last(
    app: FastAPI, keeper: RecordingKeeper, orphan: Recording, recordings: Recordings, clock: FrozenClock
) -> None:
    recordings.path_of(orphan).unlink()
    clock.advance(seconds=61)
    await keeper.look()
    (row,) = await rows(app)
    assert (row.end, row.ended_at) == (RecordingEnd.CUT_OFF, row.seen_at)


async def test_one_that_is_told_of_goes_on(
    app: FastAPI, keeper: RecordingKeeper, recordings: Recordings, visitor: Visitor, clock: FrozenClock
) -> None:
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
        clock.advance(seconds=59)
        await keeper.look()
        (row,) = await rows(app)
        assert row.ended_at is None


@pytest.mark.usefixtures("recorded")
async def test_it_goes_with_its_file_after_so_many_days(
    app: FastAPI, keeper: RecordingKeeper, clock: FrozenClock, recordings: Recordings
) -> None:
    (row,) = await rows(app)
    clock.advance(days=30)
    await keeper.look()
    assert await rows(app)
    clock.advance(seconds=1)
    await keeper.look()
    assert not await rows(app)
    assert not recordings.path_of(row).exists()


@pytest.mark.usefixtures("recorded")
async def test_without_a_limit_it_stays(
    app: FastAPI, settings: Settings, clock: FrozenClock, recordings: Recordings
) -> None:
    for_ever = settings.model_copy(update={"recording_days": None})
    clock.advance(days=9999)
    await RecordingKeeper(app.state.database, clock, for_ever, recordings).look()
    assert await rows(app)


@pytest.mark.usefixtures("recorded")
async def test_a_file_that_is_gone_already_is_no_trouble(
    app: FastAPI, keeper: RecordingKeeper, clock: FrozenClock, recordings: Recordings
) -> None:
    (row,) = await rows(app)
    recordings.path_of(row).unlink()
    clock.advance(days=31)
    await keeper.look()
    assert not await rows(app)


def test_what_was_flushed_can_be_read_after_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "recording"
    died = subprocess.run([sys.executable, "-c", DIES, str(file)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert [piece for _, piece in blocks(file.read_bytes())][:2] == [WELCOME, b"shown before"]
