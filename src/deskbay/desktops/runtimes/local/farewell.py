"""Time for a desktop's programs to put their things away before it ends."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from deskbay.desktops.runtimes.local.processes import readable

_SECONDS = 1.0


async def ask_to_leave(first: int) -> None:
    """Ask the programs in a sandbox to end, given its first process, and give them a second.

    What they need for that stays: the display server, the session bus, and the session that keeps the sandbox alive.
    """
    start_script, *orphans = _children(first) or [first]
    kept = {start_script, *_children(start_script)}
    programs = {*orphans, *_descendants(first)} - kept
    with ExitStack() as handles, suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            await asyncio.gather(*[readable(handle) for handle in _asked(programs, handles)])


def _asked(programs: set[int], handles: ExitStack) -> Iterator[int]:
    for program in programs:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(program)
            handles.callback(os.close, handle)
            signal.pidfd_send_signal(handle, signal.SIGTERM)
            yield handle


def _children(process: int) -> list[int]:
    """Eldest first."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def _descendants(process: int) -> Iterator[int]:
    for child in _children(process):
        yield child
        yield from _descendants(child)
