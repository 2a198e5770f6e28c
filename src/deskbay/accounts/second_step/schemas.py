"""Second steps on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from deskbay.accounts.schemas import LONGEST_PASSWORD, MeOut, Secret, SignInIn

CODE_EXAMPLE = "123456"

Code = Annotated[
    Secret,
    Field(
        min_length=1, max_length=64, description="Six digits of the app, or a recovery code", examples=[CODE_EXAMPLE]
    ),
]


class Step(StrEnum):
    """What a sign-in lacks whose password was right."""

    CODE = "code"
    SET_UP = "set-up"


class NextStepOut(BaseModel):
    """What to do next to be signed in, within ten minutes, in the same browser."""

    step: Step = Field(description="`code`: send one. `set-up`: set an authenticator app up first")


class StepCodeIn(BaseModel):
    """A code."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class ProgramSignInIn(SignInIn):
    """Who signs in with a program, and the proof."""

    code: Code | None = Field(None, description="For accounts with a second step")


class SetUpOut(BaseModel):
    """What an authenticator app is set up with."""

    secret: str = Field(description="In base32, to be typed in", examples=["JBSWY3DPEHPK3PXP"])
    uri: str = Field(examples=["otpauth://totp/Deskbay:ada?secret=…&issuer=Deskbay"])
    qr: str = Field(description="The address as a picture: an SVG as a data URL", examples=["data:image/svg+xml,…"])


class RecoveryCodesOut(BaseModel):
    """Codes for the day on which the app is lost. They are told this once."""

    codes: list[str] = Field(examples=[["abcd-efgh-ijkl-mnop"]])


class SignedInOut(RecoveryCodesOut):
    """Who is signed in now, with the codes for the day on which the app is lost."""

    user: MeOut


class SecondStepOut(BaseModel):
    """How your sign-ins are secured beside your password."""

    confirmed_at: datetime | None = Field(description="Since when codes are asked for; null: they are not")
    recovery_codes: int = Field(description="How many are left", examples=[10])
    is_required: bool = Field(description="Whether this server wants a second step of you")
    proven_until: datetime | None = Field(
        description="Until when your factors may be changed without showing once more that it is you"
    )
    has_password: bool = Field(description="Whether you can show it by a password")


class ProofIn(BaseModel):
    """Something that shows that it is you."""

    model_config = ConfigDict(extra="forbid")

    password: Secret = Field(min_length=1, max_length=LONGEST_PASSWORD)
