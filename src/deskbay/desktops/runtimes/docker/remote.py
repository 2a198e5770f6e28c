"""Lodging on an engine elsewhere, with no other way there than the engine's own: everything is in its volumes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchSpec, UnixDisplay, Unreachable
from deskbay.desktops.runtimes.docker.answers import Container
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL, container_name, volume_name
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS, ContainerFolder
from deskbay.desktops.runtimes.docker.lodging import Room
from deskbay.desktops.runtimes.docker.parcels import (
    ITSELF,
    Parcels,
    Piece,
    access_lists,
    file_of,
    in_one,
    one_by_one,
    open_folder,
)
from deskbay.desktops.runtimes.docker.ports import port_of
from deskbay.desktops.runtimes.docker.screens import port_in, screen_in
from deskbay.desktops.runtimes.local.identity import number_of
from deskbay.desktops.runtimes.people import accounts, login_of
from deskbay.desktops.runtimes.tunnels import Screens

SERVER_LABEL, HOME_LABEL = "deskbay.server", "deskbay.home"
ANYBODY = 1000
"""Whoever it is, where there are no numbers as high as people's own: there containers alone keep them apart."""
LISTS = "deskbay-access-lists.tar"
GIVE_LISTS = ["tar", "--acls", "-xf", f"/{LISTS}", "-C", "/"]


class WayHome:
    """How agents there reach the server: by a socket in a folder of that host, or by its address, or not at all."""

    def __init__(self, address: str | None = None, door: Callable[[], Awaitable[str]] | None = None) -> None:
        self.address = address
        self._door = door

    async def door(self) -> str | None:
        """Return the folder. Raises Unreachable."""
        return None if self._door is None else await self._door()

    @property
    def exists(self) -> bool:
        return self.address is not None or self._door is not None


class RemoteLodging:
    """Volumes on an engine: one for each person's home, and one for each desktop that runs. Logs are kept here."""

    is_here = False

    def __init__(self, engine: Engine, data: Path, name: str, labels: Mapping[str, str], way_home: WayHome) -> None:
        self._engine = engine
        self._folder = data.absolute() / "containers" / name
        self._labels = dict(labels)
        self._way_home = way_home
        self._screens = Screens(self._folder)

    async def prepare(self, spec: LaunchSpec) -> Room:
        door = await self._way_home.door()
        uid = ANYBODY if await self._engine.maps_users() else number_of(spec.owner_id)
        name = container_name(spec.desktop)
        labels = {**self._labels, DESKTOP_LABEL: str(spec.desktop)}
        home, home_place = await self._need_home(spec.home)
        place = await self._engine.need_volume(name, labels)
        await self._unpack(spec, labels, self._parcels(spec, uid, name, home))
        self._kept(spec.desktop).remove()
        token = spec.agent_token is not None and self._way_home.exists
        return Room(uid, uid, ContainerFolder(Path(place)), home_place, has_token=token, door=door)

    async def _unpack(self, spec: LaunchSpec, labels: Mapping[str, str], parcels: Parcels) -> None:
        """Unpack into volumes, by a container that has each at its name, where no image has anything to copy into it.

        Docker needs no more than its archives. Podman keeps no access lists of those, but the image's own tar does; and
        volumes that nothing has run with yet it gives to whoever runs first.
        """
        is_podman = await self._engine.is_podman()
        archives = one_by_one(parcels) if is_podman else in_one(parcels)
        lists = access_lists(parcels) if is_podman else b""
        binds = [f"{volume}:/{volume}" for volume in parcels]
        shut_in = {"NetworkMode": "none", "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges"]}
        config = {"Image": spec.image, "User": "0:0", "Entrypoint": GIVE_LISTS, "Cmd": [], "Labels": {**labels}}
        helper = _helper_name(container_name(spec.desktop))
        to_run_with = file_of(LISTS, lists) if lists else b""
        await self._engine.unpack(helper, {**config, "HostConfig": {"Binds": binds, **shut_in}}, archives, to_run_with)

    async def _need_home(self, owner: UUID) -> tuple[str, str]:
        """Return the volume of a home, and where it is."""
        name = self._home_name(owner)
        labels = {SERVER_LABEL: self._labels[SERVER_LABEL], HOME_LABEL: str(owner)}
        return name, await self._engine.need_volume(name, labels)

    def _home_name(self, owner: UUID) -> str:
        return f"deskbay-{self._labels[SERVER_LABEL][:12]}-home-{owner.hex}"

    async def display(self, desktop: UUID) -> UnixDisplay:
        name = container_name(desktop)
        self._refuse_ended(desktop, await self._engine.find(name))
        return UnixDisplay(await self._screens.open(desktop, screen_in(self._engine, name)))

    async def port(self, desktop: UUID, container: Container) -> int:
        self._refuse_ended(desktop, container)
        carry = port_in(self._engine, container_name(desktop), port_of(container))
        return await self._screens.open_port(desktop, carry)

    def _refuse_ended(self, desktop: UUID, container: Container | None) -> None:
        if container is None or not container.state.is_running:
            self._screens.close(desktop)
            raise Unreachable("The desktop does not run.")

    async def owned(self) -> set[UUID]:
        return {UUID(desktop) for desktop in await self._engine.volumes_named(DESKTOP_LABEL, self._labels)}

    async def clear(self, desktop: UUID) -> None:
        self._screens.close(desktop)
        await self._engine.remove(_helper_name(container_name(desktop)))
        await self._engine.remove_volume(container_name(desktop))

    async def remove(self, desktop: UUID) -> None:
        await self.clear(desktop)
        await self._engine.remove_volume(self._home_name(desktop))
        self._kept(desktop).remove()

    def keep_log(self, desktop: UUID, lines: Sequence[str]) -> None:
        self._kept(desktop).path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._kept(desktop).keep_log(lines)

    def log(self, desktop: UUID) -> list[str]:
        return self._kept(desktop).tail()

    async def close(self) -> None:
        self._screens.close_all()

    def _parcels(self, spec: LaunchSpec, uid: int, files: str, home: str) -> Parcels:
        """What is in the volumes at first, each file its owner's."""
        token = [] if spec.agent_token is None else [Piece("agent-token", spec.agent_token, uid, 0o600)]
        address = self._way_home.address
        way = [] if address is None else [Piece("server-url", address, 0, 0o644)]
        etc = accounts(login_of(spec.owner_name), uid, uid, spec.desktop)
        own = [
            Piece("screen", None, uid, 0o700),
            Piece("system-calls.json", SYSTEM_CALLS, 0, 0o600),
            Piece("etc", None, 0, 0o755),
            *(Piece(f"etc/{name}", text, 0, 0o644) for name, text in etc.items()),
        ]
        volumes = {volume_name(mount.volume): [open_folder()] for mount in spec.volumes}
        return {files: [*own, *token, *way], home: [Piece(ITSELF, None, uid, 0o700)], **volumes}

    def _kept(self, desktop: UUID) -> ContainerFolder:
        """What there is of a desktop on this host: its log."""
        return ContainerFolder(self._folder / desktop.hex)


def _helper_name(container: str) -> str:
    return f"{container}-files"
