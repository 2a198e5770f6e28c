"""Desktops on droplets: against a simulator of the API whose droplets are a real sshd and a real engine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncssh
import pytest
from pydo.aio import Client
from tests.desktops.runtimes.digitalocean.simulator import TOKEN, DigitalOceanSimulator
from tests.desktops.runtimes.launchable import a_desktop
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Observation, Presence, Unreachable
from deskbay.desktops.runtimes.conformance import GREETING, OpenRuntime, RuntimeConformance, greeting, start
from deskbay.desktops.runtimes.digitalocean import cloud as cloud_module
from deskbay.desktops.runtimes.digitalocean import runtime as runtime_module
from deskbay.desktops.runtimes.digitalocean.cloud import Cloud
from deskbay.desktops.runtimes.digitalocean.runtime import DigitalOceanRuntime, Order
from deskbay.desktops.runtimes.kinds import Place

KEY = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "droplets")


@pytest.fixture
async def simulator(engine: DockerEngine) -> AsyncIterator[DigitalOceanSimulator]:
    async with DigitalOceanSimulator(engine) as simulator:
        yield simulator


async def shortly(_: float) -> None:
    await asyncio.sleep(0.05)


def open_on(
    simulator: DigitalOceanSimulator, place: Place, token: str = TOKEN, size: str = "s-2vcpu-4gb"
) -> DigitalOceanRuntime:
    authority = place.data / "authority.pem"
    simulator.authority.cert_pem.write_to_path(authority)
    client = Client(token=token, endpoint=simulator.url, connection_verify=str(authority), retry_total=0)
    order = Order("fra1", size, "debian-12-x64", KEY, simulator.ssh_port, str(simulator.engine.socket))
    return DigitalOceanRuntime(Cloud(client), order, place, shortly)


class TestDigitalOcean(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, simulator: DigitalOceanSimulator, place: Place) -> OpenRuntime:
        return lambda: open_on(simulator, place)

    @pytest.fixture
    def spec(self, engine: DockerEngine) -> LaunchSpec:
        # Droplets share one engine here, on which two at once would make two networks of one name.
        return replace(a_desktop(engine.image), network=Network.NONE)

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, image="deskbay-tests/never-made")


@pytest.fixture
def spec(engine: DockerEngine) -> LaunchSpec:
    return a_desktop(engine.image)


@pytest.fixture
async def runtime(simulator: DigitalOceanSimulator, place: Place) -> AsyncIterator[DigitalOceanRuntime]:
    runtime = open_on(simulator, place)
    yield runtime
    await runtime.close()


async def fails(runtime: DigitalOceanRuntime, spec: LaunchSpec, reason: str) -> None:
    with pytest.raises(LaunchError, match=reason):
        await runtime.launch(spec, lambda _: None)


async def test_a_stopped_desktop_keeps_its_droplet_switched_off_and_a_deleted_one_has_none(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    await runtime.end(spec.desktop)
    assert [droplet.status for droplet in simulator.droplets.values()] == ["off"]
    off = Observation(Presence.ABSENT, "Its droplet is switched off.", lost=True)
    assert await runtime.observe(spec.desktop) == off
    await start(runtime, spec)
    assert simulator.ordered == 1
    await runtime.forget(spec.desktop)
    assert simulator.droplets == {}


async def test_a_half_created_droplet_is_found_by_its_tag_and_ended(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, place: Place, spec: LaunchSpec
) -> None:
    simulator.never_boots = True
    other = open_on(simulator, place)
    launching = asyncio.create_task(other.launch(spec, lambda _: None))
    while not simulator.droplets:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert await runtime.owned() == {spec.desktop}
    assert await runtime.observe(spec.desktop) == Observation(Presence.ABSENT)
    await runtime.end(spec.desktop)
    assert await runtime.owned() == set()
    with pytest.raises(LaunchError, match="destroyed while it was prepared"):
        await launching
    await other.close()


async def test_droplets_of_others_are_left_alone(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, place: Place, spec: LaunchSpec
) -> None:
    other = open_on(simulator, replace(place, server=uuid4().hex))
    await start(runtime, spec)
    assert await other.owned() == set()
    await other.forget(spec.desktop)
    assert await greeting(runtime, spec) == GREETING
    await other.close()


@pytest.mark.parametrize("trouble", ["never_boots", "has_another_host_key"])
async def test_a_droplet_that_can_not_be_prepared_is_destroyed(
    simulator: DigitalOceanSimulator,
    runtime: DigitalOceanRuntime,
    spec: LaunchSpec,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    setattr(simulator, trouble, True)
    monkeypatch.setattr(runtime_module, "PREPARE_SECONDS", 3.0)
    why = "it was never switched on" if trouble == "never_boots" else "shows another key than the accepted one"
    await fails(runtime, spec, rf"The droplet was not ready in .* minutes: .*{why}")
    assert (simulator.ordered, simulator.droplets) == (1, {})


async def test_one_that_is_destroyed_outside_is_absent(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, place: Place, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    other = open_on(simulator, place)
    await other.forget(spec.desktop)
    await other.close()
    assert await runtime.observe(spec.desktop) == Observation(Presence.ABSENT, "Its droplet was destroyed.")


async def test_an_expired_token_says_so(simulator: DigitalOceanSimulator, place: Place, spec: LaunchSpec) -> None:
    runtime = open_on(simulator, place, token="dop_v1_ended")
    with pytest.raises(Unreachable, match=r"does not take the token: it has ended, or may not do this\. Enter another"):
        await runtime.owned()
    await fails(runtime, spec, "does not take the token")
    await runtime.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_module, "CALL_SECONDS", 0.5)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("asks_too_often", r"asked too often by this account\. Try again in some minutes\."),
        ("is_in_trouble", r"DigitalOcean is in trouble \(500\)\. Try again later\."),
        ("hangs", r"did not answer in 0\.5 seconds\. Try again later\."),
    ],
)
@pytest.mark.usefixtures("impatient")
async def test_what_is_wrong_there_is_said(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, spec: LaunchSpec, trouble: str, reason: str
) -> None:
    setattr(simulator, trouble, True)
    with pytest.raises(Unreachable, match=reason):
        await runtime.owned()
    await fails(runtime, spec, reason)


async def test_a_full_account_says_so(
    simulator: DigitalOceanSimulator, runtime: DigitalOceanRuntime, spec: LaunchSpec
) -> None:
    simulator.limit = 0
    await fails(runtime, spec, r"will exceed your droplet limit\. Correct the runtime, or ask for a higher limit\.")


async def test_a_size_that_is_not_there_says_so(
    simulator: DigitalOceanSimulator, place: Place, spec: LaunchSpec
) -> None:
    runtime = open_on(simulator, place, size="s-mainframe")
    await fails(runtime, spec, "You specified an invalid size, region or image")
    await runtime.close()


async def test_an_api_that_is_not_there_says_so(place: Place, simulator: DigitalOceanSimulator) -> None:
    runtime = open_on(simulator, place)
    await simulator._runner.cleanup()
    with pytest.raises(Unreachable, match="DigitalOcean can't be reached"):
        await runtime.owned()
    await runtime.close()
