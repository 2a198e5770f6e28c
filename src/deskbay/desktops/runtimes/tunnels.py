"""Sockets and ports on this host that lead elsewhere: whoever connects is carried to another place."""

import asyncio
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import Unreachable

PIECE = 65536
LOOPBACK = "127.0.0.1"

Carry = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Tunnel(ABC):
    """A place at which this host listens. `carry` is called for each connection, which ends with it."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._carrying: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Listen, in place of whoever did so before. Does nothing when it listens. Once closed, raises Unreachable."""
        if self._is_closed:
            raise Unreachable("The connection was closed meanwhile. Try again.")
        if self._server is None:
            self._server = await self._listen()
        await self._server.start_serving()

    @abstractmethod
    async def _listen(self) -> asyncio.Server:
        """Return what is to listen. It waits for nothing: broken off midway, a listener would be nobody's."""

    def close(self) -> None:
        """End all that goes through it, for good: who still asks for it opens nothing anew."""
        self._is_closed = True
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for task in self._carrying:
            task.cancel()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._end_with(writer, self._carry(reader, writer)))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _end_with(self, writer: asyncio.StreamWriter, carrying: Awaitable[None]) -> None:
        try:
            await carrying
        finally:
            writer.close()


class SocketTunnel(Tunnel):
    """A socket at a path, for this user alone."""

    def __init__(self, path: Path, carry: Carry) -> None:
        super().__init__(carry)
        self.path = path

    async def _listen(self) -> asyncio.Server:
        listener = _bound(self.path)
        try:
            self._inode = self.path.stat().st_ino
            return await asyncio.start_unix_server(self._take, sock=listener, start_serving=False)
        except BaseException:
            listener.close()
            raise

    def close(self) -> None:
        if self._server is not None:
            with suppress(FileNotFoundError):
                if self.path.stat().st_ino == self._inode:  # else another server listens there
                    self.path.unlink()
        super().close()


class PortTunnel(Tunnel):
    """A port of this host's loopback that the system chooses: for who speaks with ports alone, as guacd does."""

    port: int

    async def _listen(self) -> asyncio.Server:
        listener = socket.create_server((LOOPBACK, 0))
        try:
            self.port = listener.getsockname()[1]
            return await asyncio.start_server(self._take, sock=listener, start_serving=False)
        except BaseException:
            listener.close()
            raise


class Screens:
    """The screens of desktops elsewhere: for each a place on this host, as long as it is looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sockets: dict[UUID, SocketTunnel] = {}
        self._ports: dict[UUID, PortTunnel] = {}

    async def open(self, desktop: UUID, carry: Carry) -> Path:
        """Return the socket, below the folder, that leads to a screen, which is reached by `carry`."""
        if desktop not in self._sockets:
            self._sockets[desktop] = SocketTunnel(self._folder / desktop.hex / "vnc", carry)
        await self._sockets[desktop].open()
        return self._sockets[desktop].path

    async def open_port(self, desktop: UUID, carry: Carry) -> int:
        """Return the port of the loopback that leads to a screen, which is reached by `carry`."""
        if desktop not in self._ports:
            self._ports[desktop] = PortTunnel(carry)
        await self._ports[desktop].open()
        return self._ports[desktop].port

    def close(self, desktop: UUID) -> None:
        """Close a screen for everyone who looks at it."""
        for screen in (self._sockets.pop(desktop, None), self._ports.pop(desktop, None)):
            if screen is not None:
                screen.close()

    def close_all(self) -> None:
        for desktop in [*self._sockets, *self._ports]:
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
