"""Charts that Rancher installs: names, what is kept, what fails, and what is left when a server dies over it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from tests.clusters.given_rancher import CHART, GivenRancher
from tests.clusters.kubelet import IMAGE
from tests.desktops.runtimes.launchable import a_desktop

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Unreachable
from deskbay.desktops.runtimes.clusters import Chart, ClusterWish
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.rancher.runtime import RancherRuntime, release_of
from deskbay.desktops.runtimes.rancher.values import filled

PATIENCE = 60.0


@dataclass
class Stage:
    """A runtime behind Rancher, and what there is."""

    rancher: GivenRancher
    runtime: RancherRuntime
    spec: LaunchSpec = field(init=False)

    def __post_init__(self) -> None:
        self.spec = replace(a_desktop(IMAGE), name="Chemistry, Monday", cluster=ClusterWish(chart=CHART))

    async def launch(self, chart: Chart | None = CHART) -> None:
        self.spec = replace(self.spec, cluster=ClusterWish(chart=chart))
        await self.runtime.launch(self.spec, lambda _: None)

    def left(self) -> set[str]:
        """The kinds of what there is, and `apps` where there is an app."""
        apps = {"apps"} if self.rancher.simulated.apps else set()
        return apps | {kind for kind, _ in self.rancher.simulated.objects}


@pytest.fixture
async def stage(rancher: GivenRancher) -> AsyncIterator[Stage]:
    stage = Stage(rancher, rancher.open())
    yield stage
    assert rancher.simulated.refused == []
    await stage.runtime.close()


async def test_a_release_has_the_desktop_s_name_as_far_as_it_fits_and_its_home_stays(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    release = f"chemistry-mo-{stage.spec.desktop}"
    (app,) = stage.rancher.simulated.apps
    assert app == release
    assert stage.rancher.simulated.names("persistentvolumeclaims") == {f"{release}-home"}
    first = await stage.runtime.display(stage.spec.desktop)
    await stage.runtime.end(stage.spec.desktop)
    assert stage.left() == {"persistentvolumeclaims", "configmaps"}
    stage.spec = replace(stage.spec, name="Another name")
    await start(stage.runtime, stage.spec)
    assert set(stage.rancher.simulated.apps) == {release}  # its home is called so
    assert (await stage.runtime.display(stage.spec.desktop)).password != first.password
    await stage.runtime.forget(stage.spec.desktop)
    assert stage.left() == set()


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("lab", "lab"),
        ("Ann's desktop", "ann-s-deskto"),
        ("¿?", "desktop"),
        ("2nd year", "nd-year"),
        ("x" * 64, "x" * 12),
    ],
)
def test_whatever_a_desktop_is_called_its_release_can_be_called(name: str, beginning: str) -> None:
    spec = replace(A_SPEC, name=name)
    assert release_of(spec) == f"{beginning}-{spec.desktop}"
    assert len(release_of(spec)) <= 53


@pytest.mark.parametrize(
    ("chart", "reason"),
    [
        (None, "The template names no chart. Ask an administrator"),
        (
            CHART.model_copy(update={"name": "nothing"}),
            "Rancher does not install the chart nothing: chart nothing version",
        ),
        (
            CHART.model_copy(update={"name": "broken", "version": "1.0.0"}),
            r"The chart broken 1.0.0 could not be installed: .*(BackoffLimitExceeded).* Ask an",
        ),
        (
            CHART.model_copy(update={"name": "mute", "version": "1.0.0"}),
            "The chart mute 1.0.0 could not be installed: Exit code: 123, Error: values don't meet .* Ask an",
        ),
        (
            CHART.model_copy(update={"values": {"home": "${house}"}}),
            r"values for the chart have “\${house}”, but \${…} is one of: cpus, .*password",
        ),
    ],
)
async def test_a_chart_that_fails_says_why_and_takes_everything_back_but_the_home(
    stage: Stage, chart: Chart | None, reason: str
) -> None:
    with pytest.raises(LaunchError, match=reason):
        await stage.launch(chart)
    assert stage.left() <= {"persistentvolumeclaims", "configmaps"}
    await stage.runtime.forget(stage.spec.desktop)
    assert stage.left() == set()


async def test_an_image_that_can_not_be_had_is_told_as_in_any_cluster(stage: Stage) -> None:
    stage.spec = replace(stage.spec, image="deskbay-tests/never-made")
    with pytest.raises(LaunchError, match="The image deskbay-tests/never-made can't be had in the cluster"):
        await stage.launch()
    assert stage.left() == {"persistentvolumeclaims"}


async def test_what_a_server_that_died_had_told_to_be_installed_is_waited_for_and_taken_away(stage: Stage) -> None:
    launching = asyncio.create_task(stage.launch())
    simulated = stage.rancher.simulated
    async with asyncio.timeout(PATIENCE):
        while not simulated.operations:  # noqa: ASYNC110 - the simulation is asked
            await asyncio.sleep(0.001)
    launching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launching
    assert stage.left() == {"persistentvolumeclaims", "configmaps"} or stage.left() == {"persistentvolumeclaims"}
    assert all(operation.is_over for operation in simulated.operations)


async def test_a_secret_that_somebody_deleted_does_not_hide_a_chart(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    simulated = stage.rancher.simulated
    del simulated.objects["secrets", f"deskbay-{stage.spec.desktop}"]
    assert await stage.runtime.owned() == {stage.spec.desktop}
    await stage.runtime.forget(stage.spec.desktop)
    assert stage.left() == set()


async def test_only_what_is_its_own_is_owned(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    for runtime in (stage.rancher.open("other"), replace(stage.rancher, server=uuid4().hex).open()):
        assert await runtime.owned() == set()
        await runtime.close()
    assert await stage.runtime.owned() == {stage.spec.desktop}


async def test_a_token_that_has_expired_and_an_address_that_is_not_rancher_s(stage: Stage) -> None:
    runtime = stage.rancher.open(token="expired")
    assert "The cluster does not take the credentials" in (await runtime.unavailable("desktop") or "")
    await runtime.close()
    runtime = stage.rancher.open(cluster_id="c-m-other")
    with pytest.raises(Unreachable):
        await runtime.owned()
    await runtime.close()


def test_values_are_filled_wherever_they_are_texts() -> None:
    values = filled({"a": "${x}-$$", "b": ["${x}", 1, None], "c": {"d": {"e": "$x"}}, "f": True}, {"x": "y"})
    assert values == {"a": "y-$", "b": ["y", 1, None], "c": {"d": {"e": "y"}}, "f": True}


A_SPEC = LaunchSpec(
    desktop=uuid4(),
    owner=uuid4(),
    owner_id=10,
    owner_name="Ann",
    name="",
    profile="desktop",
    network=Network.NONE,
    memory_mb=1024,
    cpus=1.0,
)
