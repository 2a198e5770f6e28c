"""Recordings on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from deskbay.accounts.schemas import OwnerOut
from deskbay.desktops.runtimes import DisplayProtocol
from deskbay.desktops.schemas import TemplateBrief
from deskbay.gateway.recordings.models import RecordingEnd


class RecordedDesktop(BaseModel):
    """The desktop that was recorded, be it deleted since."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    name: str = Field(examples=["Desktop"])


class LookOut(BaseModel):
    """That somebody was given a recording, to see it or to keep it."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    user: OwnerOut


class RecordingOut(BaseModel):
    """What one connection to a desktop showed to its viewer."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[12])
    desktop: RecordedDesktop
    template: TemplateBrief
    owner: OwnerOut = Field(description="Whose desktop it was then")
    viewer: OwnerOut = Field(description="Who used it")
    protocol: DisplayProtocol
    began_at: datetime
    ended_at: datetime | None = Field(description="null: it goes on")
    end: RecordingEnd | None = Field(description="Why it ended")
    bytes: int = Field(description="Size of the file; of one that goes on as it was some seconds ago", examples=[81920])
    looks: list[LookOut] = Field(description="Who was given it when, oldest first")


class RecordingList(BaseModel):
    items: list[RecordingOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")
    kept_days: int | None = Field(description="After so many days recordings are deleted; null: never")
