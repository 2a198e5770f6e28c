"""The gateway enters VNC servers that want a password, and browsers come in without one."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace

import pytest
from tests.gateway.doubles import PATIENCE, FakeVncServer, Gateway, read_all, serving
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from deskbay.desktops.runtimes import TcpDisplay
from deskbay.gateway import relay, rfb
from deskbay.gateway.handshake import RfbError, Welcome
from deskbay.gateway.relay import NOT_RUNNING, RelayEnd
from deskbay.gateway.rfb import capture

VERSION = b"RFB 003.008\n"
NO_SECURITY = b"\x01"
SHARED = b"\x01"
BLUE = (0x20, 0x40, 0xC0)


async def heard(client: ClientConnection, size: int) -> bytes:
    said = b""
    async with asyncio.timeout(PATIENCE):
        while len(said) < size:
            part = await client.recv()
            assert isinstance(part, bytes)
            said += part
    return said


async def come_in(client: ClientConnection) -> None:
    """Do what a browser does that is offered nothing but to come in."""
    assert await heard(client, 12) == VERSION
    await client.send(VERSION)
    assert await heard(client, 2) == b"\x01\x01"
    await client.send(NO_SECURITY)
    assert await heard(client, 4) == bytes(4)
    await client.send(SHARED)


async def refusal(gateway: Gateway) -> Close:
    """What a client is told that can't get to the desktop."""
    async with gateway.connect() as client:
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()
    assert (await gateway.report()).end is RelayEnd.DESKTOP_UNREACHABLE
    assert closed.value.rcvd
    return closed.value.rcvd


class TestRealServer:
    async def test_a_browser_comes_in_without_the_password(self, guarded_xvnc: TcpDisplay) -> None:
        async with serving(guarded_xvnc) as gateway, gateway.connect() as client:
            await come_in(client)
            init = await heard(client, 24)
            assert (init[:2], init[2:4]) == (b"\x02\x80", b"\x01\x90")  # 640 x 400 pixels

    @pytest.mark.parametrize(
        ("password", "reason"),
        [("wrong", "The VNC server refused the password."), (None, "The VNC server wants a password.")],
    )
    async def test_without_the_right_one_nobody_does(
        self, guarded_xvnc: TcpDisplay, password: str | None, reason: str
    ) -> None:
        display = replace(guarded_xvnc, password=password)
        async with serving(display) as gateway:
            assert await refusal(gateway) == Close(NOT_RUNNING, reason)
        with pytest.raises(RfbError, match=reason):
            await capture(display)

    async def test_a_thumbnail_is_taken_with_it(self, guarded_xvnc: TcpDisplay) -> None:
        assert rfb.paint(await capture(guarded_xvnc)).getpixel((320, 200)) == BLUE

    async def test_one_without_a_password_is_entered_with_one_all_the_same(self, vnc: FakeVncServer) -> None:
        vnc.behaviour = answers(VERSION, b"\x01\x01", bytes(4), b"init")
        async with serving(vnc.port) as gateway, gateway.connect() as client:
            await come_in(client)
            assert await heard(client, 4) == b"init"

    def test_the_password_does_not_show(self) -> None:
        assert "secret" not in repr(TcpDisplay("desk", 5900, password="secret"))


def says(data: bytes) -> Callable[[socket.socket], Awaitable[None]]:
    async def say(client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, data)
        while await loop.sock_recv(client, 4096):
            pass

    return say


def says_and_hangs_up(data: bytes) -> Callable[[socket.socket], Awaitable[None]]:
    async def say(client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, data)
        client.shutdown(socket.SHUT_WR)
        while await loop.sock_recv(client, 4096):
            pass

    return say


def answers(*words: bytes) -> Callable[[socket.socket], Awaitable[None]]:
    """A server that says the next word whenever it hears something, and the first before."""

    async def answer(client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for word in words:
            await loop.sock_sendall(client, word)
            await loop.sock_recv(client, 4096)

    return answer


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "The VNC server doesn't speak RFB 3.8."),
        (b"RFB 003.003\n\0\0\0\1", "The VNC server doesn't speak RFB 3.8."),
        (VERSION + b"\0", "The VNC server refused the connection."),
        (VERSION + b"\1\x13", "The VNC server wants other security."),
        (VERSION + b"\1\2" + bytes(16) + b"\0\0\0\1", "The VNC server refused the password."),
        (VERSION + b"\1\2" + bytes(5), "The VNC server hung up."),
    ],
)
async def test_what_does_not_let_the_gateway_in_is_said(vnc: FakeVncServer, said: bytes, reason: str) -> None:
    vnc.behaviour = says_and_hangs_up(said)
    async with serving(vnc.port) as gateway:
        assert await refusal(gateway) == Close(NOT_RUNNING, reason)


@pytest.mark.parametrize("said", [b"", VERSION, VERSION + b"\1\2" + bytes(16)])
async def test_a_server_that_hangs_is_given_up(
    vnc: FakeVncServer, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(relay, "CONNECT_TIMEOUT", 0.2)
    monkeypatch.setattr(rfb, "CAPTURE_TIMEOUT", 0.2)
    vnc.behaviour = says(said)
    async with serving(vnc.port) as gateway:
        assert await refusal(gateway) == Close(NOT_RUNNING, "The desktop does not answer.")
    with pytest.raises(RfbError, match=r"no frame in 0\.2 seconds"):
        await capture(vnc.port)


async def test_a_port_that_nobody_listens_at_is_said() -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        display = TcpDisplay("127.0.0.1", bound.getsockname()[1])
        async with serving(display) as gateway:
            assert await refusal(gateway) == Close(NOT_RUNNING, "The desktop does not answer.")
        with pytest.raises(RfbError, match="can't be reached"):
            await capture(display)


async def test_a_name_that_leads_nowhere_is_said() -> None:
    async with serving(TcpDisplay("nowhere.invalid", 5900)) as gateway:
        assert await refusal(gateway) == Close(NOT_RUNNING, "The desktop does not answer.")


async def test_a_browser_that_says_something_else_is_sent_away(vnc: FakeVncServer) -> None:
    vnc.behaviour = says(VERSION + b"\x01\x01" + bytes(4))
    async with serving(vnc.port) as gateway, gateway.connect() as client:
        await client.send(b"RFB 003.003\n")
        with pytest.raises(ConnectionClosed, match=r"1002.*Speak RFB 3\.8, and choose no security"):
            await read_all(client)
        assert (await gateway.report()).end is RelayEnd.CLIENT_MISBEHAVED


@pytest.mark.parametrize("size", [1, 5, 14, 100])
def test_a_browser_may_say_it_in_pieces_of_any_size(size: int) -> None:
    said: list[bytes] = []
    welcome = Welcome(said.append)
    everything = VERSION + NO_SECURITY + b"the rest"
    left = b""
    for start in range(0, len(everything), size):
        piece = everything[start : start + size]
        if left:
            left += piece
        elif (first := welcome.hear(piece)) is not None:
            left = first
    assert said == [VERSION, b"\x01\x01", bytes(4)]
    assert left == b"the rest"
