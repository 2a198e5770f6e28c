"""A Docker engine, and a place of a server on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.stage import Stage
from tests.desktops.runtimes.launchable import tidied
from tests.engines import DockerEngine
from tests.hosts import SshHost

from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh.runtime import SshRuntime
from deskbay.desktops.runtimes.ssh.settings import SshSettings


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "box")


@pytest.fixture
async def stage(place: Place, engine: DockerEngine) -> AsyncIterator[Stage]:
    async with tidied(DockerSettings(socket=engine.socket).open(place)) as runtime:
        yield Stage(engine, place, runtime)


@pytest.fixture
async def far(place: Place, engine: DockerEngine) -> AsyncIterator[Stage]:
    """The same engine as one elsewhere, by TCP with TLS."""
    async with tidied(DockerSettings.model_validate(engine.papers).open(place)) as runtime:
        yield Stage(engine, place, runtime)


@pytest.fixture(params=["far", "far_by_ssh"])
def elsewhere(request: pytest.FixtureRequest) -> Stage:
    """One elsewhere, by either way."""
    stage: Stage = request.getfixturevalue(request.param)
    return stage


@pytest.fixture
async def far_by_ssh(place: Place, engine: DockerEngine, ssh: SshHost) -> AsyncIterator[Stage]:
    runtime = SshSettings.model_validate(ssh.settings(engine.socket)).open(place)
    assert isinstance(runtime, SshRuntime)
    async with tidied(runtime):
        yield Stage(engine, place, runtime)
