"""Where the files of desktops in containers are: on the engine's host, which may be this one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from deskbay.desktops.runtimes import LaunchSpec, UnixDisplay
from deskbay.desktops.runtimes.docker.answers import Container
from deskbay.desktops.runtimes.docker.folders import ContainerFolder
from deskbay.desktops.runtimes.docker.ports import published_port_of
from deskbay.desktops.runtimes.local.folders import open_door
from deskbay.desktops.runtimes.local.homes import open_home, remove_home
from deskbay.desktops.runtimes.local.identity import identity_of
from deskbay.desktops.runtimes.people import accounts, login_of

FURNITURE = Path(__file__).parents[2] / "profiles" / "look" / "home"
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Room:
    """What a container is given, by its paths on the engine's host.

    `door` is the folder of the socket on which the server hears agents; without one `folder` has its address.
    """

    uid: int
    gid: int
    folder: ContainerFolder
    home: str
    has_token: bool
    door: str | None


class Lodging(Protocol):
    """Keeps what desktops have beside their containers. Everything may be done again, after a crash, too.

    `is_here` tells whether the engine's host is this one.
    """

    is_here: bool

    async def prepare(self, spec: LaunchSpec) -> Room:
        """Make the home, if need be, and all else anew. The image is there."""

    async def display(self, desktop: UUID) -> UnixDisplay:
        """Where the gateway reaches the desktop's screen."""

    async def port(self, desktop: UUID, container: Container) -> int:
        """The port of our loopback that leads to the one of a container that is not ours. Raises Unreachable."""

    async def owned(self) -> set[UUID]:
        """Every desktop of which there is more than a log."""

    async def clear(self, desktop: UUID) -> None:
        """Take away everything but the home and the log."""

    async def remove(self, desktop: UUID) -> None:
        """Take away everything but the home of its owner."""

    def keep_log(self, desktop: UUID, lines: Sequence[str]) -> None:
        """Keep the last lines of a container that is taken away."""

    def log(self, desktop: UUID) -> list[str]:
        """The lines that were kept."""

    async def close(self) -> None:
        """Let go of what is open."""


class LocalLodging:
    """On this host, below the folder `data`."""

    is_here = True

    def __init__(self, data: Path, name: str) -> None:
        self._data = data.absolute()
        self._name = name

    async def prepare(self, spec: LaunchSpec) -> Room:
        self.prepare_spare(spec.desktop)
        return await self.take_spare(spec)

    def prepare_spare(self, desktop: UUID) -> tuple[ContainerFolder, Path]:
        """Make the folder of a desktop that is nobody's yet; return it, and that of the socket for agents."""
        folder = self.folder(desktop)
        folder.create(accounts("nobody", NOBODY, NOBODY, desktop))
        return folder, open_door(self._data)

    async def take_spare(self, spec: LaunchSpec) -> Room:
        """Make the home, if need be, and the folder the person's."""
        identity, folder = identity_of(spec.owner_id), self.folder(spec.desktop)
        home = await asyncio.to_thread(open_home, self._data, spec.home, identity, FURNITURE)
        etc = accounts(login_of(spec.owner_name), identity.host_uid, identity.host_gid, spec.desktop)
        folder.give(identity, etc, spec.agent_token)
        door = str(open_door(self._data))
        has_token = spec.agent_token is not None
        return Room(identity.host_uid, identity.host_gid, folder, str(home), has_token=has_token, door=door)

    async def display(self, desktop: UUID) -> UnixDisplay:
        return UnixDisplay(self.folder(desktop).display)

    async def port(self, desktop: UUID, container: Container) -> int:  # noqa: ARG002 - the container tells
        return published_port_of(container)

    async def owned(self) -> set[UUID]:
        return set()

    async def clear(self, desktop: UUID) -> None:
        self.folder(desktop).clear()

    async def remove(self, desktop: UUID) -> None:
        self.folder(desktop).remove()
        await asyncio.to_thread(remove_home, self._data, desktop)

    def keep_log(self, desktop: UUID, lines: Sequence[str]) -> None:
        self.folder(desktop).keep_log(lines)

    def log(self, desktop: UUID) -> list[str]:
        return self.folder(desktop).tail()

    async def close(self) -> None:
        pass

    def folder(self, desktop: UUID) -> ContainerFolder:
        return ContainerFolder(self._data / "containers" / self._name / desktop.hex)
