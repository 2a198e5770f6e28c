"""Lodging on an engine elsewhere, with no other way there than the engine's own: everything is in its volumes."""

import io
import tarfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchSpec, UnixDisplay, Unreachable
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL, container_name, volume_name
from deskbay.desktops.runtimes.docker.engine import Container, Engine
from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS, ContainerFolder
from deskbay.desktops.runtimes.docker.lodging import Room
from deskbay.desktops.runtimes.docker.ports import port_of
from deskbay.desktops.runtimes.docker.screens import port_in, screen_in
from deskbay.desktops.runtimes.local.identity import number_of
from deskbay.desktops.runtimes.local.volumes import DEFAULT_ACL, OPEN_TO_ALL, OPEN_WITHIN
from deskbay.desktops.runtimes.people import accounts, login_of
from deskbay.desktops.runtimes.tunnels import Screens
from deskbay.desktops.runtimes.volumes import Mount

SERVER_LABEL, HOME_LABEL = "deskbay.server", "deskbay.home"
FILES, HOME, VOLUMES = "deskbay-files", "deskbay-home", "deskbay-volumes"
"""Where volumes are in the helper: what an image has at a place would be copied into them."""


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
        uid = number_of(spec.owner_id)
        name = container_name(spec.desktop)
        labels = {**self._labels, DESKTOP_LABEL: str(spec.desktop)}
        home, home_place = await self._need_home(spec.home)
        place = await self._engine.need_volume(name, labels)
        volumes = [f"{volume_name(mount.volume)}:/{_place_of(mount)}" for mount in spec.volumes]
        binds = [f"{name}:/{FILES}", f"{home}:/{HOME}", *volumes]
        await self._engine.unpack(_helper_name(name), str(spec.image), binds, labels, self._files(spec, uid))
        self._kept(spec.desktop).remove()
        token = spec.agent_token is not None and self._way_home.exists
        return Room(uid, uid, ContainerFolder(Path(place)), home_place, has_token=token, door=door)

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

    def _files(self, spec: LaunchSpec, uid: int) -> bytes:
        """Return an archive of what is in the volumes at first, each file its owner's."""
        with io.BytesIO() as memory, tarfile.open(fileobj=memory, mode="w", encoding="utf-8") as archive:
            _add(archive, HOME, None, uid, 0o700)
            for mount in spec.volumes:
                _add_open(archive, _place_of(mount))
            _add(archive, f"{FILES}/screen", None, uid, 0o700)
            _add(archive, f"{FILES}/system-calls.json", SYSTEM_CALLS, 0, 0o600)
            _add(archive, f"{FILES}/etc", None, 0, 0o755)
            for name, text in accounts(login_of(spec.owner_name), uid, uid, spec.desktop).items():
                _add(archive, f"{FILES}/etc/{name}", text, 0, 0o644)
            if spec.agent_token is not None:
                _add(archive, f"{FILES}/agent-token", spec.agent_token, uid, 0o600)
            if self._way_home.address is not None:
                _add(archive, f"{FILES}/server-url", self._way_home.address, 0, 0o644)
            archive.close()
            return memory.getvalue()

    def _kept(self, desktop: UUID) -> ContainerFolder:
        """What there is of a desktop on this host: its log."""
        return ContainerFolder(self._folder / desktop.hex)


def _helper_name(container: str) -> str:
    return f"{container}-files"


def _place_of(mount: Mount) -> str:
    """Where a volume is in the helper, in which it is given its rights: when it is made there is no image for one."""
    return f"{VOLUMES}/{mount.volume.hex}"


def _add_open(archive: tarfile.TarFile, name: str) -> None:
    """Add a folder that is open to all, as is what they make in it."""
    info = tarfile.TarInfo(name)
    info.type, info.mode = tarfile.DIRTYPE, OPEN_TO_ALL
    info.pax_headers = {f"SCHILY.xattr.{DEFAULT_ACL}": OPEN_WITHIN.decode("utf-8", "surrogateescape")}
    archive.addfile(info)


def _add(archive: tarfile.TarFile, name: str, text: str | None, uid: int, mode: int) -> None:
    """Add a file, or a folder where there is no text."""
    info = tarfile.TarInfo(name)
    info.type = tarfile.DIRTYPE if text is None else tarfile.REGTYPE
    info.uid = info.gid = uid
    info.mode = mode
    data = (text or "").encode()
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
