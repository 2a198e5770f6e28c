"""Links in mails, on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from deskbay.accounts.schemas import Email, NewPassword, Secret


class ForgottenIn(BaseModel):
    """Whose password is forgotten."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class VerifyIn(BaseModel):
    """What a link to verify an address carries after its `#`."""

    model_config = ConfigDict(extra="forbid")

    token: Secret = Field(min_length=1, max_length=200, examples=["mJ0t…"])


class NewPasswordIn(VerifyIn):
    """What a link to take another password carries, and the password."""

    new_password: NewPassword
