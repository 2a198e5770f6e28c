"""Rooms and devices on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from deskbay.accounts.schemas import NO_CONTROLS

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


class RoomList(BaseModel):
    items: list[RoomOut]


class MapLink(BaseModel):
    """A link to the map without names. It is told once; a new one replaces it."""

    token: str = Field(examples=["mJ0t…"])


class DeviceIn(BaseModel):
    """A computer, and where it stands."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    room_id: int | None = Field(None, examples=[1])
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
    has_token: bool
    enrolled_at: datetime
    revoked_at: datetime | None
    last_seen_at: datetime | None = Field(description="When it last reported")


class DeviceList(BaseModel):
    items: list[DeviceOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class DeviceToken(BaseModel):
    """A device and its token, which is told once."""

    device: DeviceOut
    token: str = Field(examples=["dd_x7…"])


class CodeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    room_id: int | None = Field(None, description="The room in which the computer will be", examples=[1])


class CodeOut(BaseModel):
    """A code with which one computer enrols once."""

    code: str = Field(examples=["k3Tw…"])
    expires_at: datetime


class EnrolIn(BaseModel):
    """A computer enrols itself."""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr = Field(min_length=1, max_length=100)
    name: Name


class RowError(BaseModel):
    """A row of the file that can't be taken."""

    line: int = Field(description="Line of the file; the heading is line 1", examples=[3])
    message: str = Field(examples=["There is no room “Lab 9”. Make it first."])


class ImportedDevice(BaseModel):
    """A device of the file. Its token is told once, and not in a preview."""

    line: int
    name: str
    token: str | None


class ImportOut(BaseModel):
    """What an import does, or would do."""

    written: bool
    devices: list[ImportedDevice]
    errors: list[RowError]
