"""What desktops in a cluster are made of, and what is said when something is wrong: with a real one, where it is given.

What only a simulation can be brought to, such as a role that lacks something, is tested with that.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from tests.clusters.descriptions import Object
from tests.clusters.given import GivenCluster
from tests.clusters.simulated_kubernetes import SimulatedKubernetes
from tests.desktops.runtimes.launchable import a_secluded_desktop, leaves
from tests.ports import free_port

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Observation, Presence, Unreachable
from deskbay.desktops.runtimes.clusters import ClusterWish
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.kubernetes.cluster import Cluster, Kind
from deskbay.desktops.runtimes.kubernetes.manifests import home_of, name_of
from deskbay.desktops.runtimes.kubernetes.runtime import KubernetesRuntime
from deskbay.kit.vnc import LONGEST_PASSWORD

PATIENCE = 60.0


@dataclass
class Stage:
    """A runtime in a cluster, and ways to look at what it made."""

    cluster: GivenCluster
    runtime: KubernetesRuntime
    spec: LaunchSpec = field(init=False)

    def __post_init__(self) -> None:
        self.spec = a_secluded_desktop(self.cluster.image, 0.5)

    async def launch(self, **different: object) -> None:
        self.spec = replace(self.spec, **different)  # type: ignore[arg-type] # as their names say
        await self.runtime.launch(self.spec, lambda _: None)

    async def leave(self, presence: Presence) -> Observation:
        """Wait until the desktop is not what it was."""
        return await leaves(self.runtime, self.spec.desktop, presence)

    async def made(self) -> dict[str, int]:
        """How many objects of each kind there are of the desktop."""
        label = {"deskbay.desktop": str(self.spec.desktop)}
        api = Cluster(None, self.cluster.namespace) if self.cluster.simulated else self.cluster.api
        if simulated := self.cluster.simulated:
            found = [
                kind for (kind, _), it in simulated.objects.items() if label.items() <= it["metadata"]["labels"].items()
            ]
            return {kind: found.count(kind) for kind in sorted(found)}
        counted = {str(kind): len(await api.labelled(kind, label)) for kind in Kind}
        return {kind: number for kind, number in sorted(counted.items()) if number}


@pytest.fixture
async def stage(cluster: GivenCluster) -> AsyncIterator[Stage]:
    stage = Stage(cluster, cluster.open())
    yield stage
    for desktop in await stage.runtime.owned():
        await stage.runtime.forget(desktop)
    await stage.runtime.close()


@pytest.fixture
def simulated(cluster: GivenCluster) -> SimulatedKubernetes:
    if cluster.simulated is None:
        pytest.skip("a real cluster can't be brought to it")
    return cluster.simulated


async def test_the_home_stays_until_the_desktop_is_forgotten_and_so_does_the_log(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    whole = dict.fromkeys(("networkpolicies", "persistentvolumeclaims", "pods", "secrets", "services"), 1)
    assert await stage.made() == whole
    first = await stage.runtime.display(stage.spec.desktop)
    assert "ready" in await stage.runtime.log(stage.spec.desktop)
    await stage.runtime.end(stage.spec.desktop)
    assert await stage.made() == {"configmaps": 1, "persistentvolumeclaims": 1}
    assert "ready" in await stage.runtime.log(stage.spec.desktop)
    assert await stage.runtime.owned() == {stage.spec.desktop}
    await start(stage.runtime, stage.spec)
    assert (await stage.runtime.display(stage.spec.desktop)).password != first.password
    await stage.runtime.forget(stage.spec.desktop)
    assert await stage.made() == {}


async def test_the_gateway_is_told_a_password_of_the_launch_s_own(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    display = await stage.runtime.display(stage.spec.desktop)
    assert (display.port, len(display.password or "")) == (5900, LONGEST_PASSWORD)
    assert str(display.password) not in repr(display)
    await stage.runtime.end(stage.spec.desktop)
    with pytest.raises(Unreachable, match="is not in the cluster any more"):
        await stage.runtime.display(stage.spec.desktop)


async def test_only_what_is_its_own_is_owned(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    other_server = replace(stage.cluster, server=uuid4().hex)
    for runtime in (stage.cluster.open("other"), other_server.open()):
        assert await runtime.owned() == set()
        await runtime.close()
    assert await stage.runtime.owned() == {stage.spec.desktop}


async def test_without_memory_enough_that_is_what_it_says(stage: Stage) -> None:
    try:
        await stage.launch(memory_mb=20)
    except LaunchError as error:  # it was over before the launch
        reason: str | None = str(error)
    else:
        reason = (await stage.leave(Presence.STARTING)).reason
    assert reason == "The desktop ran out of memory."


async def test_a_quota_without_room_is_told_and_leaves_nothing_but_the_home(stage: Stage) -> None:
    await stage.cluster.limit_memory(512)
    async with asyncio.timeout(PATIENCE):
        while not await stage.cluster.limits_hold():  # noqa: ASYNC110 - the cluster is asked
            await asyncio.sleep(0.05)
    with pytest.raises(LaunchError, match=r"The cluster's quota has no room: small, requested: .*1(Gi|024Mi).* Stop a"):
        await stage.launch()
    assert await stage.made() == {"persistentvolumeclaims": 1}


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        ({"image": None}, r"The template names no image. Ask an administrator"),
        (
            {"image": "deskbay-tests/never-made"},
            r"The image .*deskbay-tests/never-made.* can't be had in the cluster: .* Cor",
        ),
        (
            {"memory_mb": 64_000_000},
            r"No node of the cluster takes the desktop: 0/\d+ nodes .*Insufficient memory.* Stop",
        ),
        ({"cluster": ClusterWish(node_labels={"zone": "moon"})}, r"No node of the cluster takes the desktop: .* node"),
    ],
)
async def test_what_can_not_be_started_says_why(
    cluster: GivenCluster, stage: Stage, different: dict[str, object], reason: str
) -> None:
    stage.runtime = cluster.open(node_wait_seconds=3)
    with pytest.raises(LaunchError, match=reason):
        await stage.launch(**different)
    assert (await stage.made()).keys() <= {"persistentvolumeclaims"}


async def test_credentials_that_are_wrong_are_said_to_be_so_by_whatever_is_asked(stage: Stage) -> None:
    runtime = stage.cluster.open(token="no such token")
    reason = "The cluster does not take the credentials: wrong, or expired. Enter new ones."
    assert await runtime.unavailable("desktop") == reason
    with pytest.raises(LaunchError, match=reason):
        await runtime.launch(stage.spec, lambda _: None)
    for question in (runtime.observe, runtime.end, runtime.forget, runtime.log, runtime.display):
        with pytest.raises(Unreachable, match=reason):
            await question(stage.spec.desktop)
    with pytest.raises(Unreachable, match=reason):
        await runtime.owned()
    await runtime.close()


async def test_a_namespace_that_is_not_there_is_named_with_the_remedy(
    simulated: SimulatedKubernetes, stage: Stage
) -> None:
    simulated.has_namespace = False
    assert await stage.runtime.unavailable("desktop") == (
        "The cluster has no namespace desks. Create it: kubectl create namespace desks"
    )


async def test_a_role_that_lacks_something_is_told_which(simulated: SimulatedKubernetes, stage: Stage) -> None:
    simulated.denied = {("create", "networkpolicies")}
    with pytest.raises(
        LaunchError, match=r'cannot create resource "networkpolicies" .* Give its account the role that'
    ):
        await stage.launch()
    assert await stage.made() == {}


@contextlib.contextmanager
def a_port_that_says_nothing() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"https://127.0.0.1:{silent.getsockname()[1]}"


async def test_a_cluster_that_hangs_is_said_to_hang_and_asked_once(stage: Stage) -> None:
    with a_port_that_says_nothing() as url:
        runtime = stage.cluster.open(url=url)
        assert await runtime.unavailable("desktop") == "The cluster did not answer in 3 seconds. See how it is."
        assert await runtime.unavailable("desktop") == "The cluster did not answer in 3 seconds. See how it is."
        await runtime.close()


async def test_a_cluster_that_is_gone_and_one_with_a_stranger_s_certificate(stage: Stage) -> None:
    runtime = stage.cluster.open(url=f"https://127.0.0.1:{free_port()}")
    assert "The cluster can't be reached: " in (await runtime.unavailable("desktop") or "")
    await runtime.close()
    runtime = stage.cluster.open(authority=None)
    assert "certificate is of an authority that the runtime does not name" in (await runtime.unavailable("d") or "")
    await runtime.close()


async def test_without_settings_it_is_the_cluster_of_the_server_s_own_pod(stage: Stage) -> None:
    runtime = stage.cluster.open(url=None, token=None, authority=None)
    assert await runtime.unavailable("desktop") == (
        "This server does not run in a cluster, or as no service account. Give the runtime a kubeconfig, "
        "or an address and a token."
    )


async def test_whoever_signs_out_and_what_crashes_are_told_apart(simulated: SimulatedKubernetes, stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    simulated.node.end(pod_of(simulated, stage), "Completed", 0)
    assert (await stage.leave(Presence.READY)).left
    await start(stage.runtime, stage.spec)
    simulated.node.end(pod_of(simulated, stage), "Error", 1)
    seen = await stage.leave(Presence.READY)
    assert seen == Observation(Presence.ABSENT, "The desktop's processes ended unexpectedly. Its log may tell why.")


async def test_a_pod_that_somebody_deletes_meanwhile_ends_the_launch(
    simulated: SimulatedKubernetes, stage: Stage
) -> None:
    simulated.node.takes_pods = False
    launching = asyncio.create_task(stage.launch())
    async with asyncio.timeout(PATIENCE):
        while not simulated.names("pods"):  # noqa: ASYNC110 - the simulation is asked
            await asyncio.sleep(0.01)
    simulated.node.take_away("pods", pod_of(simulated, stage))
    with pytest.raises(LaunchError, match="Somebody deleted the desktop's pod"):
        await launching


async def test_a_pod_is_shut_in_and_has_what_it_may_have(simulated: SimulatedKubernetes, stage: Stage) -> None:
    stage.runtime = stage.cluster.open(server_url="https://desk.example.org", seccomp="deskbay.json")
    await stage.launch(cluster=ClusterWish(gpus=2))
    pod, name = pod_of(simulated, stage)["spec"], name_of(stage.spec.desktop)
    (container,) = pod["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "Localhost", "localhostProfile": "deskbay.json"}
    assert not pod["automountServiceAccountToken"]
    all_of_it = {"memory": "1024Mi", "cpu": "500m", "nvidia.com/gpu": "2"}
    assert container["resources"] == {"limits": all_of_it, "requests": all_of_it}
    assert {"secretKeyRef": {"name": name, "key": "env.COURSE"}} in [it.get("valueFrom") for it in container["env"]]
    assert "chemistry" not in str(pod)
    kept = simulated.objects["secrets", name]["data"]
    assert {"env.COURSE", "password", "vnc-password", "token", "server-url", "etc.passwd"} <= kept.keys()


@pytest.mark.parametrize(
    ("network", "ways_out"),
    [(Network.NONE, 2), (Network.INTERNET, 3), (Network.HOST, None)],
)
async def test_nobody_gets_in_but_the_gateway_and_out_only_where_the_template_says(
    simulated: SimulatedKubernetes, stage: Stage, network: Network, ways_out: int | None
) -> None:
    await stage.launch(network=network)
    rules: Object = simulated.objects["networkpolicies", name_of(stage.spec.desktop)]["spec"]
    gateway = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "deskbay"}}}]
    assert rules["ingress"] == [{"from": gateway, "ports": [{"protocol": "TCP", "port": 5900}]}]
    assert rules["podSelector"] == {"matchLabels": {"deskbay.desktop": str(stage.spec.desktop)}}
    assert (len(rules["egress"]) if "egress" in rules else None) == ways_out


async def test_an_image_that_is_not_ours_is_as_it_was_made(simulated: SimulatedKubernetes, stage: Stage) -> None:
    environment = {"VNC_PW": "given by us"}
    await stage.launch(port=5901, password_variable="VNC_PW", environment=environment)
    assert await stage.leave(Presence.STARTING) == Observation(Presence.READY)
    display = await stage.runtime.display(stage.spec.desktop)
    assert (display.port, display.password) == (5901, "given by us")
    (container,) = pod_of(simulated, stage)["spec"]["containers"]
    assert not container.keys() & {"args", "securityContext"}


async def test_objects_of_a_desktop_have_names_that_fit_everywhere(stage: Stage) -> None:
    assert len(home_of(stage.spec.desktop)) <= 53


def pod_of(simulated: SimulatedKubernetes, stage: Stage) -> Object:
    return simulated.objects["pods", name_of(stage.spec.desktop)]
