"""What may be made on an engine: every field is named here, and what is not named is refused."""

import re
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from deskbay.desktops.runtimes import PROCESSES
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL
from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.ports import PORT_LABEL
from deskbay.desktops.runtimes.docker.volumes import VOLUME_LABEL
from deskbay.desktops.runtimes.people import HOME

OWN_LABELS = ("deskbay.server", "deskbay.runtime")
ROOT = (0, 0)
IMAGE = "[A-Za-z0-9][A-Za-z0-9_.:@-]*(?:/[A-Za-z0-9][A-Za-z0-9_.:@-]*)*"
"""An image as engines name it. Set in a path, it leads nowhere else."""
IMAGE_NAME = re.compile(IMAGE)

Labels = dict[str, str]
OurLabels = dict[Annotated[str, Field(pattern=r"^deskbay[.][a-z-]+$")], str]
"""Those of others tell other programs that watch the engine what to do with a container."""
Amount = Annotated[int, Field(gt=0)]
Port = Annotated[str, Field(pattern=r"^[0-9]{1,5}/tcp$")]
InMemory = Annotated[
    str, Field(pattern=r"^rw,(exec,)?nosuid,nodev,mode=(1777|755),size=[0-9]{1,9}m(,notmpcopyup)?$", max_length=100)
]


class Wish(BaseModel):
    """A part of what is wished for. It is sent on as it was understood, so the engine reads nothing else in it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_pascal)

    def as_body(self) -> bytes:
        """Return it as the engine's API wants it."""
        return self.model_dump_json(by_alias=True, exclude_unset=True).encode()


class LogFiles(Wish):
    """How much of its log is kept."""

    size: Literal["1m"] = Field(alias="max-size")
    number: Literal["2"] = Field(alias="max-file")


class LogConfig(Wish):
    """Where its log goes."""

    type: Literal["json-file"]
    config: LogFiles


class PortBinding(Wish):
    """Where one of its ports is published: at the host's loopback, whichever is free."""

    host_ip: Literal["127.0.0.1"]
    host_port: Literal[""]


class HostConfig(Wish):
    """What a container has of its host."""

    memory: Amount
    memory_swap: Amount
    shm_size: Amount
    nano_cpus: Amount
    pids_limit: int = Field(gt=0, le=PROCESSES)
    log_config: LogConfig
    security_opt: list[str]
    network_mode: str
    binds: list[str] = []
    cap_drop: list[Literal["ALL"]] = Field([], min_length=1)
    cap_add: list[Literal["SETUID", "SETGID", "SETPCAP"]] = []
    readonly_rootfs: Literal[True] | None = None
    tmpfs: dict[Literal["/tmp", "/var/tmp", "/run/user", "/run"], InMemory] = {}  # noqa: S108 - the container's own
    port_bindings: dict[Port, list[PortBinding]] = {}


class Nothing(Wish):
    """An empty object."""


class ContainerWish(Wish):
    """A container."""

    image: str = Field(pattern=f"^{IMAGE}$", max_length=500)
    labels: OurLabels
    host_config: HostConfig
    cmd: list[str] = []
    user: str = Field("0:0", pattern=r"^[0-9]{1,10}:[0-9]{1,10}$")
    env: list[str] = []
    working_dir: str = Field("/", pattern=f"^(/|{HOME})$")
    hostname: str = Field("", pattern=r"^[a-z0-9-]{1,63}$")
    exposed_ports: dict[Port, Nothing] = {}

    @property
    def numbers(self) -> tuple[int, int]:
        """Whose it is, as user and group. An image's own choice counts as root's."""
        user, group = self.user.split(":")
        return int(user), int(group)

    @property
    def is_tight(self) -> bool:
        """Whether it has no capability but those that are added, and can change nothing of its image."""
        return bool(self.host_config.cap_drop and self.host_config.readonly_rootfs)

    @property
    def is_foreign(self) -> bool:
        """Whether its image is not Deskbay's, and runs as it was made."""
        return PORT_LABEL in self.labels


class FolderOptions(Wish):
    """A volume that is a folder of the host's."""

    type: Literal["none"] = Field(alias="type")
    o: Literal["bind"] = Field(alias="o")
    device: str = Field(alias="device")


class VolumeWish(Wish):
    """A volume."""

    name: str = Field(pattern=r"^deskbay-volume-[0-9a-f]{32}$")
    labels: OurLabels
    driver_opts: FolderOptions


class NetworkOptions(Wish):
    """On it desktops don't reach each other."""

    alone: Literal["false"] = Field(alias="com.docker.network.bridge.enable_icc")


class NetworkWish(Wish):
    """A network."""

    name: str = Field(pattern=r"^deskbay-[0-9A-Za-z-]{1,32}$")
    check_duplicate: Literal[True]
    driver: Literal["bridge"]
    options: NetworkOptions
    labels: OurLabels


AnyWish = TypeVar("AnyWish", ContainerWish, VolumeWish, NetworkWish)
LABELS = {
    ContainerWish: (*OWN_LABELS, DESKTOP_LABEL),
    VolumeWish: (*OWN_LABELS, VOLUME_LABEL),
    NetworkWish: OWN_LABELS,
}


def wish_from(body: bytes, kind: type[AnyWish]) -> AnyWish:
    """Read what is wished for. Raises Refused, naming the first field that no server sends."""
    try:
        wish = kind.model_validate_json(body)
    except ValidationError as error:
        raise Refused(_complaint(error)) from error
    for label in LABELS[kind]:
        if not wish.labels.get(label):
            raise Refused(f"What a desktop server makes has the label {label}, and this has not.")
    return wish


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if not field:
        return "The description is no JSON that can be read."
    if first["type"] == "extra_forbidden":
        return f"No desktop needs {field}."
    return f"No desktop needs {field} to be like this ({first['msg']})."
