"""What devices tell of sessions, and what they hear."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from deskbay.agent.shapes import ApplicationState, System
from deskbay.sessions.snapshots import Application, ApplicationName, Monitor, Shape, Snapshot

MOST_PERIODS = 1000
Reason = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class PeriodKind(StrEnum):
    """What a period tells of the person at the device."""

    PRESENCE = "presence"
    FOREGROUND = "foreground"
    OPEN = "open"


class PeriodOutcome(StrEnum):
    """What became of a period. Whatever it is, the device need not send it again as it is."""

    STORED = "stored"
    REPEATED = "repeated"
    INVALID = "invalid"
    IN_FUTURE = "in-future"
    TOO_OLD = "too-old"
    UNKNOWN_SIGN_IN = "unknown-sign-in"
    UNKNOWN_RUN = "unknown-run"
    NOT_ALLOWED = "not-allowed"
    EXCLUDED = "excluded"


class PeriodIn(Shape):
    """From when to when something was so, by the device's clock. The same id again may only end later."""

    id: UUID
    kind: PeriodKind
    application: Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00]*$")] = ""
    name: ApplicationName = ""
    starts: AwareDatetime
    ends: AwareDatetime
    run: UUID | None = Field(None, description="The run of the session that it belongs to")


class ReportIn(Shape):
    """What was done at a device, and what is open now."""

    agent: Annotated[str, StringConstraints(max_length=50, pattern=r"^[^\x00]*$")]
    sent_at: AwareDatetime = Field(description="The device's clock now: its offset is measured by it")
    sign_in: UUID = Field(description="Chosen by the device at random, when the person comes")
    periods: list[PeriodIn] = Field(default_factory=list, max_length=MOST_PERIODS)
    snapshot: Snapshot | None = None


class ReportResult(BaseModel):
    """What became of each period, in their order."""

    results: list[PeriodOutcome]


class ProgressIn(Shape):
    """How far an application of a restore is."""

    key: str = Field(max_length=255)
    state: ApplicationState
    reason: Reason | None = None
    suggestion: Reason | None = None


class RestoreProgress(Shape):
    applications: list[ProgressIn] = Field(default_factory=list, max_length=1000)
    finished: bool = False


class Policy(Shape):
    """What a device may report, and for which run. While paused it reports nothing."""

    tracking: bool
    titles: bool
    run: UUID | None
    excluded: tuple[str, ...]
    paused_until: datetime | None


class Wish(Shape):
    """What a restore shall bring back on a device."""

    run: UUID
    system: System
    home: str
    monitors: tuple[Monitor, ...]
    applications: tuple[Application, ...]
