"""The server's side of a WebSocket whose connection a route may take over, to relay bytes without copying them.

uvicorn runs :class:`GatewayProtocol` (``Config(ws=GatewayProtocol)``) for every WebSocket. Until a route takes a
connection over it is plain ASGI. Afterwards binary payloads go straight to the tenant and frames go straight to the
transport, while pings, the keepalive and the closing handshake stay with uvicorn and ``websockets`` (RFC 6455).
"""

import asyncio
import logging
import socket
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from starlette.websockets import WebSocket
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.typing import BytesLike

EXTENSION = "deskbay.take_over"
LARGEST_FRAME = 1024 * 1024
"""Bytes that one frame from a client may carry. Messages of several frames have no limit: nothing is gathered."""
MOST_UNREAD = 1024 * 1024
"""Bytes that may wait for a client that pings and never reads the answers."""
MOST_QUEUED = 64 * 1024
"""Bytes that the kernel holds before it sends them: more would only add to the delay on a slow link."""

warnings_log = logging.getLogger(__name__)
warnings_log.setLevel(logging.WARNING)


class ClientEnd(StrEnum):
    """How a client's side of a taken-over connection ended."""

    CLOSED = "closed"
    LOST = "lost"
    MISBEHAVED = "misbehaved"


class Tenant(Protocol):
    """What takes a connection over. All of it is called from the event loop and must not block."""

    def client_sent(self, payload: BytesLike) -> None:
        """Take binary payload, in order; where messages and frames begin has no meaning."""

    def client_sent_text(self, payload: BytesLike) -> None:
        """Take the beginning of a text message or all of it, in UTF-8 that nobody has looked at; or refuse it."""

    def client_blocked(self) -> None:
        """Send nothing more, and leave the memory of the last frame alone: the client reads too slowly."""

    def client_drained(self) -> None:
        """Send on: the kernel has all that was sent."""

    def client_ended(self, end: ClientEnd) -> None:
        """Let go: nothing more comes and nothing more can be sent. May be called more than once."""

    def server_stops(self) -> None:
        """Close the connection soon: the server waits for it."""


class GatewayProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, whose connection can be taken over; a route gets it by :func:`connection_of`."""

    tenant: Tenant | None = None
    alive_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Their own lines tell whole addresses, tickets and all, and at the debug level every key pressed.
        self.logger = self.conn.logger = warnings_log
        super().connection_made(transport)
        # What a VNC server sends is compressed already.
        self.conn.available_extensions = None
        if self.scheme == "ws":
            # Without allowance the transport says from within write() that it still needs the memory it was given.
            # With TLS it has encrypted it by then.
            self.transport.set_write_buffer_limits(high=0)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            self.scope["extensions"] = {**self.scope.get("extensions", {}), EXTENSION: {"connection": self}}

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # a refusal completes it, too

    async def take_over(self, tenant: Tenant) -> None:
        """Hand the accepted connection to `tenant`, beginning with what the client has sent already."""
        await self.writable.wait()
        limit_kernel_queue(self.transport)
        self.conn.max_message_size, self.conn.max_fragment_size = None, LARGEST_FRAME
        self.tenant = tenant
        self.resume_reading()
        self.deliver_backlog(tenant)

    def deliver_backlog(self, tenant: Tenant) -> None:
        """Give `tenant` what came between the handshake and now."""
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] != "websocket.receive":
                tenant.client_ended(ClientEnd.CLOSED if self.conn.close_rcvd else ClientEnd.LOST)
            elif (payload := message.get("bytes")) is not None:
                tenant.client_sent(payload)
            else:
                tenant.client_sent_text((message.get("text") or "").encode())
        for part in self.frames:
            tenant.client_sent(part)
        self.frames = []

    def send_frame(self, frame: memoryview) -> None:
        """Send a whole frame, header and all, whose memory must not change while the client is blocked."""
        self.transport.write(frame)

    def pause_reading(self) -> None:
        """Let the client wait: what it sent has nowhere to go."""
        self.read_paused = True
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        self.read_paused = False
        self.transport.resume_reading()

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake, after the frame under way; a client that doesn't answer in time is cut off.

        `reason` takes up to 123 bytes. Does nothing if the connection is ending already.
        """
        if self.disconnected or self.close_sent or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.resume_reading()
        self.cut_off_later()

    def cut_off_later(self) -> None:
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        self.alive_at = self.loop.time()
        super().data_received(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.tenant is not None:
            self.tenant.client_blocked()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.alive_at = self.loop.time()
        if self.tenant is not None:
            self.tenant.client_drained()

    def handle_bytes(self, event: Frame) -> None:
        if self.tenant is None:
            super().handle_bytes(event)
        else:
            self.tenant.client_sent(event.data)

    def handle_cont(self, event: Frame) -> None:
        if self.tenant is None:
            super().handle_cont(event)
        else:
            self.tenant.client_sent(event.data)

    def handle_text(self, event: Frame) -> None:
        if self.tenant is None:
            super().handle_text(event)
        else:
            self.tenant.client_sent_text(event.data)

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """Give up on a silent client, unless it has shown life since the ping: the pong queues behind large updates."""
        if self.alive_at <= self.ping_sent_at:
            super().keepalive_timeout()
            self.cut_off_later()
            return
        self.pong_timer = self.pending_ping_payload = None
        self.schedule_ping()

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        if self.close_timer is None:
            self.cut_off_later()
        self.tell_end(ClientEnd.CLOSED)

    def handle_parser_exception(self) -> None:
        """Tell the client its fault and read on until it goes: closing on unread data would wipe the answer out."""
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.conn.close_rcvd is not None:
            self.transport.close()
        if self.close_timer is not None:
            return
        self.close_sent = True
        self.cut_off_later()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1002})
        self.tell_end(ClientEnd.MISBEHAVED)

    def shutdown(self) -> None:
        if self.tenant is None:
            super().shutdown()
        else:
            self.tenant.server_stops()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.tell_end(ClientEnd.LOST)

    def tell_end(self, end: ClientEnd) -> None:
        if self.tenant is not None:
            self.tenant.client_ended(end)


def connection_of(websocket: WebSocket) -> GatewayProtocol:
    """The connection below an accepted WebSocket.

    RuntimeError when the server doesn't run GatewayProtocol.
    """
    extension = websocket.scope.get("extensions", {}).get(EXTENSION)
    if extension is None:
        raise RuntimeError("Serve this application with uvicorn and ws=deskbay.gateway.protocol.GatewayProtocol.")
    connection: GatewayProtocol = extension["connection"]
    return connection


def limit_kernel_queue(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_QUEUED)
