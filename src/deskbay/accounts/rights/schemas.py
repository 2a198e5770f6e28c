"""Rights on the wire."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.rights.scopes import GRANTABLE, Reach, Scope
from deskbay.accounts.schemas import NO_CONTROLS, OwnerOut

FORM = f"^({'|'.join(GRANTABLE)})(!({'|'.join(Reach)}))?$"
EXAMPLES = ["desktops:write!group", "activity:read"]


def _readable(text: str) -> str:
    scope, _, reach = text.partition("!")
    if scope not in GRANTABLE or ("!" in text and reach not in set(Reach)):
        raise ValueError("There is no such right. Write one like desktops:read, or desktops:read!own")
    return text


WrittenRight = Annotated[
    str,
    StringConstraints(max_length=50),
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "pattern": FORM, "examples": EXAMPLES}),
]
"""A right as it is written: what may be done, and to whose things. Without a filter it reaches to everyone's."""


class RoleIn(BaseModel):
    """A role, and what who has it may do."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS)] = (
        Field(examples=["Help desk"])
    )
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_CONTROLS)] = ""
    rights: set[WrittenRight] = Field(min_length=1, max_length=len(GRANTABLE))


class RoleOut(BaseModel):
    """A role, and who has it."""

    id: int | None = Field(description="Null for one that is there from the start, and can't be changed")
    name: str
    description: str
    rights: dict[Scope, Reach]
    people: list[OwnerOut]
    groups: list[GroupBrief]


class RoleList(BaseModel):
    items: list[RoleOut]


class RoleOfGroup(BaseModel):
    """A role that the people of a group have, and by which group: that one, or one in which it lies."""

    id: int
    name: str = Field(examples=["Help desk"])
    rights: dict[Scope, Reach]
    group: GroupBrief


class RolesOfGroup(BaseModel):
    items: list[RoleOfGroup]


class SourceOut(BaseModel):
    """Where a right comes from."""

    role: str = Field(examples=["Help desk"])
    role_id: int | None = Field(description="Null for a role that is there from the start")
    group: GroupBrief | None = Field(
        description="The group that has it, or is looked after; null: none that you may see"
    )
    reach: Reach


class RightOut(BaseModel):
    """Something that a person may do, how far, and by what."""

    scope: Scope
    reach: Reach
    sources: list[SourceOut]


class RightsEvent(BaseModel):
    """What somebody may do from now on."""

    rights: dict[Scope, Reach]


class RightList(BaseModel):
    items: list[RightOut]
