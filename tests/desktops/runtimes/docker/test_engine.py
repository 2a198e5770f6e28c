"""What is said of an engine's refusals: with a real engine."""

from collections.abc import AsyncIterator

import pytest
from aiodocker.types import JSONObject
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.ways import SocketWay

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
    for _ in range(2):
        await asked.need_network(NAME, {"Driver": "bridge"})
    assert networks(engine) == NAME
    engine.run("network", "rm", NAME)
