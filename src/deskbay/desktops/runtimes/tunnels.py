"""Sockets on this host that lead elsewhere: whoever connects is carried to another place."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import Unreachable

PIECE = 65536

Carry = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Tunnel:
    """A socket at a path, for this user alone. `carry` is called for each connection, which ends with it."""

    def __init__(self, path: Path, carry: Carry) -> None:
        self.path = path
        self._carry = carry
        self._carrying: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Listen, in place of whoever did so before. Does nothing when it listens. Once closed, raises Unreachable."""
        if self._is_closed:
            raise Unreachable("The connection was closed meanwhile. Try again.")
        if self._server is None:
            self._server = await self._bind()
        await self._server.start_serving()

    async def _bind(self) -> asyncio.Server:
        """Return what is to listen. It waits for nothing: broken off midway, a listener would be nobody's."""
        listener = _bound(self.path)
        try:
            self._inode = self.path.stat().st_ino
            return await asyncio.start_unix_server(self._take, sock=listener, start_serving=False)
        except BaseException:
            listener.close()
            raise

    def close(self) -> None:
        """End all that goes through it, for good: who still asks for it opens nothing anew."""
        self._is_closed = True
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for task in self._carrying:
            task.cancel()
        with suppress(FileNotFoundError):
            if self.path.stat().st_ino == self._inode:  # else another server listens there
                self.path.unlink()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._end_with(writer, self._carry(reader, writer)))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _end_with(self, writer: asyncio.StreamWriter, carrying: Awaitable[None]) -> None:
        try:
            await carrying
        finally:
            writer.close()


class Screens:
    """The screens of desktops elsewhere: for each a socket below a folder, as long as it is looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[UUID, Tunnel] = {}

    async def open(self, desktop: UUID, carry: Carry) -> Path:
        """Return the socket that leads to a screen, which is reached by `carry`."""
        if desktop not in self._open:
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


async def first_end_of(*ways: Coroutine[None, None, None]) -> None:
    """Run all until one of them ends. What it raises is raised here."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def _bound(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path.parent, os.O_PATH)
    listener = socket.socket(socket.AF_UNIX)
    try:
        # By way of the descriptor: the whole path may be longer than a socket's may be.
        listener.bind(f"/proc/self/fd/{descriptor}/{path.name}")
        path.chmod(0o600)
    except OSError:
        listener.close()
        raise
    finally:
        os.close(descriptor)
    return listener
