"""Tokens of the API on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from deskbay.accounts.rights.schemas import WrittenRight
from deskbay.accounts.rights.scopes import GRANTABLE
from deskbay.accounts.schemas import NO_CONTROLS, OwnerOut, Username

LONGEST_DAYS = 365

TokenName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS),
    Field(examples=["Backups"]),
]


class TokenIn(BaseModel):
    """A token that is wished for."""

    model_config = ConfigDict(extra="forbid")

    name: TokenName
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_CONTROLS)] = ""
    scopes: set[WrittenRight] = Field(
        min_length=1,
        max_length=len(GRANTABLE),
        description="What it may do of what its person may; with `!own` or `!group` no farther than that",
        examples=[["desktops:read!own"]],
    )
    expires_in_days: int = Field(30, ge=1, le=LONGEST_DAYS)


class ServiceTokenIn(TokenIn):
    """A token that acts for an account of its own, which nobody can sign in to. The account is made if need be."""

    username: Username
    is_administrator: bool = Field(
        False, description="Whether the account is an administrator's; only for a new one, and only administrators may"
    )


class TokenOut(BaseModel):
    """A token, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(validation_alias="uuid")
    name: str
    description: str
    scopes: list[WrittenRight]
    user: OwnerOut = Field(description="For whom it acts")
    created_by: OwnerOut | None = Field(validation_alias="creator")
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To within some seconds")
    revoked_at: datetime | None


class NewTokenOut(TokenOut):
    """A token that was just made."""

    token: str = Field(description="The secret, told this once", examples=["deskbay_pat_mJ0t…"])


class TokenList(BaseModel):
    items: list[TokenOut]
    next_cursor: int | None
