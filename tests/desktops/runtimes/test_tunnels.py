"""A tunnel's socket or port is there while the tunnel is open, and nothing of it is left afterwards."""

import asyncio
import gc
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.tunnels import PortTunnel, Screens, SocketTunnel


@pytest.fixture
def path() -> Iterator[Path]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder) / "sockets" / "echo"


@pytest.fixture
def tunnel(path: Path) -> Iterator[SocketTunnel]:
    tunnel = SocketTunnel(path, echo)
    yield tunnel
    tunnel.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())


async def said_back(place: Path | int) -> bytes:
    if isinstance(place, int):
        reader, writer = await asyncio.open_connection("127.0.0.1", place)
    else:
        reader, writer = await asyncio.open_unix_connection(place)
    writer.write(b"hello\n")
    try:
        return await reader.read()
    finally:
        writer.close()


def descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_it_carries_for_this_user_alone(tunnel: SocketTunnel) -> None:
    await asyncio.gather(*(tunnel.open() for _ in range(3)))
    assert tunnel.path.stat().st_mode & 0o777 == 0o600
    assert await said_back(tunnel.path) == b"hello\n"


async def test_a_closed_one_has_no_socket_and_gets_none_again(tunnel: SocketTunnel) -> None:
    before = descriptors()
    await tunnel.open()
    tunnel.close()
    with pytest.raises(Unreachable, match="was closed meanwhile"):
        await tunnel.open()
    assert not tunnel.path.exists()
    assert descriptors() == before


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_opening_that_is_broken_off_leaves_nothing_that_is_nobodys(tunnel: SocketTunnel, steps: int) -> None:
    before = descriptors()
    opening = asyncio.create_task(tunnel.open())
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    tunnel.close()
    assert descriptors() == before


async def test_one_that_can_not_be_opened_leaves_nothing_and_can_be_opened_later(tunnel: SocketTunnel) -> None:
    before = descriptors()
    tunnel.path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        await tunnel.open()
    assert descriptors() == before
    tunnel.path.rmdir()
    await tunnel.open()
    assert await said_back(tunnel.path) == b"hello\n"


async def test_the_later_of_two_at_a_path_stays(tunnel: SocketTunnel) -> None:
    later = SocketTunnel(tunnel.path, echo)
    await tunnel.open()
    await later.open()
    tunnel.close()
    assert await said_back(tunnel.path) == b"hello\n"
    later.close()
    assert not tunnel.path.exists()


async def test_a_port_is_of_this_host_alone_and_goes_with_its_tunnel() -> None:
    before = descriptors()
    tunnel = PortTunnel(echo)
    await asyncio.gather(*(tunnel.open() for _ in range(3)))
    assert await said_back(tunnel.port) == b"hello\n"
    with socket.socket() as elsewhere:
        assert elsewhere.connect_ex(("127.0.0.2", tunnel.port)) != 0
    tunnel.close()
    with pytest.raises(ConnectionRefusedError):
        await said_back(tunnel.port)
    assert descriptors() == before


async def test_a_screen_has_one_place_as_long_as_it_is_looked_at(path: Path) -> None:
    screens, desktop = Screens(path), uuid4()
    port, place = await screens.open_port(desktop, echo), await screens.open(desktop, echo)
    assert (await screens.open_port(desktop, echo), await screens.open(desktop, echo)) == (port, place)
    assert await said_back(port) == await said_back(place) == b"hello\n"
    screens.close(desktop)
    assert not place.exists()
    with pytest.raises(ConnectionRefusedError):
        await said_back(port)
    other = await screens.open_port(desktop, echo)
    screens.close_all()
    with pytest.raises(ConnectionRefusedError):
        await said_back(other)
