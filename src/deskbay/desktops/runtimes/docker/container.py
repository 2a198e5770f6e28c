"""The container of a desktop, as the engine's API wants it described."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import PROCESSES, LaunchSpec, Network
from deskbay.desktops.runtimes.docker.lodging import Room
from deskbay.desktops.runtimes.people import HOME, HOST_NAME, login_of
from deskbay.desktops.runtimes.volumes import Mount

SCREEN = "/run/deskbay/screen"
DESKTOP_LABEL = "deskbay.desktop"
_SYSTEM_CALLS = json.dumps(json.loads(Path(__file__).with_name("seccomp.json").read_text()))
_PRIVATE = ("/tmp", "/var/tmp", "/run/user")  # noqa: S108 - the container's own, not this host's


def container_name(desktop: UUID) -> str:
    return f"deskbay-{desktop.hex}"


@dataclass(frozen=True, slots=True)
class ContainerPlan:
    """All that the description is made of."""

    spec: LaunchSpec
    room: Room
    labels: dict[str, str]
    network: str

    def config(self) -> JSONObject:
        """The body of the engine's request for a new container."""
        return {
            "Image": self.spec.image,
            "Cmd": [f"{self.spec.width}x{self.spec.height}"],
            "User": f"{self.room.uid}:{self.room.gid}",
            "Env": [f"{name}={value}" for name, value in self._environment().items()],
            "WorkingDir": HOME,
            "Labels": {**self.labels, DESKTOP_LABEL: str(self.spec.desktop)},
            **({} if self.spec.network is Network.HOST else {"Hostname": HOST_NAME}),
            "HostConfig": {
                **limits_of(self.spec),
                **self._confinement(),
                "Binds": self._binds(),
                "Tmpfs": self._private(),
            },
        }

    def _environment(self) -> dict[str, str]:
        login = login_of(self.spec.owner_name)
        return {"USER": login, "LOGNAME": login, "DISPLAY": f":{self.spec.display_number}", **self.spec.environment}

    def _confinement(self) -> JSONObject:
        return {
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges", f"seccomp={_SYSTEM_CALLS}"],
            "NetworkMode": self._network_mode(),
        }

    def _network_mode(self) -> str:
        return {Network.NONE: "none", Network.INTERNET: self.network, Network.HOST: "host"}[self.spec.network]

    def _binds(self) -> list[str]:
        etc = [f"{self.room.folder.etc / name}:/etc/{name}:ro" for name in ("passwd", "group", "machine-id")]
        own = [f"{self.room.home}:{HOME}", f"{self.room.folder.screen}:{SCREEN}"]
        return [*own, *etc, *self._agent(), *volume_binds(self.spec)]

    def _agent(self) -> list[str]:
        if not self.room.has_token:
            return []
        token = f"{self.room.folder.agent_token}:/run/deskbay/token:ro"
        if self.room.door is None:
            return [token, f"{self.room.folder.server_url}:/run/deskbay/server-url:ro"]
        return [token, f"{self.room.door}:/run/deskbay/server:ro"]

    def _private(self) -> dict[str, str]:
        return dict.fromkeys(_PRIVATE, f"rw,exec,nosuid,nodev,mode=1777,size={self.spec.memory_mb}m")


def limits_of(spec: LaunchSpec) -> JSONObject:
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


def volume_binds(spec: LaunchSpec) -> list[str]:
    return [_bind(mount) for mount in spec.volumes]


def _bind(mount: Mount) -> str:
    return f"{volume_name(mount.volume)}:{mount.path}:{'ro' if mount.is_read_only else 'rw'}"
