"""The container of a desktop, as the engine's API wants it described."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import PROCESSES, LaunchSpec, Network
from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS, ContainerFolder
from deskbay.desktops.runtimes.docker.lodging import Room
from deskbay.desktops.runtimes.people import HOME, HOST_NAME, login_of
from deskbay.desktops.runtimes.spares import SpareSpec
from deskbay.desktops.runtimes.volumes import Mount

SCREEN = "/run/deskbay/screen"
DESKTOP_LABEL = "deskbay.desktop"
_PRIVATE = ("/tmp", "/var/tmp", "/run/user")  # noqa: S108 - the container's own, not this host's

Spec = LaunchSpec | SpareSpec


def container_name(desktop: UUID) -> str:
    return f"deskbay-{desktop.hex}"


@dataclass(frozen=True, slots=True)
class ContainerPlan:
    """All that the description is made of."""

    spec: LaunchSpec
    room: Room
    labels: dict[str, str]
    network: str
    is_podman: bool

    def config(self) -> JSONObject:
        """The body of the engine's request for a new container."""
        return {
            "Image": self.spec.image,
            "Cmd": [f"{self.spec.width}x{self.spec.height}"],
            "User": f"{self.room.uid}:{self.room.gid}",
            "Env": [f"{name}={value}" for name, value in environment_of(self.spec).items()],
            "WorkingDir": HOME,
            "Labels": {**self.labels, DESKTOP_LABEL: str(self.spec.desktop)},
            **({} if self.spec.network is Network.HOST else {"Hostname": HOST_NAME}),
            "HostConfig": {
                **limits_of(self.spec),
                **confinement_of(self.spec, self.room.folder, self.network, is_podman=self.is_podman),
                "Binds": self._binds(),
            },
        }

    def _binds(self) -> list[str]:
        own = [f"{self.room.home}:{HOME}", *binds_of(self.room.folder)]
        return [*own, *self._agent(), *volume_binds(self.spec.volumes)]

    def _agent(self) -> list[str]:
        if not self.room.has_token:
            return []
        if self.room.door is None:
            return [token_bind(self.room.folder), f"{self.room.folder.server_url}:/run/deskbay/server-url:ro"]
        return [token_bind(self.room.folder), f"{self.room.door}:/run/deskbay/server:ro"]


def environment_of(spec: LaunchSpec) -> dict[str, str]:
    login = login_of(spec.owner_name)
    return {"USER": login, "LOGNAME": login, "DISPLAY": f":{spec.display_number}", **spec.environment}


def confinement_of(spec: Spec, folder: ContainerFolder, network: str, *, is_podman: bool) -> JSONObject:
    """What keeps a container from all that is not its own. Docker is sent the filter, Podman reads it itself."""
    system_calls = str(folder.system_calls) if is_podman else SYSTEM_CALLS
    return {
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges", f"seccomp={system_calls}"],
        "NetworkMode": {Network.NONE: "none", Network.INTERNET: network, Network.HOST: "host"}[spec.network],
        "Tmpfs": _private(spec.memory_mb, is_podman=is_podman),
    }


def _private(size: int, *, is_podman: bool) -> dict[str, str]:
    """Folders in memory. Podman makes one of all /run, too, in which others have wrong rights unless it is empty."""
    folders = dict.fromkeys(_PRIVATE, f"rw,exec,nosuid,nodev,mode=1777,size={size}m")
    return {**folders, **({"/run": "rw,nosuid,nodev,mode=755,size=1m,notmpcopyup"} if is_podman else {})}


def binds_of(folder: ContainerFolder) -> list[str]:
    """What every container has of its folder."""
    etc = [f"{folder.etc / name}:/etc/{name}:ro" for name in ("passwd", "group", "machine-id")]
    return [f"{folder.screen}:{SCREEN}", *etc]


def token_bind(folder: ContainerFolder) -> str:
    return f"{folder.agent_token}:/run/deskbay/token:ro"


def limits_of(spec: Spec) -> JSONObject:
    """What a container may take of its host."""
    memory = spec.memory_mb * 2**20
    return {
        "Memory": memory,
        "MemorySwap": memory,
        "ShmSize": memory,
        "NanoCpus": int(spec.cpus * 1_000_000_000),
        "PidsLimit": PROCESSES,
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "2"}},
    }


def volume_name(volume: UUID) -> str:
    """Return what the engine calls a volume."""
    return f"deskbay-volume-{volume.hex}"


def volume_binds(mounts: Sequence[Mount]) -> list[str]:
    return [_bind(mount) for mount in mounts]


def _bind(mount: Mount) -> str:
    return f"{volume_name(mount.volume)}:{mount.path}:{'ro' if mount.is_read_only else 'rw'}"
