"""The local runtime: starts, watches and ends desktops on this machine."""

import asyncio
import os
import stat
from functools import partial
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Observation, Presence, Report, UnixDisplay
from deskbay.desktops.runtimes.local import network
from deskbay.desktops.runtimes.local.cgroups import ControlGroups, Limits, is_removed, was_out_of_memory
from deskbay.desktops.runtimes.local.failures import explained
from deskbay.desktops.runtimes.local.farewell import ask_to_leave
from deskbay.desktops.runtimes.local.folders import DesktopFolder, desktops_below, open_door
from deskbay.desktops.runtimes.local.homes import open_home, remove_home
from deskbay.desktops.runtimes.local.identity import identity_of
from deskbay.desktops.runtimes.local.liveness import first_process_of, holder, kill_holder, until
from deskbay.desktops.runtimes.local.packages import missing_sentence
from deskbay.desktops.runtimes.local.processes import pipe
from deskbay.desktops.runtimes.local.sandbox import Sandbox, start_sandbox
from deskbay.desktops.runtimes.local.volumes import FolderVolumes

PROFILES = Path(__file__).parents[2] / "profiles"
_LAUNCH_SECONDS = 10.0
_END_SECONDS = 10.0
_POLL_SECONDS = 0.002
_LAUNCHED = "launched"
"""What the server adds to the session's words when nothing more is to be done; a killed one leaves it unsaid."""


class LocalRuntime:
    """Desktops of this machine, with all that is to be kept of them below the folder `data`."""

    def __init__(self, data: Path, groups: ControlGroups | None = None, profiles: Path = PROFILES) -> None:
        self._data = data.absolute()
        self._groups = groups or ControlGroups()
        self._profiles = profiles
        self.volumes = FolderVolumes(self._data / "volumes" / "local")

    async def unavailable(self, profile: str) -> str | None:
        """Why the profile can't be started here, as a sentence with the remedy; None when it can."""
        if not (self._profiles / profile / "session.sh").is_file():
            return f"There is no profile named {profile}."
        if os.geteuid() == 0 and not _is_open_to_all(self._profiles):
            return f"The people in desktops may not read {self._profiles}. Run: chmod -R o+rX {self._profiles}"
        return missing_sentence(profile)

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop and return as soon as its processes exist; `observe` tells when it is ready.

        Raises LaunchError, having taken back all that it made.
        """
        folder = self._folder(spec.desktop)
        if folder.is_alive and _LAUNCHED in folder.words():
            return
        if reason := await self.unavailable(spec.profile):
            raise LaunchError(reason)
        try:
            with explained(folder):
                async with asyncio.timeout(_LAUNCH_SECONDS):
                    await self._start(spec, folder, report)
        except BaseException:
            await asyncio.shield(self.end(spec.desktop))
            raise

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now, asked of the kernel."""
        folder = self._folder(desktop)
        words = folder.words()
        if folder.is_alive:
            return Observation(Presence.READY if {_LAUNCHED, "ready"} <= words else Presence.STARTING)
        if "left" in words:
            return Observation(Presence.ABSENT, "The person inside signed out.", left=True)
        return Observation(Presence.ABSENT, _why_it_ended(folder, words), lost=folder.is_of_an_earlier_boot)

    async def end(self, desktop: UUID) -> None:
        """End every process of the desktop and take away its sockets, locks and groups; the home and the log stay.

        Raises TimeoutError when the kernel can't end a process.
        """
        folder = self._folder(desktop)
        async with asyncio.timeout(_END_SECONDS):
            if (first := first_process_of(folder.lock)) is not None:
                await ask_to_leave(first)
            while not folder.is_quiet:
                await kill_holder(folder.lock)
                await asyncio.sleep(_POLL_SECONDS)
            for group in folder.read_groups():
                await until(partial(is_removed, group))
        folder.clear()

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, but the home of its owner."""
        await self.end(desktop)
        self._folder(desktop).remove()
        await asyncio.to_thread(remove_home, self._data, desktop)

    async def owned(self) -> set[UUID]:
        """Every desktop that this runtime has something of."""
        return desktops_below(self._data)

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        return self._folder(desktop).tail()

    async def display(self, desktop: UUID) -> UnixDisplay:
        """Where the gateway reaches the desktop's VNC server."""
        return UnixDisplay(self._folder(desktop).display)

    async def close(self) -> None:
        """Let go of what is open: nothing."""

    def _folder(self, desktop: UUID) -> DesktopFolder:
        return DesktopFolder.of(self._data, desktop)

    async def _start(self, spec: LaunchSpec, folder: DesktopFolder, report: Report) -> None:
        report("Preparing the home")
        await self.end(spec.desktop)
        identity = identity_of(spec.owner_id)
        home = await asyncio.to_thread(open_home, self._data, spec.home, identity, self._profiles / "look" / "home")
        folder.remove()
        folder.create()
        folder.write_groups(self._groups.paths(spec.desktop))
        volumes = self.volumes.found(spec.volumes)
        report("Starting the desktop")
        groups = self._groups.create(spec.desktop, Limits(spec.memory_mb, spec.cpus))
        with pipe() as (lifeline, held):
            sandbox = Sandbox(spec, identity, folder, home, self._profiles, open_door(self._data), volumes)
            child = start_sandbox(sandbox, groups, held)
            try:
                await until(lambda: child.ended or holder(folder.lock) is not None)
                if spec.network is Network.INTERNET and (process := first_process_of(folder.lock)) is not None:
                    report("Connecting the network")
                    await network.connect(process, lifeline, folder)
            except BaseException:
                child.kill()
                raise
        if child.ended:
            raise ChildProcessError
        folder.say(_LAUNCHED)


def _is_open_to_all(profiles: Path) -> bool:
    """False where a strict umask was in force when the files were installed."""
    return bool(profiles.stat().st_mode & stat.S_IXOTH and (profiles / "start.sh").stat().st_mode & stat.S_IROTH)


def _why_it_ended(folder: DesktopFolder, words: set[str]) -> str | None:
    if any(was_out_of_memory(group) for group in folder.read_groups()):
        return "The desktop ran out of memory."
    if "ready" in words:
        return "The desktop's processes ended unexpectedly."
    if folder.lock.exists():
        return "The desktop's processes ended before it was ready. Its log may tell why."
    return None
