"""Rooms and devices on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from deskbay.accounts.schemas import NO_CONTROLS, OwnerOut
from deskbay.devices.models import System
from deskbay.kit.keys import Id

MINUTES_A_DAY = 24 * 60


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"There is no time zone {name}; take one like Europe/Berlin") from error
    return name


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS),
    Field(examples=["pc-07"]),
]
Label = Annotated[str, StringConstraints(strip_whitespace=True, pattern=NO_CONTROLS)]
ZoneName = Annotated[str, AfterValidator(_known_zone), Field(max_length=64, examples=["Europe/Berlin"])]
Place = Annotated[int, Field(ge=1, le=200, description="Counted from 1", examples=[3])]
Minute = Annotated[int, Field(ge=0, le=MINUTES_A_DAY, description="Minutes since midnight", examples=[480])]


class Hours(BaseModel):
    """From one minute of the day to a later one."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

    opens: Minute
    closes: Minute

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("A room has to open before it closes. Split hours over midnight in two.")
        return self


class WeekdayHours(Hours):
    """The room is open so on every such weekday."""

    weekday: int = Field(ge=0, le=6, description="Monday is 0", examples=[0])


class ExceptionalDay(BaseModel):
    """On this day other hours hold; none: the room is closed."""

    model_config = ConfigDict(extra="forbid")

    day: date
    hours: list[Hours] = Field(default_factory=list, max_length=10)


class Opening(BaseModel):
    """When a room is open, in its time zone."""

    model_config = ConfigDict(extra="forbid")

    week: list[WeekdayHours] = Field(max_length=70)
    exceptions: list[ExceptionalDay] = Field(default_factory=list, max_length=1000)


class OpenNow(BaseModel):
    """Whether a room is open, and until when that stays so; null when it does for the next 14 days."""

    is_open: bool
    until: datetime | None


class RoomIn(BaseModel):
    """A room and the grid in which its computers stand."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    rows: Place
    columns: Place
    zone: ZoneName = "UTC"


class RoomOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    name: str = Field(examples=["Lab 1"])
    rows: int
    columns: int
    zone: str
    has_map_link: bool = Field(description="Whether there is a link to its map without names")


class RoomList(BaseModel):
    items: list[RoomOut]


class MapLink(BaseModel):
    """A link to the map without names. It is told once; a new one replaces it."""

    token: str = Field(examples=["mJ0t…"])


class SeatState(StrEnum):
    """What a computer is now."""

    FREE = "free"
    IN_USE = "in-use"
    IDLE = "idle"
    OFFLINE = "offline"


class DeviceIn(BaseModel):
    """A computer, and where it stands."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    room_id: Id | None = Field(None, examples=[1])
    row: Place | None = None
    column: Place | None = None
    template: Name | None = Field(None, description="What it was installed from")


class DeviceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    uuid: UUID
    name: str = Field(examples=["pc-07"])
    room: RoomOut | None
    row: int | None
    column: int | None
    template: str | None
    owner: OwnerOut | None = Field(description="Whose own it is; null: it is there for everybody")
    state: SeatState
    has_token: bool
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None = Field(description="When it last reported")


class DeviceList(BaseModel):
    items: list[DeviceOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")
    total: int = Field(description="How many devices match in all")


class DeviceToken(BaseModel):
    """A device and its token, which is told once."""

    device: DeviceOut
    token: str = Field(examples=["dd_x7…"])


class CodeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    room_id: Id | None = Field(None, description="The room in which the computer will be", examples=[1])


class CodeOut(BaseModel):
    """A code with which one computer enrols once."""

    code: str = Field(examples=["k3Tw…"])
    expires_at: datetime


class EnrolIn(BaseModel):
    """A computer enrols itself."""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr = Field(min_length=1, max_length=100)
    name: Name


class PairIn(BaseModel):
    """A computer pairs itself, and tells what it is."""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr = Field(min_length=1, max_length=100, examples=["K7QF2-M9XTC"])
    name: Name
    system: System
    system_release: Label = Field(max_length=100, examples=["6.1.0-13-amd64"])
    system_version: Label = Field(max_length=255, examples=["Debian GNU/Linux 12 (bookworm)"])
    architecture: Label = Field(max_length=50, examples=["x86_64"])
    mac_address: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")] | None = Field(
        examples=["52:54:00:12:34:56"]
    )


class PairOut(BaseModel):
    """The device that the computer is now, and its token, which is told once."""

    device_id: int = Field(examples=[7])
    token: str = Field(examples=["dd_x7…"])


class OwnDevice(BaseModel):
    """A device of a person's own."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    uuid: UUID
    name: str = Field(examples=["thinkpad"])
    system: System | None
    system_release: str | None
    system_version: str | None
    architecture: str | None
    template: str | None = Field(description="What it was made from, where it is a desktop of Deskbay's")
    has_token: bool = Field(description="False: it was revoked, and has to be paired again")
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None = Field(validation_alias="seen_at", description="When its agent came or went last")
    connected: bool = Field(False, description="Whether its agent listens now")


class OwnDeviceList(BaseModel):
    items: list[OwnDevice]


class Renamed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name


class RowError(BaseModel):
    """A row of the file that can't be taken."""

    line: int = Field(description="Line of the file; the heading is line 1", examples=[3])
    message: str = Field(examples=["There is no room “Lab 9”. Make it first."])


class ImportedDevice(BaseModel):
    """A device of the file. Its token is told once, and not in a preview."""

    line: int
    name: str
    is_new: bool = Field(description="False: there is such a device already, and it gets what this row says")
    token: str | None


class ImportOut(BaseModel):
    """What an import does, or would do."""

    written: bool
    devices: list[ImportedDevice]
    errors: list[RowError]
