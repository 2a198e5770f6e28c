"""A Docker engine, and a place of a server on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.stage import Stage
from tests.engines import DockerEngine

from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "box")


@pytest.fixture
async def stage(place: Place, engine: DockerEngine) -> AsyncIterator[Stage]:
    stage = Stage(engine, place, DockerSettings(socket=engine.socket).open(place))
    yield stage
    for desktop in await stage.runtime.owned():
        await stage.runtime.forget(desktop)
    await stage.runtime.close()
