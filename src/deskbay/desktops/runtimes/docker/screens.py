"""Screens of desktops on an engine elsewhere: for each a socket on this host, whose connections the engine carries.

No port is open there, and nobody needs rights on that host beside the engine's own.
"""

import asyncio
import os
import socket
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from aiodocker import DockerError
from aiodocker.stream import Stream

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.docker.engine import Engine

COMMAND = ["python3", "-ISE", "-c", Path(__file__).with_name("carry.py").read_text()]
PIECE = 65536
OUTPUT = 1


@dataclass(slots=True)
class _Screen:
    """A listening socket and what goes on behind it."""

    path: Path
    inode: int
    server: asyncio.Server
    carrying: set[asyncio.Task[None]] = field(default_factory=set)


class Screens:
    """The screens of one engine, with their sockets below a folder."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._open: dict[UUID, _Screen] = {}

    async def open(self, desktop: UUID, container: str) -> Path:
        """Return the socket that leads to the screen of a container."""
        if desktop not in self._open:
            path = self._folder / desktop.hex / "vnc"
            listener = _listen(path)
            server = await asyncio.start_unix_server(
                lambda reader, writer: self._carry(desktop, container, reader, writer), sock=listener
            )
            self._open[desktop] = _Screen(path, path.stat().st_ino, server)
        return self._open[desktop].path

    def close(self, desktop: UUID) -> None:
        """Close a screen for everyone who looks at it."""
        if screen := self._open.pop(desktop, None):
            screen.server.close()
            for task in screen.carrying:
                task.cancel()
            with suppress(FileNotFoundError):
                if screen.path.stat().st_ino == screen.inode:  # else another server listens there
                    screen.path.unlink()

    def close_all(self) -> None:
        for desktop in list(self._open):
            self.close(desktop)

    async def _carry(
        self, desktop: UUID, container: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        screen = self._open.get(desktop)
        if task is None or screen is None:
            writer.close()
            return
        screen.carrying.add(task)
        try:
            with suppress(Unreachable, DockerError, OSError):
                async with await self._engine.conversation(container, COMMAND) as stream:
                    await _first_end_of(_carry_in(reader, stream), _carry_out(stream, writer))
        finally:
            screen.carrying.discard(task)
            writer.close()


async def _first_end_of(*ways: Coroutine[None, None, None]) -> None:
    """Run both ways until one of them ends."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry_in(reader: asyncio.StreamReader, stream: Stream) -> None:
    while data := await reader.read(PIECE):
        await stream.write_in(data)


async def _carry_out(stream: Stream, writer: asyncio.StreamWriter) -> None:
    while message := await stream.read_out():
        if message.stream == OUTPUT:
            writer.write(message.data)
            await writer.drain()


def _listen(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    descriptor = os.open(path.parent, os.O_PATH)
    try:
        # By way of the descriptor: the whole path may be longer than a socket's may be.
        listener.bind(f"/proc/self/fd/{descriptor}/{path.name}")
    except OSError:
        listener.close()
        raise
    finally:
        os.close(descriptor)
    path.chmod(0o600)
    return listener
