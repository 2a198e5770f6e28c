"""A guacd that behaves as it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from deskbay.gateway.guacd.instructions import Cutter, elements_of, instruction

ID = "$260d01da-779b-4ee9-afc1-c16bae885cc7"
ARGUMENTS = ("VERSION_1_5_0", "hostname", "port", "username", "password", "ignore-cert", "no-such-setting")


class FakeGuacd:
    """Listens on loopback. `heard` has what it is told; after the handshake it does as `behaviour` says."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments or ARGUMENTS
        self.heard: asyncio.Queue[list[str]] = asyncio.Queue()
        self.greeting = instruction("ready", ID)
        self.behaviour: Callable[[asyncio.StreamWriter], Awaitable[None]] = self.stays
        self.left = asyncio.Event()

    async def stays(self, writer: asyncio.StreamWriter) -> None:  # noqa: ARG002
        await self.left.wait()

    def says(self, *pieces: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
        """The behaviour of one that says something in pieces, each by itself, and stays."""

        async def say(writer: asyncio.StreamWriter) -> None:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            await self.left.wait()

        return say

    async def hangs_up(self, writer: asyncio.StreamWriter) -> None:
        """End right after the handshake."""

    async def told(self, opcode: str) -> list[str]:
        """Return the arguments of the next instruction of a kind."""
        while True:
            first, *arguments = await self.heard.get()
            if first == opcode:
                return arguments

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hearing = asyncio.create_task(self._hear(reader, writer))
        self._tasks.add(hearing)
        try:
            await hearing
        finally:
            self.left.set()
            writer.close()

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cutter, rest = Cutter(), b""
        while data := await reader.read(65536):
            rest, start = rest + data, 0
            for end in cutter.cut(rest):
                await self._take(elements_of(rest[start:end]), writer)
                start = end
            rest = rest[start:]

    async def _take(self, told: list[str], writer: asyncio.StreamWriter) -> None:
        self.heard.put_nowait(told)
        if told[0] == "select":
            writer.write(instruction("args", *self.arguments))
        elif told[0] == "connect":
            writer.write(self.greeting)
            if self.behaviour == self.hangs_up:
                writer.close()
            elif self.behaviour != self.stays:
                self._tasks.add(asyncio.ensure_future(self.behaviour(writer)))
