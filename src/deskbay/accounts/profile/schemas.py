"""Profiles on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from deskbay.accounts.models import Role, Theme
from deskbay.accounts.schemas import LONGEST_PASSWORD, Email, FullName, Language, NewPassword, Secret
from deskbay.kit.setting_kinds import TimeZone


class ProfileOut(BaseModel):
    """Your own account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str = Field(examples=["ada"])
    full_name: str | None = Field(examples=["Ada Lovelace"])
    email: str | None = Field(examples=["ada@example.org"])
    email_verified_at: datetime | None
    role: Role
    zone: str | None = Field(
        description="Zone in which times are told; null: the browser's", examples=["Europe/Berlin"]
    )
    language: str | None = Field(
        description="Language of page, mails and new desktops (BCP 47); null: the browser's, and what templates say",
        examples=["de-AT"],
    )
    theme: Theme
    has_password: bool
    providers: list[str] = Field(description="With whose accounts you may sign in", examples=[["School account"]])


class ProfileIn(BaseModel):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    full_name: FullName | None = None
    email: Email | None = None
    zone: TimeZone | None = None
    language: Language | None = None
    theme: Theme = Theme.AUTO
    password: Secret | None = Field(
        None, max_length=LONGEST_PASSWORD, description="Your password, where you have one and the e-mail changes"
    )


class PasswordIn(BaseModel):
    """A new password."""

    model_config = ConfigDict(extra="forbid")

    password: Secret | None = Field(None, max_length=LONGEST_PASSWORD, description="The one that you have, if any")
    new_password: NewPassword


class LoginOut(BaseModel):
    """A browser or program at which you are signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    program: str | None = Field(description="As it names itself", examples=["Mozilla/5.0 (X11; Linux x86_64) …"])
    address: str | None = Field(examples=["192.0.2.7"])
    created_at: datetime
    seen_at: datetime | None = Field(description="When it renewed its tokens last")
    is_this: bool = Field(description="Whether it is the one that asks")


class LoginList(BaseModel):
    items: list[LoginOut]
