"""Passkeys on the wire: what browsers take and give as JSON (Web Authentication, level 3, section 5.1)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from deskbay.accounts.schemas import NO_CONTROLS

LONGEST_PART = 16384

PasskeyName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=NO_CONTROLS),
    Field(examples=["Laptop"]),
]
Base64Url = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PART, pattern=r"^[A-Za-z0-9_=-]+$")]


class PasskeyOptions(BaseModel):
    """What the browser's `navigator.credentials` is called with."""

    options: dict[str, JsonValue] = Field(description="As `PublicKeyCredential.parse…OptionsFromJSON` takes them")


class Attestation(BaseModel):
    """What a device says that has made a passkey."""

    client_data: Base64Url = Field(alias="clientDataJSON")
    attestation_object: Base64Url = Field(alias="attestationObject")


class Assertion(BaseModel):
    """What a device says that has signed with a passkey."""

    client_data: Base64Url = Field(alias="clientDataJSON")
    authenticator_data: Base64Url = Field(alias="authenticatorData")
    signature: Base64Url
    user_handle: Base64Url | None = Field(None, alias="userHandle")


class Credential(BaseModel):
    """What every answer of a browser has: more than this is left out."""

    id: Base64Url
    raw_id: Base64Url = Field(alias="rawId")
    type: Literal["public-key"]


class NewCredential(Credential):
    """A passkey that was made, as `toJSON()` of the browser's answer gives it."""

    response: Attestation


class UsedCredential(Credential):
    """A passkey that was used, as `toJSON()` of the browser's answer gives it."""

    response: Assertion


class NewPasskeyIn(BaseModel):
    """A passkey to be added."""

    model_config = ConfigDict(extra="forbid")

    name: PasskeyName
    credential: NewCredential


class UsedPasskeyIn(BaseModel):
    """A passkey that shows who is there."""

    model_config = ConfigDict(extra="forbid")

    credential: UsedCredential


class PasskeyNameIn(BaseModel):
    """Another name of a passkey."""

    model_config = ConfigDict(extra="forbid")

    name: PasskeyName


class PasskeyOut(BaseModel):
    """A passkey of yours."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str = Field(examples=["Laptop"])
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(BaseModel):
    items: list[PasskeyOut]
