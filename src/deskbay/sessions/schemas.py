"""Sessions on the wire."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from deskbay.accounts.schemas import NO_CONTROLS
from deskbay.activity.models import Kind
from deskbay.agent.shapes import ApplicationState
from deskbay.kit.intervals import Period
from deskbay.kit.keys import Id
from deskbay.sessions.models import LONGEST_NAME, RestoreState, SaveReason, UsageKind
from deskbay.sessions.snapshots import Identity, Snapshot
from deskbay.settings import Tracking

MOST_EXCLUDED = 1000
MOST_EXPORTED = 100


def _blank_is_none(given: object) -> object:
    return None if isinstance(given, str) and not given.strip() else given


SessionName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=NO_CONTROLS),
    Field(examples=["Thesis"]),
]
NameOrNone = Annotated[SessionName | None, BeforeValidator(_blank_is_none)]
Description = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewSessionIn(Wire):
    """A new session. Without a name it gets one of three words."""

    name: NameOrNone = None
    description: Description = ""
    activate: bool = Field(True, description="Begin to work with it at once; the active session ends, and is saved")
    enable_tracking: bool = True
    device_id: Id | None = Field(None, description="None: the device of yours that was seen last")


class SessionChange(Wire):
    """What is left out stays as it is."""

    name: SessionName | None = None
    description: Description | None = None


class CloneIn(Wire):
    """A copy with the applications and their state, and without usage."""

    name: NameOrNone = None
    description: Description = ""
    activate: bool = False
    enable_tracking: bool = True
    device_id: Id | None = Field(None, description="None: the device of the session")


class CopiesIn(Wire):
    """Copies for other people, each on the device of theirs that was seen last."""

    user_ids: list[Id] = Field(default_factory=list, max_length=1000)
    group_ids: list[Id] = Field(default_factory=list, max_length=1000, description="For each of their people but you")
    name: SessionName | None = Field(None, description="None: the name of the session")

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if not self.user_ids and not self.group_ids:
            raise ValueError("Name people or groups to get a copy")
        return self


class DeactivateIn(Wire):
    save_usage: bool = Field(True, description="false: forget what was used since it was activated or saved")


class TrackingIn(Wire):
    enabled: bool


class RestoreIn(Wire):
    """Where to, and which save. None: where the session is, and as it was saved last."""

    device_id: Id | None = None
    save_id: Id | None = None


class DeviceBrief(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    name: str = Field(examples=["laptop"])


class ApplicationBrief(BaseModel):
    """What an application is on every device, and how it is called."""

    application: str = Field(examples=["mousepad"])
    name: str = Field(examples=["Mousepad"])


class SessionOut(BaseModel):
    """A session, and the device that it is on."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Thesis"])
    slug: str = Field(examples=["thesis"])
    description: str
    device: DeviceBrief
    is_active: bool
    is_tracking: bool
    created_at: datetime
    saved_at: datetime | None
    restored_at: datetime | None
    last_active_at: datetime | None
    deleted_at: datetime | None = Field(description="Since when it is in the trash, which keeps it for 30 days")
    applications: list[ApplicationBrief] = Field(description="Those that are open in it")
    total_seconds: float = Field(description="How long applications of it were in the foreground")


class SessionList(BaseModel):
    items: list[SessionOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class SessionGone(BaseModel):
    """The data of a `session-deleted` event."""

    id: int = Field(examples=[12])


class UsagePeriod(BaseModel):
    started_at: datetime
    ended_at: datetime


class ApplicationOut(BaseModel):
    """An application of a session: whether it is open, and since when to when it was."""

    application: str = Field(examples=["mousepad"])
    name: str = Field(examples=["Mousepad"])
    exe: str = Field(examples=["/usr/bin/mousepad"])
    command: list[str]
    is_open: bool
    open_periods: list[UsagePeriod]
    open_seconds: float
    foreground_periods: list[UsagePeriod]
    foreground_seconds: float


class ApplicationList(BaseModel):
    items: list[ApplicationOut]


class SaveOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[31])
    saved_at: datetime
    reason: SaveReason
    applications: int = Field(description="How many were open")


class SaveList(BaseModel):
    items: list[SaveOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class SaveDetail(SaveOut):
    snapshot: Snapshot


class ComparedApplication(BaseModel):
    key: str
    application: str
    name: str


class ChangedApplication(ComparedApplication):
    """An application that is in both, and what is not the same."""

    before_key: str = Field(description="Its key in the earlier save")
    changes: list[str] = Field(description="exe, command, folder, windows", examples=[["command", "windows"]])


class Comparison(BaseModel):
    """What is in the later save and not in the earlier one, the other way round, and what is in both but differs."""

    came: list[ComparedApplication]
    went: list[ComparedApplication]
    changed: list[ChangedApplication]
    same: int


class RestoredApplicationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    key: str
    application: str
    name: str
    state: ApplicationState
    reason: str | None
    suggestion: str | None = Field(description="What you could do about it")


class RestoreOut(BaseModel):
    """A session that is being brought back, and how far each application is."""

    run: UUID
    session_id: int
    device: DeviceBrief
    state: RestoreState
    reason: str | None = Field(description="Why it is over, where the device did not say that it is")
    requested_at: datetime
    finished_at: datetime | None
    applications: list[RestoredApplicationOut]


class RestoreList(BaseModel):
    items: list[RestoreOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class ExportedSave(Wire):
    saved_at: AwareDatetime
    snapshot: Snapshot


class ExportedSession(Wire):
    """A session to keep elsewhere, or to take to another server: its newest saves, oldest first, and no usage."""

    format: int = Field(1, ge=1, le=1)
    name: SessionName
    description: Description = ""
    saves: list[ExportedSave] = Field(max_length=MOST_EXPORTED)


class KeptFor(BaseModel):
    """After how many days each kind of what is kept of people goes, totals after so many years; null: it stays."""

    model_config = ConfigDict(from_attributes=True)

    activity_days: int | None = Field(description="What somebody did when; totals are left")
    totals_years: int | None = Field(description="Hours of days, months and years")
    login_days: int | None = Field(description="Sign-ins to Deskbay, once they are over")
    save_days: int | None = Field(description="Saves of sessions, but for the newest of each")
    history_days: int | None = Field(description="What became of desktops and restores")
    recording_days: int | None = Field(description="Recordings of desktops")
    audit_days: int | None = Field(description="Who changed or looked at what")


class TrackingOut(BaseModel):
    """What is collected about you, and what you said to it."""

    policy: Tracking = Field(description="Of the strictest of your groups; without any, of the server")
    groups: list[str] = Field(description="The groups that say so; none: the server does", examples=[["Class 7b"]])
    window_titles: bool = Field(description="Whether titles of windows are kept")
    consent: bool
    excluded_applications: list[str]
    paused_until: datetime | None
    is_asked: bool = Field(description="Whether a group of yours waits for your word")
    is_tracked: bool = Field(description="Whether anything is collected now")
    kept_for: KeptFor


class TrackingChoiceIn(Wire):
    consent: bool
    excluded_applications: list[Identity] = Field(default_factory=list, max_length=MOST_EXCLUDED)
    paused_until: AwareDatetime | None = None


class KeptSignIn(BaseModel):
    device_id: int
    address: str | None
    started_at: datetime
    ends_at: datetime


class KeptInterval(BaseModel):
    device_id: int
    kind: Kind
    name: str
    start: datetime
    end: datetime


class KeptHours(BaseModel):
    period: Period
    starts_on: date
    kind: Kind
    name: str
    seconds: float


class KeptSnapshot(BaseModel):
    device_id: int
    snapshot: Snapshot


class KeptUsage(BaseModel):
    application: str
    kind: UsageKind
    start: datetime
    end: datetime


class KeptSession(BaseModel):
    session: ExportedSession
    applications: list[ApplicationOut]
    usage: list[KeptUsage]


class KeptOfPerson(BaseModel):
    """All that is kept of what you did."""

    choice: TrackingOut
    sign_ins: list[KeptSignIn]
    activity: list[KeptInterval]
    hours: list[KeptHours] = Field(description="Added up by whole days, months and years")
    open_now: list[KeptSnapshot] = Field(description="What was open on your devices when they told last")
    sessions: list[KeptSession]
