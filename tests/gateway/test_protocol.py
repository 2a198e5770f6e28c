"""The server's WebSocket protocol where no relay is at work."""

from pathlib import Path

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket
from tests.gateway.doubles import Gateway, patient, serving

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.gateway.protocol import GatewayProtocol, connection_of
from deskbay.gateway.relay import VncRelay


async def test_an_ordinary_websocket_route_works_as_ever(gateway: Gateway) -> None:
    async with patient(f"ws://127.0.0.1:{gateway.port}/plain") as client:
        for part in (["one"], ["in ", "two"]):
            await client.send(part)
            assert await client.recv() == "".join(part)
        assert client.protocol.extensions == []


async def test_an_unknown_route_is_refused(gateway: Gateway) -> None:
    with pytest.raises(Exception, match="HTTP 403"):
        async with patient(f"ws://127.0.0.1:{gateway.port}/nothing"):
            pass


async def test_a_server_that_stops_tells_the_client(vnc_socket: Path) -> None:
    async with serving(vnc_socket) as gateway:
        client = await patient(f"ws://127.0.0.1:{gateway.port}/plain")
    await client.wait_closed()
    assert client.close_code == 1012


async def test_another_server_cannot_relay(vnc_socket: Path) -> None:
    async def receive() -> Message:
        raise AssertionError

    async def send(_: Message) -> None:
        raise AssertionError

    websocket = WebSocket({"type": "websocket", "extensions": {}}, receive, send)
    with pytest.raises(RuntimeError, match=GatewayProtocol.__name__):
        connection_of(websocket)
    with pytest.raises(RuntimeError, match=GatewayProtocol.__name__):
        await VncRelay(UnixDisplay(vnc_socket)).run(websocket)
