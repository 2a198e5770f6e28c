"""A runtime on a real engine, and ways to look into its desktops."""

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchSpec, Network, Observation, Presence
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.kinds import Place

PATIENCE = 60.0


@dataclass
class Stage:
    """A runtime on a real engine, and ways to look into its desktops."""

    engine: DockerEngine
    place: Place
    runtime: DockerRuntime
    spec: LaunchSpec = field(init=False)

    def __post_init__(self) -> None:
        self.spec = LaunchSpec(
            desktop=uuid4(),
            owner=uuid4(),
            owner_id=10,
            owner_name="Ann",
            name="Ann's desktop",
            profile="desktop",
            network=Network.NONE,
            memory_mb=1024,
            cpus=1.5,
            environment={"COURSE": "chemistry 1"},
            agent_token="the agent's secret",
            image=self.engine.image,
        )

    async def ask(self, script: str, spec: LaunchSpec | None = None) -> str:
        """What a script prints that runs inside a desktop, as its person."""
        name = container_of(spec or self.spec)
        return await asyncio.to_thread(self.engine.run, "exec", name, "bash", "-c", script)

    async def leave(self, presence: Presence) -> Observation:
        """Wait until the desktop is not what it was."""
        async with asyncio.timeout(PATIENCE):
            while (seen := await self.runtime.observe(self.spec.desktop)).presence is presence:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return seen

    def containers(self) -> str:
        return self.engine.run("ps", "--all", "--format", "{{.Names}}")


def container_of(spec: LaunchSpec) -> str:
    return f"deskbay-{spec.desktop.hex}"
