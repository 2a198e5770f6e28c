"""Signing in at a provider, on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from deskbay.accounts.schemas import Secret

ProviderName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$"), Field(examples=["school"])]


class ProviderOut(BaseModel):
    """A provider with whose accounts people may sign in."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["school"])
    title: str = Field(examples=["School account"])


class BegunOut(BaseModel):
    """A sign-in that has begun."""

    authorization_url: str = Field(
        description="Where the browser goes on", examples=["https://login.example.org/authorize?client_id=deskbay"]
    )


class CallbackIn(BaseModel):
    """What a provider has sent the browser back with."""

    model_config = ConfigDict(extra="forbid")

    code: Secret = Field(min_length=1, max_length=4000, examples=["SplxlOBeZQQYbYS6WxSbIA"])
    state: Secret = Field(min_length=1, max_length=200, examples=["af0ifjsldkj"])


LogoutToken = Annotated[SecretStr, Field(max_length=20_000)]
