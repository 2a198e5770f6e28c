"""A double of an engine, a guard in front of it, and the folder of a server."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.desktops.runtimes.docker.guard.engines import RememberingEngine, remembering_engine

from deskbay.desktops.runtimes.docker.guard.asking import Asking
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.desktops.runtimes.docker.guard.judge import Judge

SERVER = 998


@pytest.fixture
def folder() -> Iterator[Path]:
    # The path of a test's own folder is too long for a socket in it.
    with TemporaryDirectory(prefix="deskbay-") as name:
        yield Path(name).resolve()


@pytest.fixture
def data(folder: Path) -> Path:
    """A server's folder, with a home and a volume."""
    for place in ("home", "volume"):
        (folder / "data" / place).mkdir(parents=True)
    return folder / "data"


@pytest.fixture
def servers(data: Path) -> Path:
    """The folder of a server that is not root."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody")
    os.chown(data, SERVER, SERVER)
    return data


@pytest.fixture
def roots(data: Path) -> Path:
    """The folder of a server that is root."""
    if os.geteuid() != 0:
        pytest.skip("only root has people with numbers of their own")
    return data


@pytest.fixture
async def double(folder: Path) -> AsyncIterator[RememberingEngine]:
    async with remembering_engine(folder) as engine:
        engine.may_make.set()
        yield engine


@pytest.fixture
def judge(double: RememberingEngine, data: Path) -> Judge:
    """Of a server whose folder is the tests' user's, root's where that is root."""
    return Judge(ServersFolder.at(data), Asking(double.socket))


@pytest.fixture
def strict(double: RememberingEngine, servers: Path) -> Judge:
    """Of a server that is not root."""
    return Judge(ServersFolder.at(servers), Asking(double.socket))
