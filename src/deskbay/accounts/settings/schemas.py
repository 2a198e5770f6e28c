"""Settings on the wire."""

from enum import StrEnum

from pydantic import BaseModel, Field, JsonValue


class Source(StrEnum):
    """Where the value of a setting comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command-line"


class SettingOut(BaseModel):
    """A setting. Of a secret is told only whether it is set."""

    name: str = Field(examples=["sign_up_open"])
    value: JsonValue
    is_secret: bool
    source: Source
    named: str | None = Field(description="Name in the environment, or the file", examples=["DESKBAY_SIGN_UP_OPEN"])
    default: JsonValue
    meaning: str


class SettingList(BaseModel):
    items: list[SettingOut]
