"""What a provider tells of a person."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field, JsonValue, StringConstraints, TypeAdapter, ValidationError

from deskbay.accounts.schemas import Email, FullName

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
SESSION: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(min_length=1, max_length=64)])
FULL_NAME: TypeAdapter[str] = TypeAdapter(FullName)


class Claims(BaseModel):
    """A person at a provider. An e-mail address is there only where the provider has verified it."""

    subject: str = Field(min_length=1, max_length=255)
    session: str | None = None
    username: str | None = None
    full_name: str | None = None
    email: str | None = None
    groups: frozenset[str] | None = Field(None, description="None where nothing is told of groups")

    @classmethod
    def of(cls, told: Mapping[str, JsonValue], groups_claim: str) -> "Claims":
        """Read the claims of a token. Raises ValidationError for a subject that can't be."""
        is_verified = told.get("email_verified") in {True, "true"}
        email = _as(EMAIL, told.get("email")) if is_verified else None
        groups = told.get(groups_claim)
        return cls(
            subject=told.get("sub"),
            session=_as(SESSION, told.get("sid")),
            username=_text(told.get("preferred_username")) or (email and email.partition("@")[0]),
            full_name=_as(FULL_NAME, told.get("name")),
            email=email,
            groups=frozenset(one for one in groups if isinstance(one, str)) if isinstance(groups, list) else None,
        )


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None


def _as(kind: TypeAdapter[str], value: JsonValue) -> str | None:
    """Return a value in the form in which it is kept here; None for one that can't be."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None
