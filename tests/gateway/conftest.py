"""The gateway runs on uvloop, and so do its tests."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import uvicorn
import uvloop
from fastapi import FastAPI
from tests.desktops.first_start import first_start
from tests.gateway.doubles import FakeVncServer, Gateway, serving
from tests.people import People
from tests.ports import free_port
from tests.xvnc import running_xvnc

from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import State
from deskbay.desktops.runtimes import TcpDisplay
from deskbay.desktops.templates import get_launchable
from deskbay.gateway.protocol import GatewayProtocol
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


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def running(app: FastAPI, ada: User) -> int:
    """The id of a running desktop of Ada's."""
    await first_start(app.state.database)
    async with app.state.database.write() as db:
        template = await get_launchable(db, Rights(ada), "desktop")
        desktop = await launch(db, app.state.clock, ada, LaunchWish(template))
        desktop.state = State.RUNNING
    return desktop.id


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """Where the application is served, as it is for users but for its reconciler."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, ws=GatewayProtocol, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving
