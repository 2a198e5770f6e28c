"""Podman does what a Docker engine does: a real one; and after a restart of its host, by what one said then."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from aiohttp import web
from tests.desktops.runtimes.docker.stage import Stage
from tests.desktops.runtimes.docker.strangers import a_stranger, shown
from tests.desktops.runtimes.launchable import a_desktop, tidied
from tests.engines import DockerEngine
from tests.hosts import SshHost
from tests.podman import Podman, podman_service

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network
from deskbay.desktops.runtimes.conformance import OpenRuntime, RuntimeConformance, start
from deskbay.desktops.runtimes.docker.engine import ContainerState, Engine
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.docker.ways import SocketWay
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh.settings import SshSettings


@pytest.fixture(scope="module")
def podman(request: pytest.FixtureRequest) -> Iterator[Podman]:
    def docker() -> DockerEngine:
        engine: DockerEngine = request.getfixturevalue("engine")
        return engine

    with podman_service(docker) as podman:
        yield podman


class TestPodman(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, place: Place, podman: Podman) -> OpenRuntime:
        return lambda: DockerSettings(socket=podman.socket).open(place)

    @pytest.fixture
    def spec(self, podman: Podman) -> LaunchSpec:
        return a_desktop(podman.image)

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, image="deskbay-tests/never-made")


@pytest.fixture
async def stage(place: Place, podman: Podman) -> AsyncIterator[Stage]:
    async with tidied(DockerSettings(socket=podman.socket).open(place)) as runtime:
        yield Stage(podman, place, runtime)


async def test_a_desktop_is_shut_in_and_has_what_it_may_have(stage: Stage) -> None:
    with_network = replace(stage.spec, network=Network.INTERNET)
    await start(stage.runtime, with_network)
    status = await stage.ask("grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:' /proc/self/status")
    assert status.split()[1:10:2] == ["0" * 16] * 5
    assert {"NoNewPrivs:\t1", "Seccomp:\t2"} <= set(status.splitlines())
    told = await stage.ask("id -u; whoami; hostname; cat /etc/machine-id; echo $COURSE; ls /sys/class/net")
    assert told.split() == ["1900000010", "ann", "deskbay", stage.spec.desktop.hex, "chemistry", "1", "lo", "tap0"]
    files = "/usr/x /etc/x /etc/passwd /opt/deskbay/x /run/x ~/x /tmp/x"
    assert (
        await stage.ask(f"for f in {files}; do (echo >$f) 2>/dev/null && echo $f; done; true") == "/home/user/x\n/tmp/x"
    )
    assert await stage.ask("cat /run/deskbay/token") == "the agent's secret"
    assert "not permitted" in await stage.ask("unshare --user --map-root-user --mount true 2>&1; true")
    assert await stage.ask("unshare --user --map-root-user id -u") == "0"  # as Chromium's own sandbox does


async def test_an_image_that_is_not_ours_is_shown_at_a_port(stage: Stage, tmp_path: Path) -> None:
    spec = a_stranger(stage, tmp_path)
    with stage.engine.network():
        await shown(stage, spec)


async def test_one_elsewhere_is_refused_and_says_why(podman: Podman, ssh: SshHost, place: Place) -> None:
    runtime = SshSettings.model_validate(ssh.settings(podman.socket)).open(place)
    why = "It is Podman that answers there, which can be used on the server's own host only"
    assert (await runtime.unavailable("desktop") or "").startswith(why)
    with pytest.raises(LaunchError, match=why):
        await runtime.launch(a_desktop(podman.image), lambda _: None)
    assert await runtime.owned() == set()
    await runtime.close()


@pytest.mark.parametrize(
    ("started", "is_to_start", "was_forgotten"),
    [("0001-01-01T00:00:00Z", True, False), ("2026-11-21T20:40:53.451651902Z", False, True)],
)
def test_what_a_restart_of_the_host_ended_is_told_from_what_is_still_to_start(
    started: str, is_to_start: bool, was_forgotten: bool
) -> None:
    state = ContainerState.model_validate(
        {"Status": "created", "Running": False, "OOMKilled": False, "StartedAt": started}
    )
    assert (state.is_to_start, state.was_forgotten) == (is_to_start, was_forgotten)


async def test_it_is_never_asked_for_its_version_which_takes_it_seconds(place: Place) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path == "/_ping":
            return web.Response(headers={"Api-Version": "1.41", "Libpod-API-Version": "4.3.1"})
        return web.json_response({"message": "no such container"}, status=HTTPStatus.NOT_FOUND)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(place.data / "podman.sock")).start()
    engine = Engine(SocketWay(place.data / "podman.sock"))
    assert await engine.find("nobody") is None
    assert await engine.find("nobody") is None
    assert asked == ["/_ping", *["/v1.41/containers/nobody/json"] * 2]
    assert await engine.is_podman()
    await engine.close()
    await runner.cleanup()
