"""The gateway runs on uvloop, and so do its tests."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import uvloop
from tests.gateway.doubles import FakeVncServer, Gateway, serving


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
    reading, writing = os.pipe()
    command = [
        "Xvnc",
        "-displayfd",
        str(writing),
        "-geometry",
        "640x400",
        "-depth",
        "24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    options = [
        "-noreset",
        "-rfbunixpath",
        str(vnc_socket),
        "-rfbunixmode",
        "0600",
        "-rfbport=-1",
        "-SecurityTypes",
        "None",
    ]
    with subprocess.Popen([*command, *options], pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as ready:
                display = ready.readline().strip()
            subprocess.run(["xsetroot", "-display", f":{display}", "-solid", "#2040c0"], check=True)
            yield vnc_socket
        finally:
            server.terminate()
