"""Announcements on the wire."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from deskbay.accounts.announcements.models import LONGEST_TEXT, Severity
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.kit.keys import Id

NO_CONTROLS_BUT_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"


class AnnouncementBrief(BaseModel):
    """An announcement as people see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    text: str
    severity: Severity


class AnnouncementEvent(BaseModel):
    """That an announcement is new, other or gone: look at those that there are."""

    id: int


class AnnouncementBriefList(BaseModel):
    items: list[AnnouncementBrief]


class AnnouncementIn(BaseModel):
    """An announcement that is wished for."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=NO_CONTROLS_BUT_LINES),
    ]
    severity: Severity = Severity.INFO
    starts_at: AwareDatetime
    ends_at: Annotated[AwareDatetime | None, Field(description="Without it, until it is taken away")] = None
    groups: Annotated[set[Id], Field(max_length=100, description="For their people only; none is for everyone")] = set()
    is_on_sign_in_page: bool = False

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("It ends before it begins: choose a later end.")
        return self

    @model_validator(mode="after")
    def _is_for_everyone_who_signs_in(self) -> Self:
        if self.is_on_sign_in_page and self.groups:
            raise ValueError("Who signs in is in no group yet: leave out the groups, or the page for signing in.")
        return self


class AnnouncementOut(AnnouncementBrief):
    """An announcement as administrators see it."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    is_on_sign_in_page: bool
    groups: list[GroupBrief] = Field(description="None: it is for everyone")


class AnnouncementList(BaseModel):
    items: list[AnnouncementOut]
