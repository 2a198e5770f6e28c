"""Recordings being made, on disks that are well, full, slow and not there."""

import asyncio
import os
import struct
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from tests.clock import FrozenClock
from tests.gateway.doubles import until

from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.gateway.recordings import recorder as recorder_module
from deskbay.gateway.recordings.formats import MAGIC, WELCOME
from deskbay.gateway.recordings.models import RecordingEnd
from deskbay.gateway.recordings.recorder import MOST_WAITING, Recorder

Make = Callable[..., Recorder]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "recording"


@pytest.fixture
async def make(file: Path, clock: FrozenClock) -> AsyncIterator[Make]:
    made: list[Recorder] = []

    def make(path: Path = file, flags: int = os.O_CREAT, protocol: DisplayProtocol = DisplayProtocol.VNC) -> Recorder:
        made.append(Recorder(partial(os.open, path, os.O_WRONLY | flags, 0o600), protocol, clock))
        return made[-1]

    yield make
    await asyncio.gather(*(one.close() for one in made if one.end is None))


def blocks(content: bytes) -> list[tuple[int, bytes]]:
    """What an FBS file has, with the times in milliseconds; what is not whole at the end is left out."""
    at, found = len(MAGIC), []
    while at + 4 <= len(content):
        (size,) = struct.unpack_from("!I", content, at)
        end = at + 4 + size + -size % 4
        if end + 4 > len(content):
            break
        found.append((struct.unpack_from("!I", content, end)[0], content[at + 4 : at + 4 + size]))
        at = end + 4
    return found


def written(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def has_blocks(file: Path, count: int) -> bool:
    return len(blocks(written(file))) == count


async def test_each_piece_is_kept_with_its_time(make: Make, file: Path, clock: FrozenClock) -> None:
    recorder = make()
    recorder.take(memoryview(b"first"))
    clock.advance(milliseconds=1234)
    recorder.take(memoryview(b"second"))
    assert await recorder.close() is RecordingEnd.LEFT
    assert blocks(written(file)) == [(0, WELCOME), (0, b"first"), (1234, b"second")]
    assert recorder.bytes == len(written(file))


async def test_instructions_of_guacd_are_kept_as_they_are(make: Make, file: Path) -> None:
    recorder = make(protocol=DisplayProtocol.RDP)
    for whole in (b"4.size,1.0,3.640,3.400;", b"4.sync,5.12345;"):
        recorder.take(memoryview(whole))
    await recorder.close()
    assert written(file) == b"4.size,1.0,3.640,3.400;4.sync,5.12345;"


async def test_what_was_shown_is_in_the_file_while_it_goes_on(make: Make, file: Path) -> None:
    recorder = make()
    for count, piece in enumerate((b"first", b"second"), start=2):
        recorder.take(memoryview(piece))
        await until(partial(has_blocks, file, count))
    assert recorder.end is None


async def test_memory_that_changes_afterwards_is_no_matter(make: Make, file: Path) -> None:
    recorder, memory = make(), bytearray(b"as it was")
    recorder.take(memoryview(memory))
    memory[:] = b"different"
    await recorder.close()
    assert blocks(written(file))[-1] == (0, b"as it was")


async def test_nothing_shown_leaves_no_file(make: Make, file: Path) -> None:
    assert await make().close() is RecordingEnd.LEFT
    assert written(file) == b""


async def test_a_full_disk(make: Make) -> None:
    recorder = make(Path("/dev/full"), 0)
    recorder.take(memoryview(b"too much"))
    await until(lambda: recorder.end is not None)
    recorder.take(memoryview(b"more"))  # which is no trouble to who shows it
    assert await recorder.close() is RecordingEnd.NO_ROOM
    assert recorder.bytes == 0


async def test_a_folder_that_is_not_there(make: Make, tmp_path: Path) -> None:
    recorder = make(tmp_path / "gone" / "recording")
    recorder.take(memoryview(b"nowhere to go"))
    assert await recorder.close() is RecordingEnd.DISK_FAILED


async def test_a_disk_that_hangs_holds_nothing_up_and_takes_no_more_memory(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "CLOSE_SECONDS", 0.1)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    recorder = make(pipe, 0)
    piece = memoryview(bytes(1024 * 1024))
    for _ in range(2 * MOST_WAITING // len(piece)):
        recorder.take(piece)
        await asyncio.sleep(0)
    assert recorder.end is RecordingEnd.TOO_SLOW
    assert await recorder.close() is RecordingEnd.TOO_SLOW
    os.close(reader)  # which ends the write that hangs
