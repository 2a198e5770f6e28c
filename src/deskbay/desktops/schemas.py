"""Desktops on the wire."""

from datetime import datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from deskbay.accounts.schemas import OwnerOut
from deskbay.desktops.models import Clipboard, State, StopCause, Wanted
from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.desktops.schedules import WEEK, Weekday
from deskbay.desktops.template_schemas import Cpus, Line, Memory, Words
from deskbay.kit.keys import LARGEST_KEY
from deskbay.kit.setting_kinds import TimeZone
from deskbay.volumes.schemas import VolumeBrief


def _to_the_minute(at: time) -> time:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError("a time is told as HH:MM")
    return at


WallTime = Annotated[time, AfterValidator(_to_the_minute), PlainSerializer(lambda at: at.isoformat("minutes"))]


class TemplateBrief(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    slug: str = Field(examples=["desktop"])
    name: str = Field(examples=["Desktop"])
    icon: str = Field(examples=["device-desktop"])


class StepOut(BaseModel):
    """One step of the present launch."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["Preparing the home folder"])
    at: datetime = Field(description="When it began")


class StopOut(BaseModel):
    """A stop that comes by itself, unless somebody keeps the desktop."""

    at: datetime
    cause: StopCause
    reason: str = Field(examples=["It is stopped when nobody uses it for 1 hour."])
    can_be_kept: bool = Field(description="Whether POST …/keep helps: not when it has run for as long as it may")


class ExtendIn(BaseModel):
    """When a desktop shall end."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime = Field(description="Not before `ends_at`, not after `latest_end`")


class ScheduleIn(BaseModel):
    """When a desktop starts and stops by itself. A stop that is not after the start is on the day after."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"days": ["mon", "fri"], "starts_at": "08:30", "stops_at": "18:00", "zone": "Europe/Berlin"}]
        },
    )

    days: Annotated[list[Weekday], Field(min_length=1, max_length=len(WEEK))]
    starts_at: WallTime | None = Field(None, description="To the minute; null: only stopped")
    stops_at: WallTime | None = Field(None, description="To the minute; null: only started")
    zone: TimeZone = Field(examples=["Europe/Berlin"])

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.starts_at is None and self.stops_at is None:
            raise ValueError("one of starts_at and stops_at has to be there")
        return self


class ScheduleOut(BaseModel):
    """A schedule, and when it has something done next."""

    days: list[Weekday]
    starts_at: WallTime | None
    stops_at: WallTime | None
    zone: str
    next_start_at: datetime | None
    next_stop_at: datetime | None


class DesktopOut(BaseModel):
    """A desktop, what is wanted of it, what it is and why."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    uuid: UUID
    name: str = Field(examples=["Desktop"])
    template: TemplateBrief
    owner: OwnerOut
    memory_mb: int = Field(description="Most memory, in MiB", examples=[2048])
    cpus: float = Field(description="Most processor time, in cores", examples=[2.0])
    protocol: DisplayProtocol = Field(description="How it is shown")
    clipboard: Clipboard = Field(description="Which ways text may be copied, seen from the desktop")
    is_recorded: bool = Field(description="Whether what it shows is recorded for administrators")
    wanted: Wanted
    state: State
    reason: str | None = Field(description="Why it is in this state, where there is something to say")
    deadline: datetime | None = Field(description="Until when the present state may last")
    message: str | None = Field(description="What an administrator has to say; its owner may take it away")
    message_at: datetime | None
    created_at: datetime
    state_since: datetime
    started_at: datetime | None = Field(description="When the present launch was asked for")
    volumes: list[VolumeBrief] = Field(description="What it has of volumes when it runs")
    steps: list[StepOut] = Field(description="The steps of the present launch, oldest first")
    stop: StopOut | None = Field(description="The stop that its person is warned of")
    ends_at: datetime | None = Field(description="When the present launch ends in any case; null: never")
    latest_end: datetime | None = Field(description="How far its owner may move that end")
    scheduled_start_at: datetime | None = Field(description="When its schedule starts it next")
    scheduled_stop_at: datetime | None = Field(description="When its schedule stops it next")
    session_id: int | None = Field(description="The session that is brought back in it once it runs")
    restore: UUID | None = Field(description="The run of that: `GET /api/v1/restores/{run}`")


class DesktopList(BaseModel):
    items: list[DesktopOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class DesktopIn(BaseModel):
    """A launch."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"template": "desktop"}]})

    template: str = Field(min_length=1, max_length=64, description="Slug of a template", examples=["desktop"])
    name: Line | None = Field(None, description="Without one it is named after its template", examples=["Thesis"])
    memory_mb: Memory | None = Field(None, description="Most memory, in MiB; without it as the template says")
    cpus: Cpus | None = Field(None, description="Most processor time, in cores; without it as the template says")
    session_id: int | None = Field(None, ge=1, le=LARGEST_KEY, description="A session to bring back once it runs")
    save_id: int | None = Field(None, ge=1, le=LARGEST_KEY, description="As it was in this save; else as saved last")

    volume_id: int | None = Field(None, ge=1, le=LARGEST_KEY, description="A volume to have at /storage")

    @model_validator(mode="after")
    def _saves_belong_to_sessions(self) -> Self:
        if self.save_id is not None and self.session_id is None:
            raise ValueError("a save_id needs the session_id that it belongs to")
        return self


class StopIn(BaseModel):
    """Why a desktop is stopped, as its owner is told."""

    model_config = ConfigDict(extra="forbid")

    reason: Words | None = Field(None, examples=["The lab is cleaned tonight."])


class RenameIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Line = Field(examples=["Thesis"])


class TransferIn(BaseModel):
    """Whose a desktop shall be."""

    model_config = ConfigDict(extra="forbid")

    user_id: int = Field(ge=1, le=LARGEST_KEY, examples=[2])


class MessageIn(BaseModel):
    """What the owner of a desktop is told, in it and on the page."""

    model_config = ConfigDict(extra="forbid")

    text: Words = Field(examples=["The server restarts at 18:00. Save your work."])


class ChangeOut(BaseModel):
    """A state that a desktop came into."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[31])
    at: datetime
    state: State
    reason: str | None = Field(description="Why, where there is something to say")
    actor: OwnerOut | None = Field(description="Whose wish it was; null: it happened, or Deskbay did it by itself")


class ChangeList(BaseModel):
    items: list[ChangeOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class LogOut(BaseModel):
    lines: list[str] = Field(description="The last lines that the desktop printed, oldest first")


class DesktopGone(BaseModel):
    """The data of a `desktop-deleted` event."""

    id: int = Field(examples=[7])
