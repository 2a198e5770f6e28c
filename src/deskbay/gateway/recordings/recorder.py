"""Writes what a relay shows to a file, and never holds the relay up."""

import asyncio
import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.gateway.recordings.formats import beginning_of, framing_of
from deskbay.gateway.recordings.models import RecordingEnd
from deskbay.kit.clock import Clock

MOST_WAITING = 16 * 1024 * 1024
"""Bytes that may wait for a disk. A disk that is so far behind is too slow to record on."""
FLUSH_SECONDS = 1.0
"""What is shown is in the file after so long at the latest, if the disk keeps up."""
CLOSE_SECONDS = 10.0
"""For so long the end of a connection waits for the disk."""
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MILLISECOND = timedelta(milliseconds=1)


class Recorder:
    """One recording being made. Everything of the disk happens in one thread of its own, in order.

    `open_file` returns the descriptor of a new file, and is called there with the first that is to be written.
    """

    def __init__(self, open_file: Callable[[], int], protocol: DisplayProtocol, clock: Clock) -> None:
        self._open_file, self._clock, self._began_at = open_file, clock, clock.now()
        self._frame, self._beginning = framing_of(protocol), beginning_of(protocol)
        self._waiting = bytearray()
        self._being_written = 0
        self._file: int | None = None
        self._news, self._is_over = asyncio.Event(), asyncio.Event()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recording")
        self._writing = asyncio.create_task(self._write_on())
        self.end: RecordingEnd | None = None
        self.bytes = 0

    def take(self, shown: memoryview) -> None:
        """Record what is shown now. Neither blocks nor raises; once it has ended it does nothing."""
        if self.end is not None:
            return
        if len(self._waiting) + self._being_written + len(shown) > MOST_WAITING:
            self.end = RecordingEnd.TOO_SLOW
            return
        milliseconds = (self._clock.now() - self._began_at) // MILLISECOND
        self._waiting += self._beginning + self._frame(bytes(shown), milliseconds)
        self._beginning = b""
        self._news.set()

    async def close(self) -> RecordingEnd:
        """Write what is left, and tell why the recording ended. Nothing is shown to it any more."""
        self._is_over.set()
        self._news.set()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.shield(self._writing)
        except TimeoutError:
            self.end = self.end or RecordingEnd.TOO_SLOW
            self._writing.cancel()
        self._disk.submit(self._close_file)
        self._disk.shutdown(wait=False)
        self.end = self.end or RecordingEnd.LEFT
        return self.end

    async def _write_on(self) -> None:
        while not (self._is_over.is_set() and not self._news.is_set()):
            await self._news.wait()
            self._news.clear()
            try:
                await self._flush()
            except OSError as error:
                self.end = RecordingEnd.NO_ROOM if error.errno in NO_ROOM else RecordingEnd.DISK_FAILED
                self._waiting.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._is_over.wait()

    async def _flush(self) -> None:
        if not self._waiting:
            return
        chunk, self._waiting = self._waiting, bytearray()
        self._being_written = len(chunk)
        await asyncio.get_running_loop().run_in_executor(self._disk, self._write, chunk)
        self._being_written = 0

    def _write(self, chunk: bytearray) -> None:
        if self._file is None:
            self._file = self._open_file()
        rest = memoryview(chunk)
        while rest:
            written = os.write(self._file, rest)
            self.bytes += written
            rest = rest[written:]

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
