"""Pings, sign-ins, maps and reports on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from deskbay.accounts.schemas import NO_CONTROLS, UserOut
from deskbay.activity.models import LONGEST_NAME, Kind
from deskbay.activity.pings import Outcome
from deskbay.activity.reports import By
from deskbay.activity.stretches import LONGEST_PROMISE_SECONDS
from deskbay.devices.schemas import OpenNow, RoomOut, SeatState
from deskbay.kit.intervals import Period

MOST_PINGS = 1000

Label = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=NO_CONTROLS)]
Promise = Annotated[
    int,
    Field(gt=0, le=LONGEST_PROMISE_SECONDS, description="The next ping comes within so many seconds", examples=[60]),
]


class PingIn(BaseModel):
    """A person is still there, and does this."""

    model_config = ConfigDict(extra="forbid")

    sign_in: UUID
    at: AwareDatetime | None = Field(None, description="By the device's clock; none means now")
    next_ping_seconds: Promise
    event: Label = Field("", examples=["lesson"])
    application: Label = Field("", description="In the foreground", examples=["Writer"])
    open_applications: list[Label] = Field(default_factory=list, max_length=50)
    idle_seconds: int | None = Field(None, ge=0, le=2**31, description="Since the last key or move of the mouse")


class PingsIn(BaseModel):
    """One ping or up to 1,000, from one device."""

    model_config = ConfigDict(extra="forbid")

    pings: list[PingIn] = Field(min_length=1, max_length=MOST_PINGS)
    sent_at: AwareDatetime | None = Field(None, description="The device's clock now: its offset is measured by it")


class PingResult(BaseModel):
    """What became of each ping, in their order."""

    results: list[Outcome]


class SignInBegin(BaseModel):
    """A person begins to sit at the device that sends this."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="Chosen by the device at random")
    username: Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_CONTROLS)]
    at: AwareDatetime | None = Field(None, description="By the device's clock; none means now")
    sent_at: AwareDatetime | None = Field(None, description="The device's clock now")
    next_ping_seconds: Promise
    address: Annotated[str, StringConstraints(max_length=64, pattern=NO_CONTROLS)] | None = None


class SignInOut(BaseModel):
    """Who sits where, since when, until when."""

    id: UUID
    user_id: int
    username: str
    full_name: str | None
    device_id: int
    device: str
    room_id: int | None = Field(description="Where the device stands now")
    room: str | None
    address: str | None
    started_at: datetime
    ends_at: datetime = Field(description="The last promise")
    online: bool
    idle_since: datetime | None
    event: str | None = Field(description="What they do by its name, as told last; none for who is not on now")
    application: str | None = Field(description="The one in the foreground, likewise")
    clock_offset_ms: int = Field(description="By how much the device's clock is ahead")


class SignInBatch(BaseModel):
    """People who have come, or have become idle or active."""

    items: list[SignInOut]


class SignOutBatch(BaseModel):
    """Sign-ins that are over."""

    ids: list[UUID]


class Looked(BaseModel):
    """Everything up to this time is told."""

    at: datetime


class SignInList(BaseModel):
    items: list[SignInOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")
    total: int | None = Field(description="How many are on in all; with online=true")


class SeatOfPerson(BaseModel):
    """The device at which a person is now."""

    device_id: int
    device: str
    since: datetime


class PersonOut(UserOut):
    """A person as they are seen."""

    created_at: datetime
    disabled_at: datetime | None = Field(description="Since when they may sign in no more")
    last_seen_at: datetime | None = Field(
        description="When they last reported from a device, or were on Deskbay's own pages, to a quarter of an hour"
    )
    seat: SeatOfPerson | None = Field(description="Where they are now; null when they are not on")


class PersonList(BaseModel):
    items: list[PersonOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")
    total: int = Field(description="How many match in all")


class Seat(BaseModel):
    """A computer on the map. Without names on the public one."""

    device_id: int | None
    device: str | None
    row: int | None
    column: int | None
    state: SeatState
    username: str | None
    since: datetime | None = Field(description="In use: signed in since; idle: no input since; offline: last heard of")


class RoomMap(BaseModel):
    room: RoomOut
    opening: OpenNow | None = Field(description="Null where the room has no opening hours")
    counts: dict[SeatState, int]
    seats: list[Seat]


class RoomOccupancy(BaseModel):
    """How many computers of a room are in which state; `room_id` null: of those in no room."""

    room_id: int | None
    counts: dict[SeatState, int]


class Occupancy(BaseModel):
    items: list[RoomOccupancy]


class Row(BaseModel):
    """The hours of one user, device, room, event, application or template."""

    key: int | str | None
    label: str = Field(examples=["ada"])
    seconds: float
    share: float | None = Field(description="Of the opening hours until now; only for devices and rooms that have them")
    compared_seconds: float | None
    periods: dict[date, float] = Field(description="Seconds by the first day of each period")


class Report(BaseModel):
    """Hours. People and events are counted as a union, applications as a sum."""

    by: By
    period: Period | None
    first: date
    last: date
    zone: str
    total_seconds: float
    compared_total_seconds: float | None
    open_seconds: float | None = Field(description="Opening hours of all computers in question, until now")
    keys: int = Field(description="How many rows there are in all")
    totals: dict[date, float] = Field(description="Seconds of all together by the first day of each period")
    rows: list[Row]
    rest: Row | None = Field(description="What the rows leave of the totals; null when that is nothing")
    smallest_group: int | None = Field(
        None, description="Of fewer people than so many nothing is told, and of whole weeks alone; null: all is told"
    )


class TimelinePiece(BaseModel):
    kind: Kind
    name: str
    device_id: int
    device: str
    start: datetime
    end: datetime


class Timeline(BaseModel):
    items: list[TimelinePiece]


class HeartbeatIn(BaseModel):
    """The device is on, and nobody has to be signed in."""

    model_config = ConfigDict(extra="forbid")

    next_ping_seconds: Promise
