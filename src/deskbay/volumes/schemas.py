"""Volumes on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.schemas import NO_CONTROLS, OwnerOut
from deskbay.kit.keys import LARGEST_KEY
from deskbay.volumes.models import Access, VolumeState

LARGEST_MB = 64 * 2**20
MOST_SHARES = 1000

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS)]
Size = Annotated[int, Field(ge=16, le=LARGEST_MB, description="In MiB", examples=[10240])]
Id = Annotated[int, Field(ge=1, le=LARGEST_KEY, examples=[1])]


class VolumeIn(BaseModel):
    """A new volume."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Thesis"])
    size_mb: Size
    runtime: str | None = Field(
        None, max_length=64, description="Where it lies, for good: see `GET /api/v1/volumes/places`; else the first"
    )


class VolumeChange(BaseModel):
    """Another name, or a larger size. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = Field(None, examples=["Thesis"])
    size_mb: Size | None = None


class UserShareIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=255, examples=["ada"])
    access: Access = Access.READ


class GroupShareIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    group_id: Id
    access: Access = Access.READ


class SharesIn(BaseModel):
    """With whom a volume is shared, whole."""

    model_config = ConfigDict(extra="forbid")

    everyone: Access | None = Field(None, description="What all may do with it; null: nothing")
    users: Annotated[list[UserShareIn], Field(max_length=MOST_SHARES)] = []
    groups: Annotated[list[GroupShareIn], Field(max_length=MOST_SHARES)] = []


class UserShareOut(BaseModel):
    user: OwnerOut
    access: Access


class GroupShareOut(BaseModel):
    group: GroupBrief
    access: Access


class SharesOut(BaseModel):
    """With whom a volume is shared."""

    everyone: Access | None
    users: list[UserShareOut]
    groups: list[GroupShareOut]


class UseOut(BaseModel):
    """A desktop that has the volume."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["Work"])
    owner: OwnerOut
    state: str = Field(examples=["running"])
    is_read_only: bool


class VolumeOut(BaseModel):
    """Storage that outlives desktops."""

    id: int = Field(examples=[3])
    uuid: UUID
    name: str = Field(examples=["Thesis"])
    owner: OwnerOut
    runtime: str = Field(description="Where it lies: desktops of that runtime can have it", examples=["local"])
    size_mb: int = Field(examples=[10240])
    used_mb: int | None = Field(description="As measured last; null: not yet", examples=[812])
    measured_at: datetime | None
    is_size_enforced: bool = Field(description="Whether writing ends where it is full; else the size is a promise")
    state: VolumeState
    reason: str | None = Field(description="Why it is not there, or has not grown")
    access: Access = Field(description="What you may do with its files")
    may_manage: bool = Field(description="Whether you may share, grow and delete it")
    is_shared: bool = Field(description="Whether others than its owner may use it")
    created_at: datetime
    desktops: list[UseOut] = Field(description="Who has it now: all for those who manage it, else your own")


class VolumeList(BaseModel):
    items: list[VolumeOut]
    next_cursor: int | None = Field(description="`cursor` of the next page; null on the last one")


class PlaceOut(BaseModel):
    """A runtime on which volumes can be made."""

    runtime: str = Field(examples=["local"])
    is_size_enforced: bool


class PlaceList(BaseModel):
    items: list[PlaceOut]
    free_mb: int | None = Field(description="How much larger your volumes may become, in all; null: without limit")


class GiftIn(BaseModel):
    """The templates whose desktops all have a volume, whole."""

    model_config = ConfigDict(extra="forbid")

    template_ids: Annotated[list[Id], Field(max_length=MOST_SHARES)]
    is_read_only: bool = True


class GiftOut(BaseModel):
    """The templates whose desktops all have a volume, each at a path of its own."""

    template_ids: list[int] = Field(examples=[[1]])
    is_read_only: bool
    path: str = Field(description="Where its files are in those desktops", examples=["/shared/course-data"])


class AttachIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    is_read_only: bool = False


class VolumeBrief(BaseModel):
    """A volume in a desktop."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["Thesis"])
    path: str = Field(description="Where its files are in the desktop", examples=["/storage"])
    is_read_only: bool


class VolumeEvent(BaseModel):
    """The data of a `volume` event."""

    id: int = Field(examples=[3])
