"""A desktop that any runtime can launch, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid4

from deskbay.desktops.runtimes import LaunchSpec, Network, Observation, Presence, Runtime

PATIENCE = 60.0

AnyRuntime = TypeVar("AnyRuntime", bound=Runtime)


def a_desktop(image: str | None = None) -> LaunchSpec:
    return LaunchSpec(
        desktop=uuid4(),
        owner=uuid4(),
        owner_id=10,
        owner_name="Ann",
        name="Ann's desktop",
        profile="desktop",
        network=Network.INTERNET,
        memory_mb=1024,
        cpus=2.0,
        image=image,
    )


def a_secluded_desktop(image: str, cpus: float) -> LaunchSpec:
    """One without a network, which has a variable and the token of an agent."""
    secluded = replace(a_desktop(image), network=Network.NONE, cpus=cpus)
    return replace(secluded, environment={"COURSE": "chemistry 1"}, agent_token="the agent's secret")


@asynccontextmanager
async def tidied(runtime: AnyRuntime) -> AsyncIterator[AnyRuntime]:
    """Give a runtime, and take away what is on it afterwards."""
    try:
        yield runtime
        for desktop in await runtime.owned():
            await runtime.forget(desktop)
    finally:
        await runtime.close()


async def leaves(runtime: Runtime, desktop: UUID, presence: Presence) -> Observation:
    """Wait until a desktop is not what it was."""
    async with asyncio.timeout(PATIENCE):
        while (seen := await runtime.observe(desktop)).presence is presence:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)
    return seen
