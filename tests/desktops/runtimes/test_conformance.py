"""Every runtime that Deskbay brings along does what a runtime has to do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from tests.desktops.runtimes.launchable import a_desktop
from tests.engines import DockerEngine
from tests.hosts import SshHost

from deskbay.desktops.runtimes import LaunchSpec
from deskbay.desktops.runtimes.conformance import OpenRuntime, RuntimeConformance
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.local.settings import LocalSettings
from deskbay.desktops.runtimes.ssh.settings import SshSettings


@pytest.fixture
def place() -> Iterator[Place]:
    # The path of a test's own folder is too long for a socket in it.
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "here")


class TestLocal(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, place: Place) -> OpenRuntime:
        return lambda: LocalSettings().open(place)

    @pytest.fixture
    def spec(self) -> LaunchSpec:
        return a_desktop()

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, profile="windows")


class TestDocker(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, place: Place, engine: DockerEngine) -> OpenRuntime:
        return lambda: DockerSettings(socket=engine.socket).open(place)

    @pytest.fixture
    def spec(self, engine: DockerEngine) -> LaunchSpec:
        return a_desktop(engine.image)

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, image="deskbay-tests/never-made")


class TestProcessesBySsh(TestLocal):
    @pytest.fixture
    def open_runtime(self, place: Place, ssh: SshHost) -> OpenRuntime:
        settings = SshSettings.model_validate(ssh.settings())
        return lambda: settings.open(place)


class TestSsh(TestDocker):
    @pytest.fixture
    def open_runtime(self, place: Place, engine: DockerEngine, ssh: SshHost) -> OpenRuntime:
        settings = SshSettings.model_validate(ssh.settings(engine.socket))
        return lambda: settings.open(place)
