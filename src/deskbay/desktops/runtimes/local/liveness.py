"""Which processes live, by the kernel's word alone: the lock that a sandbox's first process holds until it ends.

No process number is ever written down, so none can be stale, reused or forged. People inside can't remove the first
process' lock; at most they add locks of their own, which is why a holder is followed up to the sandbox's first process.
"""

import asyncio
import fcntl
import os
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
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


def _handle_of_holder(lock: Path) -> int | None:
    """An open handle of the first process of the sandbox that holds the lock."""
    held_by = holder(lock)
    first = None if held_by is None else first_process(held_by)
    if first is None:
        return None
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(first)
        # Asked again, as the number may have passed to another process before the handle was had.
        if holder(lock) == held_by:
            return handle
        os.close(handle)
    return None


async def kill_holder(lock: Path) -> None:
    """End the sandbox that holds the lock and wait until all its processes are gone.

    The lock is free a little earlier than that: the first process gives up its files before it sees the others off.
    """
    while holder(lock) is not None:
        handle = _handle_of_holder(lock)
        if handle is None:
            await asyncio.sleep(_POLL_SECONDS)
            continue
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            await readable(handle)
        except ProcessLookupError:
            continue
        finally:
            os.close(handle)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the kernel does within a few milliseconds."""
    while not condition():  # noqa: ASYNC110 - nothing tells when a lock is given up
        await asyncio.sleep(_POLL_SECONDS)
