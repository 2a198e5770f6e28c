"""The audit on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from deskbay.database.audit.circumstances import ActorKind
from deskbay.database.audit.happenings import Told
from deskbay.database.audit.models import Action
from deskbay.kit.paging import Page

Said = dict[str, Told]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class AuditQuestion(BaseModel):
    """Which entries are wanted."""

    actor_id: Annotated[Key | None, Field(description="Who did it: a person's number, also by a token of theirs")] = (
        None
    )
    actor: Annotated[str | None, Field(max_length=64, description="Part of the username of who did it")] = None
    actor_kind: ActorKind | None = None
    action: Action | None = None
    object_kind: Annotated[str | None, Field(max_length=64, examples=["desktops"])] = None
    object_id: Annotated[str | None, Field(max_length=100, examples=["7"])] = None
    owner_id: Annotated[Key | None, Field(description="Whose it was done to")] = None
    request_id: Annotated[str | None, Field(max_length=64)] = None
    since: Annotated[AwareDatetime | None, Field(alias="from", description="Not before")] = None
    until: Annotated[AwareDatetime | None, Field(alias="to", description="Before")] = None


class AuditFilter(AuditQuestion, Page):
    """Which entries are wanted, and which part of them."""


class ActorOut(BaseModel):
    """Who did something. The name is the one of today; none where it is gone, for Deskbay itself, and for nobody."""

    kind: ActorKind
    id: int | None = Field(description="Number of the person, also where a token of theirs did it, or of the device")
    name: str | None
    token: str | None = Field(None, description="Name of the token")


class ObjectOut(BaseModel):
    """What it was done to or with, by table and key. The name is the one of today."""

    kind: str = Field(examples=["desktops"])
    id: str | None = Field(examples=["7"])
    name: str | None


class HistoryEntry(BaseModel):
    """What somebody did to or with a thing of yours."""

    id: int
    at: datetime
    actor: ActorOut
    action: Action
    object: ObjectOut
    before: Said | None
    after: Said | None


class HistoryList(BaseModel):
    items: list[HistoryEntry]
    next_cursor: int | None


class AuditEntryOut(HistoryEntry):
    """An entry of the audit."""

    owner_id: int | None = Field(description="Whose it was done to")
    address: str | None
    request_id: str | None
    digest: str


class AuditList(BaseModel):
    items: list[AuditEntryOut]
    next_cursor: int | None
