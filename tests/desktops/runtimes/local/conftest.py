"""A local runtime on a data folder of the test's own, and a profile that runs a test's script inside."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest

from deskbay.desktops.runtimes import LaunchSpec, Network, Observation, Presence
from deskbay.desktops.runtimes.local import LocalRuntime
from deskbay.desktops.runtimes.local.folders import DesktopFolder
from deskbay.desktops.runtimes.local.liveness import holder, until
from deskbay.desktops.runtimes.local.runtime import PROFILES

ANN = UUID(int=0xA)
WAIT_SECONDS = 60

PROBE_SESSION = """
echo ready >"$XDG_RUNTIME_DIR/ready"
bash /opt/deskbay/probe/script.sh >"$HOME/.answer-$(cat /etc/machine-id)" 2>&1
mv "$HOME/.answer-$(cat /etc/machine-id)" "$HOME/answer-$(cat /etc/machine-id)"
exec sleep infinity
"""


@dataclass
class Stage:
    """The runtime under test, with what it keeps and the profiles that it starts."""

    data: Path
    profiles: Path
    runtime: LocalRuntime
    steps: list[str] = field(default_factory=list)

    def spec(self, profile: str = "desktop", network: Network = Network.NONE) -> LaunchSpec:
        return LaunchSpec(
            desktop=uuid4(),
            owner=ANN,
            owner_id=10,
            owner_name="Ann",
            name="Ann's desktop",
            profile=profile,
            network=network,
            memory_mb=1024,
            cpus=2.0,
        )

    def folder(self, spec: LaunchSpec) -> DesktopFolder:
        return DesktopFolder.of(self.data, spec.desktop)

    async def start(self, spec: LaunchSpec) -> LaunchSpec:
        """Launch and wait until it is ready."""
        await self.runtime.launch(spec, self.steps.append)
        seen = await self.leave(spec.desktop, Presence.STARTING)
        assert seen.presence is Presence.READY, (seen, await self.runtime.log(spec.desktop))
        return spec

    async def leave(self, desktop: UUID, presence: Presence) -> Observation:
        """Wait until the desktop is not what it was."""
        async with asyncio.timeout(WAIT_SECONDS):
            async for seen in self._observations(desktop):
                if seen.presence is not presence:
                    return seen
        raise AssertionError

    async def _observations(self, desktop: UUID) -> AsyncIterator[Observation]:
        while True:
            yield await self.runtime.observe(desktop)
            await asyncio.sleep(0.01)

    async def ask(self, script: str, spec: LaunchSpec | None = None) -> str:
        """What a script prints that runs inside a desktop."""
        spec = replace(spec or self.spec(), profile="probe")
        self.put_script(script)
        await self.start(spec)
        return await self.answer(spec)

    def put_script(self, script: str) -> None:
        (self.profiles / "probe" / "script.sh").write_text(script)

    async def answer(self, spec: LaunchSpec) -> str:
        answer = self.home(spec) / f"answer-{spec.desktop.hex}"
        async with asyncio.timeout(WAIT_SECONDS):
            await until(answer.exists)
        return answer.read_text().strip()

    def home(self, spec: LaunchSpec) -> Path:
        return self.data / "homes" / str(spec.owner)

    def leftovers(self, spec: LaunchSpec) -> list[str]:
        """Everything that the desktop still has of this computer."""
        groups = Path("/sys/fs/cgroup").rglob(f"deskbay-{spec.desktop.hex}")
        mounts = [line for line in Path("/proc/mounts").read_text().splitlines() if str(self.data) in line]
        files = [file for file in self.folder(spec).path.glob("*") if file.name != "log"]
        return [*map(str, groups), *mounts, *map(str, files), *processes_using(self.data)]


def processes_using(data: Path) -> list[str]:
    """Every process but this one that names the folder on its command line or has a file in it open."""
    return [str(process) for process in Path("/proc").glob("[0-9]*") if _uses(process, data)]


def _uses(process: Path, data: Path) -> bool:
    if process.name == str(os.getpid()):
        return False
    try:
        named = str(data).encode() in (process / "cmdline").read_bytes()
        return named or any(str(data) in str(file.readlink()) for file in (process / "fd").iterdir())
    except OSError:
        return False


def descendants(process: int) -> Iterator[int]:
    """Every process below another."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from descendants(child)


def name_of(process: int) -> str:
    """Empty when it is gone."""
    return _about(process, "comm").strip()


def groups_of(process: int) -> str:
    """The control groups that it is a member of; empty when it is gone."""
    return _about(process, "cgroup")


def is_dead(process: int) -> bool:
    """Whether it ended and nobody waited for it."""
    return "State:\tZ" in _about(process, "status")


def _about(process: int, file: str) -> str:
    try:
        return Path(f"/proc/{process}/{file}").read_text()
    except OSError:
        return ""


def first_process(stage: Stage, spec: LaunchSpec) -> int:
    process = holder(stage.folder(spec).lock)
    assert process is not None
    return process


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    copied = tmp_path / "profiles"
    shutil.copytree(PROFILES, copied)
    (copied / "probe").mkdir()
    (copied / "probe" / "session.sh").write_text(PROBE_SESSION)
    return copied


@pytest.fixture
async def stage(profiles: Path) -> AsyncIterator[Stage]:
    # The path of a test's own folder is too long for a socket in it.
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        data = Path(folder, "data")
        stage = Stage(data, profiles, LocalRuntime(data, profiles=profiles))
        yield stage
        for desktop in await stage.runtime.owned():
            await stage.runtime.forget(desktop)
