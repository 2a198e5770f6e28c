"""What is said of an engine's refusals: with a real engine."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiodocker import Docker
from aiodocker.types import JSONObject
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.docker import engine as engine_module
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.ways import SocketWay
from deskbay.desktops.runtimes.volumes import VolumeError

NAME = "deskbay-tests"


@pytest.fixture
async def asked(engine: DockerEngine) -> AsyncIterator[Engine]:
    asked = Engine(SocketWay(engine.socket))
    yield asked
    await asked.close()


def networks(engine: DockerEngine) -> str:
    return engine.run("network", "ls", "--format", "{{.Name}}", "--filter", f"name={NAME}")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"ConfigFrom": {"Network": "nowhere"}}, 'configuration network "nowhere" does not exist'),  # a 404, too
        ({"IPAM": {"Config": [{"Subnet": "172.16.0.0/12"}]}}, "Pool overlaps with other one on this address space"),
    ],
)
async def test_what_an_engine_has_against_a_network_is_quoted(
    engine: DockerEngine, asked: Engine, config: JSONObject, words: str
) -> None:
    with pytest.raises(LaunchError) as refused:
        await asked.need_network(NAME, config)
    assert str(refused.value) == f"The Docker engine could not make the desktops' network: {words}"
    assert networks(engine) == ""


async def test_a_network_is_made_once(engine: DockerEngine, asked: Engine) -> None:
    made = {await asked.need_network(NAME, {"Driver": "bridge"}) for _ in range(2)}
    assert networks(engine) == NAME
    assert {engine.run("network", "inspect", "--format", "{{.Id}}", NAME)} == made
    engine.run("network", "rm", NAME)


async def test_servers_that_need_it_at_once_have_one_and_leave_none_over(engine: DockerEngine) -> None:
    servers = [Engine(SocketWay(engine.socket)) for _ in range(6)]
    made = await asyncio.gather(*(server.need_network(NAME, {"Driver": "bridge"}) for server in servers))
    for server in servers:
        await server.close()
    there = engine.run("network", "ls", "--no-trunc", "--format", "{{.ID}}", "--filter", f"name={NAME}").split()
    engine.run("network", "rm", *there)
    assert set(made) == set(there)


async def test_of_several_the_oldest_is_taken_and_no_other_of_a_like_name(engine: DockerEngine, asked: Engine) -> None:
    async with Docker(f"unix://{engine.socket}") as docker:
        made = [(await docker.networks.create({"Name": name})).id for name in (f"{NAME}-2", NAME, NAME)]
    assert await asked.need_network(NAME, {"Driver": "bridge"}) == made[1]
    engine.run("network", "rm", *made)


async def test_sizes_that_several_ask_for_at_once_are_told_to_all(
    engine: DockerEngine, asked: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.01)
    await asked.need_volume(NAME, {})
    servers = [Engine(SocketWay(engine.socket)) for _ in range(12)]
    told = await asyncio.gather(*(server.volume_sizes() for server in servers))
    for server in servers:
        await server.close()
    assert [sizes[NAME] for sizes in told] == [0] * len(servers)
    await asked.remove_volume(NAME)


async def test_what_an_engine_has_against_a_volume_is_quoted(asked: Engine) -> None:
    with pytest.raises(VolumeError, match=r"The Docker engine could not make a volume: .*invalid"):
        await asked.need_volume("not a name", {})
