"""Screens of desktops on an engine elsewhere: for each a socket on this host, whose connections the engine carries.

No port is open there, and nobody needs rights on that host beside the engine's own.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from aiodocker import DockerError
from aiodocker.stream import Stream

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.tunnels import PIECE, Tunnel, first_end_of

COMMAND = ["python3", "-ISE", "-c", Path(__file__).with_name("carry.py").read_text()]
OUTPUT = 1


class Screens:
    """The screens of one engine, with their sockets below a folder."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._open: dict[UUID, Tunnel] = {}

    async def open(self, desktop: UUID, container: str) -> Path:
        """Return the socket that leads to the screen of a container."""
        if desktop not in self._open:

            async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                with suppress(Unreachable, DockerError, OSError):
                    async with await self._engine.conversation(container, COMMAND) as stream:
                        await first_end_of(_carry_in(reader, stream), _carry_out(stream, writer))

            self._open[desktop] = Tunnel(self._folder / desktop.hex / "vnc", carry)
        await self._open[desktop].open()
        return self._open[desktop].path

    def close(self, desktop: UUID) -> None:
        """Close a screen for everyone who looks at it."""
        if screen := self._open.pop(desktop, None):
            screen.close()

    def close_all(self) -> None:
        for desktop in list(self._open):
            self.close(desktop)


async def _carry_in(reader: asyncio.StreamReader, stream: Stream) -> None:
    while data := await reader.read(PIECE):
        await stream.write_in(data)


async def _carry_out(stream: Stream, writer: asyncio.StreamWriter) -> None:
    while message := await stream.read_out():
        if message.stream == OUTPUT:
            writer.write(message.data)
            await writer.drain()
