"""A host and the one connection with it, made when it is needed and anew when it was lost."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import uuid4

import asyncssh

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.ssh.login import Login
from deskbay.desktops.runtimes.ssh.troubles import explained
from deskbay.desktops.runtimes.tunnels import PIECE, first_end_of

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds for which a host that could not be entered is left alone, each time twice as long: some shut others out."""
DOOR = "server.sock"

Result = TypeVar("Result")


class Host:
    """Leads to sockets there, and from sockets there to one here."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._connection: asyncssh.SSHClientConnection | None = None
        self._connecting: asyncio.Task[asyncssh.SSHClientConnection] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._doors: dict[str, Path] = {}
        self._making_doors = asyncio.Lock()
        self._is_closed = False
        self._trouble: Unreachable | None = None
        self._pause = FIRST_PAUSE
        self._again_at = 0.0

    @property
    def name(self) -> str:
        """What people are told of it."""
        return self._login.name

    async def reach(self) -> asyncssh.SSHClientConnection:
        """Return the connection. Raises Unreachable, also once it was closed for good.

        Who can't wait any longer leaves it to go on: a host may be slower than the patience of one question.
        """
        if self._is_closed:
            raise Unreachable(f"The connection with {self.name} was closed meanwhile. Try again.")
        if self._connection is not None and not self._connection.is_closed():
            return self._connection
        if self._trouble is not None and asyncio.get_running_loop().time() < self._again_at:
            raise Unreachable(str(self._trouble)) from self._trouble
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._connected)
        return await asyncio.shield(self._connecting)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: str) -> None:
        """Carry a connection to a socket there, until a side ends it. Raises Unreachable."""
        connection = await self.reach()
        async with explained(self._login, f"Nothing answers there at {there}: start it, or correct the path"):
            far_reader, far_writer = await connection.open_unix_connection(there, encoding=None)
        try:
            with suppress(asyncssh.Error, OSError):
                await first_end_of(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            far_writer.close()

    async def open_door(self, folder: str, here: Path) -> str:
        """Return the path of a folder below the home there, with a socket that leads here for who sees the folder.

        It is made anew whenever the connection was lost. Raises Unreachable.
        """
        connection = await self.reach()
        async with self._making_doors:  # two at once would each take the other's away
            if folder not in self._doors:
                await self._make_door(connection, folder, here)
                self._doors[folder] = here
        return await self._path_of(connection, folder)

    async def put(self, folder: str, name: str, content: bytes) -> str:
        """Return the path of a file in a folder below the home there, made whole at once where it is not there.

        Raises Unreachable.
        """
        connection = await self.reach()
        trouble = "No file can be put there: sshd needs its sftp, and the disk room"
        async with explained(self._login, trouble), connection.start_sftp_client() as sftp:
            await sftp.makedirs(folder, exist_ok=True)
            path = f"{await sftp.realpath(folder)}/{name}"
            if not await sftp.exists(path):
                draft = f"{path}.{uuid4().hex}"
                async with sftp.open(draft, "wb") as file:
                    await file.write(content)
                await sftp.posix_rename(draft, path)
            return path

    async def run(self, command: str) -> asyncssh.SSHClientProcess[str]:
        """Begin a program there. The account's own shell reads the command: nothing of a person's may be in it.

        Raises Unreachable.
        """
        connection = await self.reach()
        async with explained(self._login, "Programs can't be run there: sshd or the account forbids it"):
            return await connection.create_process(command)

    async def close(self) -> None:
        """End the connection, and all that goes through it, for good."""
        self._is_closed = True
        await _broken_off(self._connecting)
        await _broken_off(self._keeping)  # after that, which may have begun it
        if self._connection is not None:
            self._connection.close()
            await self._connection.wait_closed()

    async def _connect(self) -> asyncssh.SSHClientConnection:
        async with explained(self._login):
            connection = await self._login.sign_in()
        try:
            async with self._making_doors:
                for folder, here in self._doors.items():
                    await self._make_door(connection, folder, here)
        except BaseException:
            connection.abort()
            raise
        return connection

    def _connected(self, connecting: asyncio.Task[asyncssh.SSHClientConnection]) -> None:
        self._connecting = None
        if connecting.cancelled():
            return
        error = connecting.exception()
        if isinstance(error, Unreachable):
            self._trouble = error
            self._again_at = asyncio.get_running_loop().time() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        elif error is None:
            self._trouble, self._pause = None, FIRST_PAUSE
            self._connection = connecting.result()
            if self._keeping is None:
                self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        """Connect again whenever the connection is lost: agents there have no other way."""
        while True:
            if self._connection is not None:
                await self._connection.wait_closed()
            with suppress(Unreachable):
                await self.reach()
                continue
            await asyncio.sleep(self._pause)

    async def _make_door(self, connection: asyncssh.SSHClientConnection, folder: str, here: Path) -> None:
        trouble = "No socket can be made there: sshd needs its sftp, and AllowStreamLocalForwarding"
        async with explained(self._login, trouble), connection.start_sftp_client() as sftp:
            await sftp.makedirs(folder, exist_ok=True)
            await sftp.chmod(folder, 0o711)
            socket = f"{await sftp.realpath(folder)}/{DOOR}"
            with suppress(asyncssh.SFTPNoSuchFile):
                await sftp.remove(socket)
            await connection.forward_remote_path(str(socket), str(here))
            await sftp.chmod(socket, 0o666)

    async def _path_of(self, connection: asyncssh.SSHClientConnection, folder: str) -> str:
        async with explained(self._login), connection.start_sftp_client() as sftp:
            return str(await sftp.realpath(folder))


async def _broken_off(task: asyncio.Task[Result] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Source(Protocol):
    async def read(self, n: int = -1, /) -> bytes: ...


class _Sink(Protocol):
    def write(self, data: bytes, /) -> None: ...

    async def drain(self) -> None: ...


async def _copy(source: _Source, sink: _Sink) -> None:
    while data := await source.read(PIECE):
        sink.write(data)
        await sink.drain()
