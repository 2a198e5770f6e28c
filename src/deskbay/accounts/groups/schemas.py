"""Groups on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from deskbay.accounts.schemas import NO_CONTROLS
from deskbay.settings import Tracking

MOST_AT_ONCE = 1000

GroupName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS),
    Field(examples=["Class 7b"]),
]


class GroupIn(BaseModel):
    """A group, whole. Of its people nothing is tracked unless it says so."""

    model_config = ConfigDict(extra="forbid")

    name: GroupName
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_CONTROLS)] = ""
    tracking: Tracking = Tracking.OFF
    window_titles: bool = Field(False, description="Whether titles of windows are kept, where something is tracked")


class GroupBrief(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[3])
    name: str = Field(examples=["Class 7b"])
    slug: str = Field(examples=["class-7b"])


class GroupOut(GroupBrief):
    """A group."""

    description: str
    tracking: Tracking
    window_titles: bool
    people: int = Field(description="How many belong to it or to a group that lies in it", examples=[28])


class GroupList(BaseModel):
    items: list[GroupOut]
    next_cursor: int | None
    total: int = Field(description="How many match in all", examples=[12])


class GroupDetails(GroupOut):
    """A group, and where it lies."""

    nested: list[GroupBrief] = Field(description="The groups that lie right in it")
    around: list[GroupBrief] = Field(description="The groups in which it lies right away")


class MemberIn(BaseModel):
    """A person for a group."""

    model_config = ConfigDict(extra="forbid")

    user_id: int = Field(ge=1, le=2**63 - 1, examples=[7])
    is_administrator: bool = Field(False, description="Looks after who belongs to the group and those that lie in it")


class MembersIn(BaseModel):
    """People for a group. Of who belongs to it already, the right to look after it changes."""

    model_config = ConfigDict(extra="forbid")

    members: list[MemberIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class PersonBrief(BaseModel):
    """A person, as group administrators see them."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[7])
    username: str = Field(examples=["ada"])
    full_name: str | None = Field(examples=["Ada Lovelace"])


class PersonBriefList(BaseModel):
    items: list[PersonBrief]
    next_cursor: int | None
    total: int = Field(description="How many match in all", examples=[28])


class MemberOut(PersonBrief):
    """A person who belongs right to a group."""

    is_administrator: bool


class MemberList(BaseModel):
    items: list[MemberOut]
    next_cursor: int | None
    total: int = Field(description="How many match in all", examples=[28])


class GroupOfPerson(GroupBrief):
    """A group to which a person belongs."""

    is_direct: bool = Field(description="false: by a group that lies in it")
    is_administrator: bool


class GroupsOfPerson(BaseModel):
    items: list[GroupOfPerson]
