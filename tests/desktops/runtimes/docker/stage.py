"""A runtime on a real engine, and ways to look into its desktops."""

import asyncio
from dataclasses import dataclass, field

from tests.desktops.runtimes.launchable import a_secluded_desktop, leaves
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchSpec, Observation, Presence
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.kinds import Place


@dataclass
class Stage:
    """A runtime on a real engine, and ways to look into its desktops."""

    engine: DockerEngine
    place: Place
    runtime: DockerRuntime
    spec: LaunchSpec = field(init=False)

    def __post_init__(self) -> None:
        self.spec = a_secluded_desktop(self.engine.image, 1.5)

    async def ask(self, script: str, spec: LaunchSpec | None = None) -> str:
        """What a script prints that runs inside a desktop, as its person."""
        name = container_of(spec or self.spec)
        return await asyncio.to_thread(self.engine.run, "exec", name, "bash", "-c", script)

    async def leave(self, presence: Presence) -> Observation:
        """Wait until the desktop is not what it was."""
        return await leaves(self.runtime, self.spec.desktop, presence)

    def containers(self) -> str:
        return self.engine.run("ps", "--all", "--format", "{{.Names}}")


def container_of(spec: LaunchSpec) -> str:
    return f"deskbay-{spec.desktop.hex}"
