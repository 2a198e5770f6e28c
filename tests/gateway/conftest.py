"""The gateway runs on uvloop, and so do its tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import uvloop
from tests.gateway.doubles import FakeVncServer, Gateway, serving
from tests.xvnc import free_port, running_xvnc

from deskbay.desktops.runtimes import TcpDisplay
from deskbay.kit.vnc import new_password, password_file


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
def vnc_socket() -> Iterator[Path]:
    """A path short enough for a Unix socket."""
    with TemporaryDirectory() as folder:
        yield Path(folder) / "vnc.sock"


@pytest.fixture
async def vnc(vnc_socket: Path) -> AsyncIterator[FakeVncServer]:
    async with FakeVncServer(vnc_socket) as server:
        yield server


@pytest.fixture
async def gateway(vnc_socket: Path) -> AsyncIterator[Gateway]:
    async with serving(vnc_socket) as running:
        yield running


@pytest.fixture
def xvnc(vnc_socket: Path) -> Iterator[Path]:
    """The socket of a real VNC server with an empty blue screen of 640 x 400 pixels."""
    with running_xvnc("-rfbunixpath", str(vnc_socket), "-rfbunixmode", "0600", "-rfbport=-1", "-SecurityTypes=None"):
        yield vnc_socket


@pytest.fixture
def guarded_xvnc(tmp_path: Path) -> Iterator[TcpDisplay]:
    """The same at a port of this machine, with a password."""
    port, password = free_port(), new_password()
    (tmp_path / "password").write_bytes(password_file(password))
    options = ["-localhost", f"-rfbport={port}", "-SecurityTypes=VncAuth", "-PasswordFile", str(tmp_path / "password")]
    with running_xvnc(*options):
        yield TcpDisplay("127.0.0.1", port, password=password)
