"""Volumes of an engine, each with our labels: the engine mounts them.

Those of one on this host have their files in our folders; those of one elsewhere are the engine's own.
"""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.docker.container import volume_name
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.local.volumes import FolderVolumes
from deskbay.desktops.runtimes.volumes import Mount, VolumeSpec, VolumeStore

VOLUME_LABEL = "deskbay.volume"
FRESH_SECONDS = 30.0
"""For so long what an engine has measured is not asked for again: it looks at every file of every volume."""


async def refuse_missing(store: VolumeStore | None, mounts: Sequence[Mount]) -> None:
    """Raise LaunchError when a volume is not there: the engine would make one of that name, which is nobody's."""
    owned = await store.owned() if store and mounts else set()
    if any(mount.volume not in owned for mount in mounts):
        raise LaunchError("A volume of the desktop is not there any more. Detach it, and start it again.")


class EngineVolumes:
    """Named volumes, each bound to a folder that can be given its rights and be measured from here."""

    enforces_size = False

    def __init__(self, engine: Engine, folders: FolderVolumes, labels: Mapping[str, str]) -> None:
        self._engine = engine
        self._folders = folders
        self._labels = dict(labels)

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty. Its size is a promise, which may grow. Raises VolumeError."""
        await self._folders.make(spec)
        labels = {**self._labels, VOLUME_LABEL: str(spec.volume)}
        await self._engine.need_volume(volume_name(spec.volume), labels, self._folders.path(spec.volume))

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it."""
        await self._engine.remove_volume(volume_name(volume))
        await self._folders.delete(volume)

    async def measure(self, volume: UUID) -> int | None:
        """How many bytes of the disk are used."""
        return await self._folders.measure(volume)

    async def owned(self) -> set[UUID]:
        """Every volume that the engine has with this runtime's labels, or that has a folder."""
        named = await self._engine.volumes_named(VOLUME_LABEL, self._labels)
        return {UUID(volume) for volume in named} | await self._folders.owned()


class RemoteVolumes:
    """Named volumes of an engine elsewhere. A launch gives them their rights, with an image that it has anyway."""

    enforces_size = False

    def __init__(self, engine: Engine, labels: Mapping[str, str]) -> None:
        self._engine = engine
        self._labels = dict(labels)
        self._sizes: Mapping[str, int] = {}
        self._measuring = asyncio.Lock()
        self._measured_again_at = 0.0

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty. Its size is a promise, which may grow. Raises VolumeError."""
        await self._engine.need_volume(volume_name(spec.volume), {**self._labels, VOLUME_LABEL: str(spec.volume)})

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it. Raises VolumeError while a container has it."""
        await self._engine.remove_volume(volume_name(volume))

    async def measure(self, volume: UUID) -> int | None:
        """How many bytes are in its files. The engine measures all at once, not more often than it has to."""
        clock = asyncio.get_running_loop()
        async with self._measuring:
            if volume_name(volume) not in self._sizes or clock.time() >= self._measured_again_at:
                self._sizes = await self._engine.volume_sizes()
                self._measured_again_at = clock.time() + FRESH_SECONDS
        return self._sizes.get(volume_name(volume))

    async def owned(self) -> set[UUID]:
        """Every volume that the engine has with this runtime's labels."""
        return {UUID(volume) for volume in await self._engine.volumes_named(VOLUME_LABEL, self._labels)}
