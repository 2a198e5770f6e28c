"""Accounts on the wire."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from deskbay.accounts.models import Role, Theme
from deskbay.accounts.rights.scopes import Reach, Scope

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024
LONGEST_EMAIL = 254
NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
TOKEN_EXAMPLE = "1.pR3q….s7Kd…"  # noqa: S105 - an example

Username = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$"),
    Field(description="Letters, digits and . _ - ; capitals make no difference", examples=["ada"]),
]
Email = Annotated[
    str,
    StringConstraints(max_length=LONGEST_EMAIL, pattern=r"^[!-?A-~]+@[!-?A-~]+$"),
    AfterValidator(str.lower),
    Field(examples=["ada@example.org"]),
]
Language = Annotated[
    str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", max_length=16, examples=["de-AT"])
]
"""A language, and mostly where, as BCP 47 writes it."""
FullName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_CONTROLS),
    Field(examples=["Ada Lovelace"]),
]


def _whole(secret: SecretStr) -> SecretStr:
    """Refuse half a surrogate pair, which JSON can carry and no encoding can: plain text is checked for it already."""
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("A character is cut in half") from None
    return secret


Secret = Annotated[SecretStr, AfterValidator(_whole)]
NewPassword = Annotated[
    Secret, Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD, examples=["correct horse battery"])
]


class UserOut(BaseModel):
    """A person."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    username: str = Field(examples=["ada"])
    email: str | None = Field(examples=["ada@example.org"])
    full_name: str | None = Field(examples=["Ada Lovelace"])
    role: Role


class MeOut(UserOut):
    """Who is signed in, how they want to see pages, and what they may do."""

    zone: str | None = Field(description="Zone of their days; null: the browser's", examples=["Europe/Berlin"])
    language: str | None = Field(
        description="Language of the page, its dates and numbers; null: the browser's", examples=["de-AT"]
    )
    theme: Theme
    rights: dict[Scope, Reach] = Field(
        description="What they may do, and to whose things; what is left out they may not do at all",
        examples=[{"desktops:write": "own", "desktops:read": "own"}],
    )


class SignedOut(BaseModel):
    """What is left to do for someone who has signed out."""

    continue_at: str | None = Field(
        description="Where to go on to sign out of the provider, too, with whose account one was signed in",
        examples=["https://login.example.org/logout?client_id=deskbay"],
    )


class OwnerOut(BaseModel):
    """The person to whom something belongs."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    username: str = Field(examples=["ada"])


class NewUser(BaseModel):
    """Who an account is for."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    email: Email | None = None
    full_name: FullName | None = None


class RoleOnServer(BaseModel):
    """What somebody is to the server."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class SignUpIn(NewUser):
    """A new account."""

    password: NewPassword


class SignInIn(BaseModel):
    """Who signs in, and the proof."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(
        min_length=1,
        max_length=LONGEST_EMAIL,
        pattern=NO_CONTROLS,
        description="Username or e-mail address",
        examples=["ada"],
    )
    password: Secret = Field(min_length=1, max_length=LONGEST_PASSWORD, examples=["correct horse battery"])


class LinkIn(BaseModel):
    """What a sign-in link carries after its `#`."""

    model_config = ConfigDict(extra="forbid")

    token: Secret = Field(min_length=1, max_length=200, examples=["mJ0t…"])


class RefreshIn(BaseModel):
    """The newest refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Secret = Field(min_length=1, max_length=200, examples=[TOKEN_EXAMPLE])


class TokensOut(BaseModel):
    """Tokens for a program. Send the access token as `Authorization: Bearer …`."""

    access_token: str = Field(examples=["eyJhbGciOi…"])
    refresh_token: str = Field(description="Good for one use", examples=[TOKEN_EXAMPLE])
    token_type: str = Field("bearer", examples=["bearer"])
    expires_in: int = Field(description="Life of the access token, in seconds", examples=[900])
