"""Templates on the wire, as those who launch see them and as administrators do."""

import math
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.schemas import NO_CONTROLS, OwnerOut
from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtime_schemas import Label
from deskbay.desktops.runtimes import DisplayProtocol, Network
from deskbay.desktops.runtimes.clusters import ANYWHERE, ClusterWish
from deskbay.kit.keys import Id

LARGEST_MEMORY_MB = 4 * 2**20
MOST_CPUS = 1024
LONGEST_LIMIT_SECONDS = 366 * 24 * 3600
MOST_VARIABLES = 50
MOST_USERS = 1000
OURS = {"HOME", "USER", "LOGNAME", "SHELL", "PATH", "DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}
OUR_BEGINNINGS = ("DESKBAY_", "LD_")
"""The second is read by every program, those that set the desktop up too."""


def _leave_ours_alone(environment: dict[str, str]) -> dict[str, str]:
    for name in environment:
        if name in OURS or name.startswith(OUR_BEGINNINGS):
            raise ValueError(f"{name} is set by Deskbay itself; take another name")
    return environment


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=NO_CONTROLS)]
FileName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Variable = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Image = Annotated[str, StringConstraints(max_length=255, pattern=r"^[a-z0-9][A-Za-z0-9._:@/-]*$")]
Labels = Annotated[list[Label], Field(max_length=50, description="The runtime has to have all", examples=[["gpu"]])]
Value = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Environment = Annotated[dict[Variable, Value], Field(max_length=MOST_VARIABLES), AfterValidator(_leave_ours_alone)]
Port = Annotated[int, Field(ge=1, le=65535)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=255)]
Memory = Annotated[int, Field(ge=64, le=LARGEST_MEMORY_MB, description="In MiB", examples=[2048])]
Cpus = Annotated[float, Field(ge=0.1, le=MOST_CPUS, allow_inf_nan=False, description="In cores", examples=[2.0])]
Limit = Annotated[int | None, Field(ge=60, le=LONGEST_LIMIT_SECONDS, description="In seconds; null for none")]


class Sizes(BaseModel):
    """What a desktop has unless its person chooses otherwise, and between what they may choose."""

    memory_mb: Memory
    least_memory_mb: Memory
    most_memory_mb: Memory
    cpus: Cpus
    least_cpus: Cpus
    most_cpus: Cpus


class TemplateBasics(Sizes):
    """What everyone is told of a template."""

    name: Line = Field(examples=["Desktop"])
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        "", examples=["Light and quick: a panel, files, an editor and a terminal."]
    )
    icon: FileName = Field("device-desktop", description="Name of a Tabler icon", examples=["device-desktop"])
    category: Line = Field(examples=["Desktops"])
    runtime: FileName = Field("local", description="Kind of runtime", examples=["local"])
    network: Network = Network.INTERNET
    protocol: DisplayProtocol = Field(DisplayProtocol.VNC, description="How its desktops are shown")
    idle_limit_seconds: Limit = Field(None, examples=[3600])
    lifetime_seconds: Limit = Field(None, examples=[43200])
    most_lifetime_seconds: Limit = Field(
        None, description="How far its person may extend the lifetime; null: not at all", examples=[86400]
    )
    clipboard: Clipboard = Field(Clipboard.BOTH, description="Which ways text may be copied, seen from the desktop")
    is_recorded: bool = Field(False, description="Whether what its desktops show is recorded for administrators")


class TemplateIn(TemplateBasics):
    """A template, whole."""

    model_config = ConfigDict(extra="forbid")

    profile: FileName = Field("desktop", description="What the runtime `local` starts", examples=["desktop"])
    image: Image | None = Field(None, description="What other runtimes start", examples=["deskbay/desktop"])
    labels: Labels = []
    port: Port | None = Field(
        None, description="Where an image that is not Deskbay's listens inside; null for one that is", examples=[3389]
    )
    username: Line | None = Field(None, description="Who enters such an image", examples=["ubuntu"])
    password: Password | None = Field(
        None, description="The password that such an image has; left out it stays as it is", examples=["ubuntu"]
    )
    password_variable: Variable | None = Field(
        None, description="The variable in which such an image takes a password: a new one at each start"
    )
    cluster: ClusterWish = Field(ANYWHERE, description="What it asks of runtimes that are clusters")
    spares: int = Field(
        0, ge=0, le=100, description="How many desktops of it wait to be launched, so that a launch takes no time"
    )
    session_id: Id | None = Field(
        None, description="A session of yours: whoever launches it begins with a copy of their own", examples=[None]
    )
    environment: Environment = Field({}, description="Variables in its desktops", examples=[{"LANG": "de_DE.UTF-8"}])
    is_disabled: bool = Field(False, description="Nobody launches it; desktops that are made of it go on")
    is_for_everyone: bool = True
    allowed_users: Annotated[list[Id], Field(max_length=MOST_USERS)] = Field(
        [], description="Ids of people who may launch it where it is not for everyone", examples=[[1]]
    )
    allowed_groups: Annotated[list[Id], Field(max_length=MOST_USERS)] = Field(
        [], description="Ids of groups whose people may, too", examples=[[1]]
    )

    @model_validator(mode="after")
    def _sizes_are_in_order(self) -> Self:
        if not self.least_memory_mb <= self.memory_mb <= self.most_memory_mb:
            raise ValueError("memory_mb has to lie between least_memory_mb and most_memory_mb")
        if not self.least_cpus <= self.cpus <= self.most_cpus:
            raise ValueError("cpus has to lie between least_cpus and most_cpus")
        return self

    @model_validator(mode="after")
    def _lifetimes_are_in_order(self) -> Self:
        if self.most_lifetime_seconds is not None and self.most_lifetime_seconds < (self.lifetime_seconds or math.inf):
            raise ValueError("most_lifetime_seconds has to be lifetime_seconds at least, and needs it")
        return self

    @model_validator(mode="after")
    def _can_have_spares(self) -> Self:
        if self.spares and (self.image is None or self.port is not None):
            raise ValueError("spares are made of an image of Deskbay's own, without a port: name it, or have no spares")
        return self

    @model_validator(mode="after")
    def _can_be_entered(self) -> Self:
        if self.port is None:
            if self.protocol is not DisplayProtocol.VNC:
                raise ValueError(f"say at which port the image listens for {self.protocol}")
            if self.username or self.password or self.password_variable:
                raise ValueError("username and passwords are for an image that listens at a port: say at which")
        elif self.runtime == "local" or self.network is not Network.INTERNET:
            raise ValueError("a port is an image's: it needs a runtime of images, and the network “internet”")
        elif self.password and self.password_variable:
            raise ValueError("give the password that the image has or the variable in which it takes one, not both")
        return self


class LastLaunch(BaseModel):
    """What somebody chose when they launched a template last."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    memory_mb: int = Field(examples=[2048])
    cpus: float = Field(examples=[2.0])


class TemplateOut(TemplateBasics):
    """What a desktop can be made of."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    slug: str = Field(examples=["desktop"])
    unavailable_reason: str | None = Field(None, description="Why it can't be launched now, and the remedy")
    is_favourite: bool = Field(False, description="Whether you marked it")
    last_launch: LastLaunch | None = Field(None, description="Yours; the next one begins with its size, where it may")


class TemplateList(BaseModel):
    items: list[TemplateOut]


class TemplateDetails(TemplateBasics):
    """A template as administrators see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    slug: str = Field(examples=["desktop"])
    profile: str = Field(examples=["desktop"])
    image: str | None = Field(examples=["deskbay/desktop"])
    labels: list[str] = Field(examples=[["gpu"]])
    port: int | None = Field(examples=[3389])
    username: str | None = Field(examples=["ubuntu"])
    has_password: bool = Field(description="Whether a password was given; it is never told")
    password_variable: str | None = Field(examples=["PASSWORD"])
    cluster: ClusterWish
    environment: dict[str, str] = Field(examples=[{"LANG": "de_DE.UTF-8"}])
    is_disabled: bool
    is_for_everyone: bool
    allowed_users: list[OwnerOut]
    allowed_groups: list[GroupBrief]
    session_id: int | None = Field(description="The session that its desktops begin with a copy of")
    session: str | None = Field(description="How that is called", examples=["Statistics"])
    desktops: int = Field(description="How many desktops are made of it", examples=[3])
    spares: int = Field(description="How many wait to be launched, when all is well", examples=[2])
    spares_ready: int = Field(description="How many wait just now", examples=[2])
    spare_trouble: str | None = Field(description="Why there are not more, and that it is tried again")
    unavailable_reason: str | None = Field(None, description="Why it can't be launched now, and the remedy")


class TemplateDetailsList(BaseModel):
    items: list[TemplateDetails]


class TemplateOrder(BaseModel):
    """Every template, in the order in which they are shown."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(max_length=10_000)] = Field(examples=[[2, 1, 3]])
