"""Podman does what a Docker engine does: a real one; and after a restart of its host, by what one said then."""

import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
import trustme
from aiohttp import web
from tests.desktops.runtimes.docker.doubles import PING, engine_at, refusal
from tests.desktops.runtimes.docker.sharing import (
    keep_what_a_container_has,
    with_volume,
    write_in_one_that_outlives_them,
)
from tests.desktops.runtimes.docker.stage import Stage, container_of
from tests.desktops.runtimes.docker.strangers import a_stranger, shown, shown_at_no_port_there
from tests.desktops.runtimes.launchable import a_desktop, tidied
from tests.engines import DockerEngine
from tests.hosts import SshHost
from tests.podman import Podman, podman_service, rootless_podman
from tests.servers import program

from deskbay.desktops.runtimes import LaunchSpec, Network, Unreachable
from deskbay.desktops.runtimes.conformance import OpenRuntime, RuntimeConformance, start
from deskbay.desktops.runtimes.docker.answers import ContainerState
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.docker.ways import SocketWay
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh.settings import SshSettings
from deskbay.desktops.runtimes.volumes import STORAGE, VolumeSpec

SERVER = "https://desk.example.org"


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


class TestPodmanBySsh(TestPodman):
    @pytest.fixture
    def open_runtime(self, place: Place, podman: Podman, ssh: SshHost) -> OpenRuntime:
        settings = SshSettings.model_validate(ssh.settings(podman.socket))
        return lambda: settings.open(place)


class TestPodmanByTls(TestPodman):
    @pytest.fixture
    def open_runtime(self, place: Place, podman: Podman) -> OpenRuntime:
        settings = DockerSettings.model_validate(podman.papers)
        return lambda: settings.open(place)


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


@pytest.fixture
async def far(place: Place, podman: Podman) -> AsyncIterator[Stage]:
    """One elsewhere, by TCP with TLS."""
    async with tidied(DockerSettings.model_validate({**podman.papers, "server_url": SERVER}).open(place)) as runtime:
        yield Stage(podman, place, runtime)


async def test_what_a_desktop_elsewhere_has_and_that_its_home_stays(far: Stage) -> None:
    await start(far.runtime, far.spec)
    status = await far.ask("grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status | cut -f2; cat ~/.bashrc >~/mine")
    assert status.split() == ["0" * 16, "1", "2"]
    assert await far.ask("cat /run/deskbay/token /run/deskbay/server-url") == f"the agent's secret{SERVER}"
    assert await far.ask("stat -c %a:%U ~ /run/deskbay/token; ls -d ~/Desktop") == (
        "700:ann\n600:ann\n/home/user/Desktop"
    )
    assert await far.ask("unshare --user --map-root-user id -u") == "0"  # the filter is ours: Podman's own forbids it
    await far.ask("for word in told in 'pieces\n'; do printf \"$word\" >/proc/1/fd/2; sleep 0.1; done")
    assert "toldinpieces" in await far.runtime.log(far.spec.desktop)
    await far.runtime.forget(far.spec.desktop)
    assert far.containers() == ""
    again = replace(far.spec, desktop=uuid4())
    await start(far.runtime, again)
    assert await far.ask("cmp ~/mine ~/.bashrc && echo the same", again) == "the same"


async def test_those_who_share_a_volume_elsewhere_write_in_it(far: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await write_in_one_that_outlives_them(far, monkeypatch)


async def test_a_volume_elsewhere_stays_until_no_container_has_it(far: Stage) -> None:
    await keep_what_a_container_has(far)


async def test_an_image_that_is_not_ours_is_shown_from_elsewhere(far: Stage, tmp_path: Path) -> None:
    await shown_at_no_port_there(far, tmp_path)


async def test_who_has_no_certificate_is_not_let_in(podman: Podman, place: Place) -> None:
    stranger = trustme.CA().issue_cert("deskbay")
    key, certificate = stranger.private_key_pem.bytes().decode(), stranger.cert_chain_pems[0].bytes().decode()
    runtime = DockerSettings.model_validate({**podman.papers, "key": key, "certificate": certificate}).open(place)
    with pytest.raises(Unreachable, match=r"does not take our certificate\. Enter one that its authority has signed"):
        await runtime.owned()
    await runtime.close()


async def test_what_has_some_of_its_labels_is_not_its_own(far: Stage) -> None:
    marks = ["--label", f"deskbay.runtime={far.place.name}", "--label", f"deskbay.desktop={uuid4()}"]
    others = far.engine.run("volume", "create", *marks, "of-another-server")
    assert await far.runtime.owned() == set()
    far.engine.run("volume", "rm", others)


LITTLE = """ENTRYPOINT ["/bin/busybox", "sh", "-c", "echo ready; exec /bin/busybox sleep 600"]"""


def a_little_image(podman: Podman, folder: Path) -> str:
    """Make one of nothing but busybox, which says that it is ready."""
    busybox = program("busybox", "busybox")
    linked = subprocess.run(["ldd", busybox], capture_output=True, text=True, check=True).stdout
    files = [busybox, *re.findall(r"/\S+", linked)]
    archive = ["tar", "--dereference", "--absolute-names", "--transform", "s,^/usr/bin,bin,;s,^/,,"]
    subprocess.run([*archive, "-cf", str(folder / "little.tar"), *files], check=True)
    podman.run("import", "--change", LITTLE, str(folder / "little.tar"), "deskbay-tests/little")
    return "deskbay-tests/little"


async def test_one_of_an_ordinary_user_has_people_without_numbers_of_their_own(
    ssh: SshHost, place: Place, tmp_path: Path
) -> None:
    with rootless_podman() as podman:
        here = DockerSettings(socket=podman.socket).open(place)
        assert (await here.unavailable("desktop") or "").startswith("It runs as an ordinary user")
        await here.close()
        async with tidied(SshSettings.model_validate(ssh.settings(podman.socket)).open(place)) as far:
            assert await far.unavailable("desktop") is None
            assert far.volumes
            await far.volumes.make(volume := VolumeSpec(uuid4(), "Course", 64))
            spec = replace(a_desktop(a_little_image(podman, tmp_path)), network=Network.NONE)
            await start(far, with_volume(spec, volume))
            inside = ["exec", container_of(spec), "/bin/busybox"]
            assert podman.run(*inside, "id").startswith("uid=1000(ann) gid=1000(ann)")
            assert podman.run(*inside, "stat", "-c", "%u:%a", "/home/user") == "1000:700"
            assert podman.run(*inside, "stat", "-c", "%u:%a", STORAGE) == "0:777"  # though there is no tar in it
            await far.forget(spec.desktop)
            await far.volumes.delete(volume.volume)


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

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        if request.path == "/_ping":
            return web.Response(headers={**PING, "Libpod-API-Version": "4.3.1"})
        return refusal("no such container", HTTPStatus.NOT_FOUND)

    async with engine_at(place.data / "podman.sock", answer):
        engine = Engine(SocketWay(place.data / "podman.sock"))
        assert await engine.find("nobody") is None
        assert await engine.find("nobody") is None
        assert asked == ["/_ping", *["/v1.41/containers/nobody/json"] * 2]
        assert await engine.is_podman()
        await engine.close()
