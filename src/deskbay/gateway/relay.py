"""Bytes between a browser's WebSocket and a desktop, both ways, with back-pressure."""

import asyncio
import struct
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from starlette.websockets import WebSocket
from websockets.frames import CloseCode
from websockets.typing import BytesLike

from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtimes import Display, TcpDisplay
from deskbay.gateway.handshake import RfbError, Welcome, enter
from deskbay.gateway.protocol import ClientEnd, connection_of
from deskbay.gateway.sieves.encodings import Pixels
from deskbay.gateway.sieves.from_client import from_client
from deskbay.gateway.sieves.from_server import from_server
from deskbay.gateway.sieves.sieve import Sieve
from deskbay.gateway.sockets import connect_to

READ_SIZE = 256 * 1024
HEAD_ROOM = 10
"""Bytes kept free before the payload for the longest header of an unmasked frame (RFC 6455, 5.2)."""
FINAL_TEXT, FINAL_BINARY = 0x81, 0x82
LENGTH_IN_16_BITS, LENGTH_IN_64_BITS = 126, 127
CONNECT_TIMEOUT = 5.0
NOT_RUNNING = 4409
"""Close code for a desktop that doesn't answer."""
CLOSE_TIMEOUT = 5.0
"""Seconds for the desktop to take what the client sent last."""


Witness = Callable[[memoryview], None]
"""Is shown what the client is, in memory that changes afterwards. Must not block or raise."""


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

    _desktop: asyncio.Transport

    def __init__(self) -> None:
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
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._connect()
        except (OSError, RfbError) as error:
            reason = str(error) if isinstance(error, RfbError) else "The desktop does not answer."
            self._finish(Ending(RelayEnd.DESKTOP_UNREACHABLE, NOT_RUNNING, reason))
            return self._close_client()
        return await self._relay()

    @abstractmethod
    async def _connect(self) -> None:
        """Make the desktop's side, `_desktop`, of which this is the protocol. Raises OSError."""

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
        self._client.close(ending.code, self._reason(ending))
        return RelayReport(ending.end, self._to_client, self._to_desktop)

    def _reason(self, ending: Ending) -> str:
        """The reason as the client is told it, up to 123 bytes."""
        return ending.reason

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

    @abstractmethod
    def buffer_updated(self, nbytes: int) -> None:
        """Send on what the desktop sent, unless it is over."""

    def _send_frame(self, opcode: int, size: int) -> None:
        self._to_client += size
        self._client.send_frame(frame_in_place(self._memory, opcode, size))

    def pause_writing(self) -> None:
        self._client.pause_reading()

    def resume_writing(self) -> None:
        self._client.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - gone is gone
        self._finish(Ending(RelayEnd.DESKTOP_CLOSED, reason="The desktop closed the connection."))
        self._desktop_gone.set()

    # What the client's connection calls.

    @abstractmethod
    def client_sent(self, payload: BytesLike) -> None:
        """Send on what the client sent, unless it is over."""

    @abstractmethod
    def client_sent_text(self, payload: BytesLike) -> None:
        """Send it on or refuse it."""

    def _send_on(self, payload: BytesLike) -> None:
        self._to_desktop += len(payload)
        self._desktop.write(payload)

    def client_blocked(self) -> None:
        self._desktop.pause_reading()

    def client_drained(self) -> None:
        self._desktop.resume_reading()

    def client_ended(self, end: ClientEnd) -> None:
        self._finish(Ending(CLIENT_ENDS[end]))

    def server_stops(self) -> None:
        self.end(CloseCode.SERVICE_RESTART, "The server is stopping.")


class VncRelay(Relay):
    """The relay to a VNC server: RFB in binary frames.

    One at a port may want a password: the relay enters it, and lets the client in. So it does where it has to know
    what is said: to hold back what the policy of the clipboard does, or to have it recorded from the ServerInit on.
    """

    def __init__(self, display: Display, clipboard: Clipboard = Clipboard.BOTH, witness: Witness | None = None) -> None:
        super().__init__()
        self._display = display
        self._witness = witness
        self._welcome: Welcome | None = None
        pixels = Pixels()
        self._client_sieve = None if clipboard is Clipboard.BOTH else Sieve(from_client(clipboard, pixels))
        self._server_sieve = None if clipboard.lets_out else Sieve(from_server(pixels))
        self._enters = isinstance(display, TcpDisplay) or self._client_sieve is not None or witness is not None

    async def _connect(self) -> None:
        server = await connect_to(self._display)
        try:
            if self._enters:
                await enter(server, self._display.password if isinstance(self._display, TcpDisplay) else None)
            if isinstance(self._display, TcpDisplay):
                self._desktop, _ = await self._loop.create_connection(lambda: self, sock=server)
            else:
                self._desktop, _ = await self._loop.create_unix_connection(lambda: self, sock=server)
            if self._enters:
                self._welcome = Welcome(self._say)
        except BaseException:
            server.close()
            raise

    def _say(self, words: bytes) -> None:
        self._client.send_frame(memoryview(bytes([FINAL_BINARY, len(words)]) + words))

    def buffer_updated(self, nbytes: int) -> None:
        if self._ending.done():
            return
        if self._server_sieve is not None:
            self._send_sifted(self._server_sieve, self._memory[HEAD_ROOM : HEAD_ROOM + nbytes])
            return
        if self._witness is not None:
            self._witness(self._memory[HEAD_ROOM : HEAD_ROOM + nbytes])
        self._send_frame(FINAL_BINARY, nbytes)

    def _send_sifted(self, sieve: Sieve, received: memoryview) -> None:
        try:
            passed = sieve.sift(received)
        except RfbError as error:
            self._finish(Ending(RelayEnd.DESKTOP_CLOSED, CloseCode.PROTOCOL_ERROR, str(error)))
            return
        if not passed:
            return
        frame = memoryview(bytearray(HEAD_ROOM) + passed)
        if self._witness is not None:
            self._witness(frame[HEAD_ROOM:])
        self._to_client += len(passed)
        self._client.send_frame(frame_in_place(frame, FINAL_BINARY, len(passed)))

    def client_sent(self, payload: BytesLike) -> None:
        if self._ending.done():
            return
        if self._welcome is None and self._client_sieve is None:
            self._send_on(payload)
            return
        try:
            self._send_on(self._sifted(self._let_in(payload)))
        except RfbError as error:
            self._finish(Ending(RelayEnd.CLIENT_MISBEHAVED, CloseCode.PROTOCOL_ERROR, str(error)))

    def _let_in(self, payload: BytesLike) -> BytesLike:
        """Return what is said to the server: nothing before the client is in."""
        if self._welcome is None:
            return payload
        first = self._welcome.hear(bytes(payload))
        if first is None:
            return b""
        self._welcome = None
        return first

    def _sifted(self, payload: BytesLike) -> BytesLike:
        return payload if self._client_sieve is None else self._client_sieve.sift(payload)

    def client_sent_text(self, payload: BytesLike) -> None:  # noqa: ARG002 - it is refused whatever it is
        self._finish(Ending(RelayEnd.CLIENT_MISBEHAVED, CloseCode.UNSUPPORTED_DATA, "Send binary frames only."))


def frame_in_place(memory: memoryview, opcode: int, size: int) -> memoryview:
    """The WebSocket frame of the `size` bytes of payload after the head-room, its header written right before them."""
    if size < LENGTH_IN_16_BITS:
        start = HEAD_ROOM - 2
        struct.pack_into("!BB", memory, start, opcode, size)
    elif size < 1 << 16:
        start = HEAD_ROOM - 4
        struct.pack_into("!BBH", memory, start, opcode, LENGTH_IN_16_BITS, size)
    else:
        start = HEAD_ROOM - 10
        struct.pack_into("!BBQ", memory, start, opcode, LENGTH_IN_64_BITS, size)
    return memory[start : HEAD_ROOM + size]
