"""Bytes between a browser's WebSocket and a desktop's VNC server on a Unix socket, both ways, with back-pressure."""

import asyncio
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from starlette.websockets import WebSocket
from websockets.frames import CloseCode
from websockets.typing import BytesLike

from deskbay.gateway.protocol import ClientEnd, connection_of
from deskbay.gateway.sockets import address_of

READ_SIZE = 256 * 1024
HEAD_ROOM = 10
"""Bytes kept free before the payload for the longest header of an unmasked frame (RFC 6455, 5.2)."""
FINAL_BINARY = 0x82
LENGTH_IN_16_BITS, LENGTH_IN_64_BITS = 126, 127
CONNECT_TIMEOUT = 5.0
NOT_RUNNING = 4409
"""Close code for a desktop that doesn't answer."""
CLOSE_TIMEOUT = 5.0
"""Seconds for the desktop to take what the client sent last."""


class RelayEnd(StrEnum):
    """Why a relay ended."""

    CLIENT_CLOSED = "client closed"
    CLIENT_LOST = "client lost"
    CLIENT_MISBEHAVED = "client misbehaved"
    DESKTOP_CLOSED = "desktop closed"
    DESKTOP_UNREACHABLE = "desktop unreachable"
    ENDED = "ended"


CLIENT_ENDS = {
    ClientEnd.CLOSED: RelayEnd.CLIENT_CLOSED,
    ClientEnd.LOST: RelayEnd.CLIENT_LOST,
    ClientEnd.MISBEHAVED: RelayEnd.CLIENT_MISBEHAVED,
}


@dataclass(frozen=True)
class Ending:
    """Why the relay ends, and the close code and reason (up to 123 bytes) for the client."""

    end: RelayEnd
    code: int = CloseCode.GOING_AWAY
    reason: str = ""


@dataclass(frozen=True)
class RelayReport:
    """Why a relay ended, and the payload it carried each way, in bytes."""

    end: RelayEnd
    to_client: int
    to_desktop: int


class Relay(asyncio.BufferedProtocol):
    """One client on one desktop. The relay is the asyncio protocol of the desktop's side, the tenant of the client's.

    Neither side is read while the other one is blocked, so what a relay holds is bounded.
    """

    def __init__(self, desktop: Path) -> None:
        self._path = desktop
        self._loop = asyncio.get_running_loop()
        self._ending: asyncio.Future[Ending] = self._loop.create_future()
        self._desktop_gone = asyncio.Event()
        self._memory = memoryview(bytearray(HEAD_ROOM + READ_SIZE))
        self._to_client = self._to_desktop = 0

    async def run(self, websocket: WebSocket) -> RelayReport:
        """Relay until a side ends, then close both. The WebSocket has to be accepted, and nothing more is sent on it.

        When the task is cancelled the client is told 1001. RuntimeError when the server can't relay.
        """
        self._client = connection_of(websocket)
        try:
            with address_of(self._path) as address:
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    self._desktop, _ = await self._loop.create_unix_connection(lambda: self, address)
        except OSError:
            self._finish(Ending(RelayEnd.DESKTOP_UNREACHABLE, NOT_RUNNING, "The desktop does not answer."))
            return self._close_client()
        return await self._relay()

    def end(self, code: int, reason: str) -> None:
        """End it from outside, telling the client `code` and `reason` (up to 123 bytes). Nothing if it is ending."""
        self._finish(Ending(RelayEnd.ENDED, code, reason))

    async def _relay(self) -> RelayReport:
        try:
            await self._client.take_over(self)
            await asyncio.wait([self._ending])
        finally:
            self._finish(Ending(RelayEnd.ENDED))
            report = self._close_client()
            await self._close_desktop()
        return report

    def _finish(self, ending: Ending) -> None:
        if not self._ending.done():
            self._ending.set_result(ending)

    def _close_client(self) -> RelayReport:
        ending = self._ending.result()
        self._client.close(ending.code, ending.reason)
        return RelayReport(ending.end, self._to_client, self._to_desktop)

    async def _close_desktop(self) -> None:
        self._desktop.close()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await self._desktop_gone.wait()
        except TimeoutError:
            self._desktop.abort()

    # What the desktop's transport calls.

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the size is ours
        return self._memory[HEAD_ROOM:]

    def buffer_updated(self, nbytes: int) -> None:
        if not self._ending.done():
            self._to_client += nbytes
            self._client.send_frame(frame_in_place(self._memory, nbytes))

    def pause_writing(self) -> None:
        self._client.pause_reading()

    def resume_writing(self) -> None:
        self._client.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - gone is gone
        self._finish(Ending(RelayEnd.DESKTOP_CLOSED, reason="The desktop closed the connection."))
        self._desktop_gone.set()

    # What the client's connection calls.

    def client_sent(self, payload: BytesLike) -> None:
        if not self._ending.done():
            self._to_desktop += len(payload)
            self._desktop.write(payload)

    def client_sent_text(self) -> None:
        self._finish(Ending(RelayEnd.CLIENT_MISBEHAVED, CloseCode.UNSUPPORTED_DATA, "Send binary frames only."))

    def client_blocked(self) -> None:
        self._desktop.pause_reading()

    def client_drained(self) -> None:
        self._desktop.resume_reading()

    def client_ended(self, end: ClientEnd) -> None:
        self._finish(Ending(CLIENT_ENDS[end]))

    def server_stops(self) -> None:
        self.end(CloseCode.SERVICE_RESTART, "The server is stopping.")


def frame_in_place(memory: memoryview, size: int) -> memoryview:
    """The WebSocket frame of the `size` bytes of payload after the head-room, its header written right before them."""
    if size < LENGTH_IN_16_BITS:
        start = HEAD_ROOM - 2
        struct.pack_into("!BB", memory, start, FINAL_BINARY, size)
    elif size < 1 << 16:
        start = HEAD_ROOM - 4
        struct.pack_into("!BBH", memory, start, FINAL_BINARY, LENGTH_IN_16_BITS, size)
    else:
        start = HEAD_ROOM - 10
        struct.pack_into("!BBQ", memory, start, FINAL_BINARY, LENGTH_IN_64_BITS, size)
    return memory[start : HEAD_ROOM + size]
