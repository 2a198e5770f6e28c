"""Processes that outlive the server: started in a session of their own, reaped when they end."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

_STANDARD_ERROR = 2


@dataclass(frozen=True, slots=True)
class Streams:
    """The open files that a process starts with, by number: input (None: nothing to read), output, errors, others."""

    output: int
    errors: int
    input: int | None = None
    kept: Sequence[int] = ()


class Child:
    """A process that this server started, leading a process group of its own, which ends with it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = False
        self._handle = os.pidfd_open(pid)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._handle, self._reap)

    def _reap(self) -> None:
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        # Before it is waited for, as its number names the group surely only until then.
        os.killpg(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)
        self.ended = True

    def kill(self) -> None:
        """End the process and all in its group."""
        if not self.ended:
            os.killpg(self.pid, SIGKILL)


def start(arguments: list[str], environment: Mapping[str, str], streams: Streams) -> Child:
    """Start a program found on PATH. Raises OSError when it can't be."""
    _keep_inherited_files()
    actions = [
        _open_input(streams.input),
        (os.POSIX_SPAWN_DUP2, streams.output, 1),
        (os.POSIX_SPAWN_DUP2, streams.errors, 2),
        # A file given its own number stays open in the new process; all others close.
        *((os.POSIX_SPAWN_DUP2, kept, kept) for kept in streams.kept),
    ]
    pid = os.posix_spawnp(arguments[0], arguments, environment, file_actions=actions, setsid=True)
    return Child(pid)


def _open_input(descriptor: int | None) -> tuple[int, ...] | tuple[int, int, str, int, int]:
    if descriptor is None:
        return (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return (os.POSIX_SPAWN_DUP2, descriptor, 0)


def _keep_inherited_files() -> None:
    """See that no child gets the files which this server was itself started with, but the first three."""
    with os.scandir("/proc/self/fd") as files:
        for file in files:
            with suppress(OSError):
                if int(file.name) > _STANDARD_ERROR:
                    os.set_inheritable(int(file.name), False)


@contextmanager
def appending(file: Path) -> Iterator[int]:
    """A file to add to, made if need be for this user alone."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    """The reading and the writing end of a pipe, closed afterwards."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


async def readable(descriptor: int) -> None:
    """Wait until there is something to read, a pipe's other end is closed, or the process of a handle has ended."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


async def start_and_hear(begin: Callable[[int], Child]) -> Child:
    """Start a process with the writing end of a pipe, and wait until it says something there.

    Raises ChildProcessError when it closes the pipe without a word.
    """
    heard, told = os.pipe()
    try:
        try:
            child = begin(told)
        finally:
            os.close(told)
        try:
            await readable(heard)
        except BaseException:
            child.kill()
            raise
        if os.read(heard, 1):
            return child
    finally:
        os.close(heard)
    child.kill()
    raise ChildProcessError
