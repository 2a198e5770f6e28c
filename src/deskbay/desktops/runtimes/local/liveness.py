"""Which processes live, by the kernel's word alone: the locks that it takes from them when they end.

No process number is ever written down, so none can be stale, reused or forged. Two kinds of lock tell:

- a *lock* is taken by the first process inside a sandbox, and names that process. People inside can't take it away;
  at most they add locks of their own, which is why a holder is followed up to the sandbox's first process.
- a *claim* is taken by the server before it starts a process and passes on to it and to all that it starts. It names
  nobody, but there is no moment between the start and the first lock at which a desktop could be overlooked.
"""

import asyncio
import fcntl
import os
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deskbay.desktops.runtimes.local.processes import readable

_FLOCK = "hhqqi4x"
"""struct flock of 64-bit Linux: type, whence, start, length, process."""

_POLL_SECONDS = 0.002


def holder(lock: Path) -> int | None:
    """A process that holds the lock, or None when nobody does."""
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        question = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, process = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    finally:
        os.close(descriptor)
    return None if kind == fcntl.F_UNLCK else process


@contextmanager
def claimed(file: Path) -> Iterator[int]:
    """A file to add to, claimed by this process and by all that get it from here. Raises BlockingIOError if it was."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    finally:
        os.close(descriptor)


def is_claimed(file: Path) -> bool:
    """Whether a process lives that has the claim."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at once don't take each other for the claim.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def first_process(process: int) -> int | None:
    """The first process of the process namespace right below ours that a process lives in; None when it is gone."""
    depth = len(_status("self", "NSpid")) + 1
    try:
        while (numbers := _status(str(process), "NSpid"))[depth - 1 :] != ["1"]:
            if len(numbers) < depth:
                return None
            process = int(_status(str(process), "PPid")[0])
    except (FileNotFoundError, ProcessLookupError):
        return None
    return process


def _status(process: str, field: str) -> list[str]:
    for line in Path("/proc", process, "status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return value.split()
    raise ProcessLookupError(process)


def first_process_of(lock: Path) -> int | None:
    """The first process of the sandbox that holds the lock."""
    held_by = holder(lock)
    return None if held_by is None else first_process(held_by)


def _handle_of(lock: Path) -> int | None:
    """An open handle of the first process of the sandbox that holds the lock."""
    first = first_process_of(lock)
    if first is None:
        return None
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(first)
        # Asked again, as the number may have passed to another process before the handle was had.
        if first_process_of(lock) == first:
            return handle
        os.close(handle)
    return None


async def kill_holder(lock: Path) -> None:
    """End the sandbox that holds the lock, if there is one, and wait until all its processes are gone.

    The lock is free a little earlier than that: the first process gives up its files before it sees the others off.
    """
    handle = _handle_of(lock)
    if handle is None:
        return
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        await readable(handle)
    except ProcessLookupError:
        return
    finally:
        os.close(handle)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the kernel does within a few milliseconds."""
    while not condition():  # noqa: ASYNC110 - nothing tells when a lock is given up
        await asyncio.sleep(_POLL_SECONDS)
