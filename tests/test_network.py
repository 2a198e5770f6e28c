"""No test reaches beyond this machine."""

import asyncio
import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_other_machines_are_out_of_reach(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connecting:
        with pytest.raises(PermissionError, match="not this machine"):
            connecting.connect((address, 80))
        with pytest.raises(PermissionError, match="not this machine"):
            connecting.connect_ex((address, 80))


async def test_also_for_the_event_loop() -> None:
    with pytest.raises(PermissionError):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_this_machine_is_within_reach() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await writer.wait_closed()
