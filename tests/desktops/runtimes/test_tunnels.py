"""A tunnel's socket is there while the tunnel is open, and nothing of it is left afterwards."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.tunnels import Tunnel


@pytest.fixture
def path() -> Iterator[Path]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder) / "sockets" / "echo"


@pytest.fixture
def tunnel(path: Path) -> Iterator[Tunnel]:
    tunnel = Tunnel(path, echo)
    yield tunnel
    tunnel.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())


async def said_back(path: Path) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b"hello\n")
    try:
        return await reader.read()
    finally:
        writer.close()


def descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_it_carries_for_this_user_alone(tunnel: Tunnel) -> None:
    await asyncio.gather(*(tunnel.open() for _ in range(3)))
    assert tunnel.path.stat().st_mode & 0o777 == 0o600
    assert await said_back(tunnel.path) == b"hello\n"


async def test_a_closed_one_has_no_socket_and_gets_none_again(tunnel: Tunnel) -> None:
    before = descriptors()
    await tunnel.open()
    tunnel.close()
    with pytest.raises(Unreachable, match="was closed meanwhile"):
        await tunnel.open()
    assert not tunnel.path.exists()
    assert descriptors() == before


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_opening_that_is_broken_off_leaves_nothing_that_is_nobodys(tunnel: Tunnel, steps: int) -> None:
    before = descriptors()
    opening = asyncio.create_task(tunnel.open())
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    tunnel.close()
    assert descriptors() == before


async def test_one_that_can_not_be_opened_leaves_nothing_and_can_be_opened_later(tunnel: Tunnel) -> None:
    before = descriptors()
    tunnel.path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        await tunnel.open()
    assert descriptors() == before
    tunnel.path.rmdir()
    await tunnel.open()
    assert await said_back(tunnel.path) == b"hello\n"


async def test_the_later_of_two_at_a_path_stays(tunnel: Tunnel) -> None:
    later = Tunnel(tunnel.path, echo)
    await tunnel.open()
    await later.open()
    tunnel.close()
    assert await said_back(tunnel.path) == b"hello\n"
    later.close()
    assert not tunnel.path.exists()
