"""The guard in front of an engine: until it is told to end."""

import asyncio
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from deskbay.cli.log import configure_log
from deskbay.desktops.runtimes.docker.guard.door import guarding, listening_at
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder


def run_guard(engine: Path, place: Path, folder: Path, announce: Callable[[], None]) -> None:
    """Guard an engine until SIGINT or SIGTERM. Raises Refusal when the socket or the folder can't be used."""
    configure_log()
    servers = ServersFolder.at(folder)
    with listening_at(place) as listener:
        asyncio.run(_guard(listener, engine, servers, announce))


async def _guard(listener: socket.socket, engine: Path, folder: ServersFolder, announce: Callable[[], None]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with guarding(listener, engine, folder):
        announce()
        await ended.wait()
