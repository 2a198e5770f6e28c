"""Spare containers: each waits, as nobody, for the person whose desktop it will be.

What takes time is done by then: the container runs, with its limits, its network and its volumes. Its first process is
root there with nothing but the right to become somebody else. When it is taken, the person's home is mounted in the
container's namespace, and that process becomes the person for good; from then on it is what any other desktop's is.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Unreachable
from deskbay.desktops.runtimes.docker.answers import Container
from deskbay.desktops.runtimes.docker.container import (
    DESKTOP_LABEL,
    binds_of,
    confinement_of,
    container_name,
    environment_of,
    limits_of,
    token_bind,
    volume_binds,
)
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.lodging import LocalLodging, Room
from deskbay.desktops.runtimes.docker.namespaces import show_folder
from deskbay.desktops.runtimes.docker.networks import network_of
from deskbay.desktops.runtimes.docker.volumes import refuse_missing
from deskbay.desktops.runtimes.people import HOME, HOST_NAME
from deskbay.desktops.runtimes.spares import SpareSpec, spare_for
from deskbay.desktops.runtimes.volumes import VolumeStore

RECIPE_LABEL = "deskbay.spare"
TO_BECOME_SOMEBODY = ["SETUID", "SETGID", "SETPCAP"]
POLL_SECONDS = 0.02
LINES = 5
ANSWER_SECONDS = 5.0


class ContainerSpares:
    """Spares on an engine of this host."""

    def __init__(self, engine: Engine, lodging: LocalLodging, labels: Mapping[str, str], volumes: VolumeStore) -> None:
        self._engine = engine
        self._volumes = volumes
        self._lodging = lodging
        self._labels = dict(labels)

    async def prepare(self, spec: SpareSpec) -> None:
        """Make a spare, and return when it waits. Raises LaunchError, having taken back all that it made."""
        try:
            await self._prepare(spec)
        except BaseException as error:
            with suppress(Unreachable):
                await asyncio.shield(self._take_back(spec.desktop))
            if isinstance(error, Unreachable):
                raise LaunchError(str(error)) from error
            raise

    async def _prepare(self, spec: SpareSpec) -> None:
        name = container_name(spec.desktop)
        await refuse_missing(self._volumes, spec.volumes)
        await self._engine.remove(name)
        if not await self._engine.has_image(spec.image):
            await self._engine.fetch(spec.image)
        await self._engine.start(name, await self._config(spec))
        while not self._waits(spec.desktop):
            container = await self._engine.find(name)
            if container is None or not container.state.is_running:
                raise LaunchError(await self._why_it_ended(name))
            await asyncio.sleep(POLL_SECONDS)

    async def _config(self, spec: SpareSpec) -> JSONObject:
        folder, door = self._lodging.prepare_spare(spec.desktop)
        is_podman = await self._engine.is_podman()
        network = await network_of(self._engine, self._labels, spec.network, is_podman=is_podman)
        confinement = confinement_of(spec, folder, network, is_podman=is_podman)
        own = [f"{folder.spare}:/run/deskbay/spare", token_bind(folder), f"{door}:/run/deskbay/server:ro"]
        return {
            "Image": spec.image,
            "Cmd": [f"{spec.width}x{spec.height}", "spare"],
            "User": "0:0",
            "Env": [f"{name}={value}" for name, value in spec.environment.items()],
            "WorkingDir": "/",
            "Labels": {**self._labels, DESKTOP_LABEL: str(spec.desktop), RECIPE_LABEL: spec.recipe},
            **({} if spec.network is Network.HOST else {"Hostname": HOST_NAME}),
            "HostConfig": {
                **limits_of(spec),
                **confinement,
                "CapAdd": TO_BECOME_SOMEBODY,
                "Binds": [*binds_of(folder), *own, *volume_binds(spec.volumes)],
            },
        }

    async def _why_it_ended(self, name: str) -> str:
        last = " ".join(await self._engine.errors(name, LINES))
        what = "The spare desktop ended at once. Build its image anew: images of an older Deskbay can't wait."
        return f"{what} It said: {last}" if last else what

    async def _take_back(self, desktop: UUID) -> None:
        await self._engine.remove(container_name(desktop))
        await self._lodging.remove(desktop)

    async def waiting(self) -> set[UUID]:
        """Every spare that waits."""
        running = await self._engine.list_named(DESKTOP_LABEL, self._labels, is_running=True)
        return {desktop for desktop in map(UUID, running) if self._waits(desktop)}

    def is_one(self, desktop: UUID, container: Container) -> bool:
        """Tell whether a container that runs waits for its person."""
        return RECIPE_LABEL in container.config.labels and self._waits(desktop)

    def _waits(self, desktop: UUID) -> bool:
        return self._lodging.folder(desktop).spare_door.exists()

    async def take(self, spec: LaunchSpec, container: Container) -> bool:
        """Make a spare the person's, for good. Returns False where it is unlike the wish, or does not answer."""
        wish = spare_for(spec)
        if wish is None or container.config.labels[RECIPE_LABEL] != wish.recipe:
            return False
        try:
            await asyncio.to_thread(_hand_over, await self._lodging.take_spare(spec), spec)
        except OSError:
            return False
        return True


def _hand_over(room: Room, spec: LaunchSpec) -> None:
    with socket.socket(socket.AF_UNIX) as spare:
        spare.settimeout(ANSWER_SECONDS)
        spare.connect(str(room.folder.spare_door))
        _, namespaces, _, _ = socket.recv_fds(spare, 1, 1)
        if not namespaces:
            raise ConnectionError
        try:
            show_folder(Path(room.home), namespaces[0], HOME)
        finally:
            os.close(namespaces[0])
        room.folder.spare_door.unlink()  # from now on it is no spare
        variables = [f"{name}={value}" for name, value in environment_of(spec).items()]
        spare.sendall("\0".join([str(room.uid), str(room.gid), *variables]).encode())
