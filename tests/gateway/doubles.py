"""A gateway to relay through, VNC servers that behave as their names say, and a client that knows no manners."""

import asyncio
import logging
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from fastapi import FastAPI, WebSocket
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Close, Frame, Opcode
from websockets.typing import Subprotocol

from deskbay.desktops.runtimes import Display, TcpDisplay, UnixDisplay
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.gateway.relay import Relay, RelayReport, VncRelay

PATIENCE = 60.0
"""Seconds after which a test gives up waiting."""
QUIET_TURNS = 40
patient = partial(connect, proxy=None, open_timeout=PATIENCE, close_timeout=PATIENCE)
"""A WebSocket to a server that is as slow as its machine is busy: what the library itself allows is 10 seconds."""


def entering(address: str, headers: dict[str, str] | None = None, *, subprotocol: str = "binary") -> connect:
    """Open a desktop's WebSocket, as a page does."""
    quiet = logging.getLogger("the client's own")
    quiet.setLevel(logging.CRITICAL)
    return patient(address, additional_headers=headers, subprotocols=[Subprotocol(subprotocol)], logger=quiet)


class FakeVncServer:
    """Listens on a Unix socket, and at a port of this machine.

    It treats each client by `behaviour`, a method of its own or any other coroutine.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.behaviour: Callable[[socket.socket], Awaitable[None]] = self.echoes
        self.received = bytearray()
        self.sent = 0
        self.left = asyncio.Event()
        self.go_on = asyncio.Event()

    async def echoes(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(client, 65536):
            await loop.sock_sendall(client, data)

    async def listens(self, client: socket.socket) -> None:
        while data := await asyncio.get_running_loop().sock_recv(client, 65536):
            self.received += data

    async def listens_when_told(self, client: socket.socket) -> None:
        await self.go_on.wait()
        await self.listens(client)

    async def hangs_up(self, client: socket.socket) -> None:
        """End right after the connection."""

    async def streams_for_ever(self, client: socket.socket) -> None:
        block = bytes(65536)
        while True:
            await asyncio.get_running_loop().sock_sendall(client, block)
            self.sent += len(block)

    def sends(self, data: bytes, *, chunk: int = 65536) -> Callable[[socket.socket], Awaitable[None]]:
        """The behaviour of a server that sends `data` in chunks and hangs up."""

        async def send(client: socket.socket) -> None:
            for start in range(0, len(data), chunk):
                await asyncio.get_running_loop().sock_sendall(client, data[start : start + chunk])
                self.sent = min(len(data), start + chunk)

        return send

    async def __aenter__(self) -> Self:
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(str(self.path))
        self._listeners = [unix, socket.create_server(("127.0.0.1", 0))]
        self._tasks: set[asyncio.Task[None]] = set()
        for listener in self._listeners:
            listener.listen()
            listener.setblocking(False)
            self._tasks.add(asyncio.create_task(self._accept(listener)))
        return self

    @property
    def port(self) -> TcpDisplay:
        """The way to it by its port."""
        return TcpDisplay("127.0.0.1", self._listeners[1].getsockname()[1], password="secret")

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self._listeners:
            listener.close()
        self.path.unlink()

    async def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = await asyncio.get_running_loop().sock_accept(listener)
            self._tasks.add(asyncio.create_task(self._treat(client)))

    async def _treat(self, client: socket.socket) -> None:
        with client:
            try:
                await self.behaviour(client)
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                self.left.set()


class Gateway:
    """A running server with one desktop behind `/vnc`. `reports` has what the relays said at their end."""

    def __init__(self, port: int, certificate: Path | None = None) -> None:
        self.port = port
        self._certificate = certificate
        self.reports: asyncio.Queue[RelayReport] = asyncio.Queue()
        self.tasks: list[asyncio.Task[RelayReport]] = []
        self.relays: list[Relay] = []
        self.before_relaying = asyncio.Event()
        self.before_relaying.set()
        self.state = ServerState()

    @property
    def connections(self) -> int:
        """How many clients the server is still connected to."""
        return len(self.state.connections)

    def connect(self) -> connect:
        trusted = ssl.create_default_context(cafile=self._certificate) if self._certificate else None
        return patient(
            f"{'wss' if trusted else 'ws'}://127.0.0.1:{self.port}/vnc",
            ssl=trusted,
            compression=None,
            max_size=None,
            ping_interval=None,
        )

    async def report(self) -> RelayReport:
        async with asyncio.timeout(PATIENCE):
            return await self.reports.get()


@asynccontextmanager
async def serving(
    desktop: Path | Display,
    protocol: type[GatewayProtocol] = GatewayProtocol,
    *,
    ping_seconds: float = 20,
    grace_seconds: int = 1,
    certificate: Path | None = None,
    relay_to: Callable[[Display], Relay] = VncRelay,
) -> AsyncIterator[Gateway]:
    """Run the gateway on a free loopback port, in this event loop; with TLS if a certificate (and key) is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gateway = Gateway(listener.getsockname()[1], certificate)
        config = uvicorn.Config(
            an_application(gateway, desktop, relay_to),
            ws=protocol,
            ws_ping_interval=ping_seconds,
            ws_ping_timeout=ping_seconds,
            log_config=None,
            ssl_certfile=certificate,
            timeout_graceful_shutdown=grace_seconds,
        )
        server = uvicorn.Server(config)
        gateway.state = server.server_state
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield gateway
        finally:
            server.should_exit = True
            await running


def an_application(gateway: Gateway, desktop: Path | Display, relay_to: Callable[[Display], Relay]) -> FastAPI:
    app = FastAPI()
    display = UnixDisplay(desktop) if isinstance(desktop, Path) else desktop

    @app.websocket("/vnc")
    async def vnc(websocket: WebSocket) -> None:
        await websocket.accept()
        await gateway.before_relaying.wait()
        relay = relay_to(display)
        gateway.relays.append(relay)
        task = asyncio.create_task(relay.run(websocket))
        gateway.tasks.append(task)
        gateway.reports.put_nowait(await task)

    @app.websocket("/plain")
    async def plain(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    return app


class RudeClient:
    """A WebSocket client that sends what it is told to, reads only when told, and leaves without a word."""

    def __init__(self, port: int, *, receive_buffer: int | None = None) -> None:
        self._port = port
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setblocking(False)
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> Self:
        await self._loop.sock_connect(self.socket, ("127.0.0.1", self._port))
        await self.send_raw(
            b"GET /vnc HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        )
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += await self.read_raw(1)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    async def send_raw(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._loop.sock_sendall(self.socket, data)

    async def send(
        self, payload: bytes, opcode: Opcode = Opcode.BINARY, *, fin: bool = True, mask: bool = True
    ) -> None:
        await self.send_raw(Frame(opcode, payload, fin).serialize(mask=mask))

    async def read_raw(self, size: int) -> bytes:
        data = b""
        async with asyncio.timeout(PATIENCE):
            while len(data) < size:
                part = await self._loop.sock_recv(self.socket, size - len(data))
                if not part:
                    raise EOFError
                data += part
        return data

    async def read_frame(self) -> tuple[Opcode, bytes]:
        """The next frame, which a server must send whole and unmasked."""
        first, length = await self.read_raw(2)
        assert first & 0x80
        if length == 126:
            (length,) = struct.unpack("!H", await self.read_raw(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.read_raw(8))
        return Opcode(first & 0x0F), await self.read_raw(length)

    async def read_close(self) -> Close:
        """What the server closes with; frames before that are read past."""
        while True:
            opcode, payload = await self.read_frame()
            if opcode is Opcode.CLOSE:
                return Close.parse(payload)


async def read_all(client: ClientConnection) -> bytes:
    """What comes until the server closes."""
    return b"".join([part async for part in client if isinstance(part, bytes)])


async def settled(count: Callable[[], int]) -> int:
    """The value of `count` once it has grown, and then not for many turns of the loop, in which all happens here."""
    before, quiet_turns = 0, 0
    async with asyncio.timeout(PATIENCE):
        while quiet_turns < QUIET_TURNS:
            await asyncio.sleep(0.005)
            quiet_turns = quiet_turns + 1 if count() == before > 0 else 0
            before = count()
    return before


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in a kernel's buffer
            await asyncio.sleep(0.01)


def self_signed(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 with its key to `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deskbay")])
    today = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), today, today + timedelta(1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path
