"""Runtimes on the wire, for administrators."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Slug = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Label = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9][a-z0-9.=/-]*$")]
Labels = Annotated[list[Label], Field(max_length=50, description="Templates ask for some of these", examples=[["gpu"]])]
NONE = "; null is without limit"


class Limits(BaseModel):
    """What the desktops of a runtime may take that run, in all."""

    desktops: int | None = Field(None, ge=1, le=1_000_000, description=f"How many{NONE}", examples=[20])
    memory_mb: int | None = Field(None, ge=64, le=2**31 - 1, description=f"In MiB{NONE}", examples=[65536])
    cpus: float | None = Field(None, ge=0.1, le=1e6, allow_inf_nan=False, description=f"In cores{NONE}", examples=[16])


class RuntimeChange(Limits):
    """What may be changed of a runtime."""

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, JsonValue] = Field(
        {},
        description="What its kind asks for: see `GET /api/v1/runtime-kinds`. Secrets that are left out of a change "
        "stay; null takes one away",
        examples=[{"socket": "/run/docker.sock"}],
    )
    labels: Labels = []
    is_drained: bool = Field(False, description="It gets no more desktops; those that are there go on")


class RuntimeIn(RuntimeChange):
    """A new runtime."""

    slug: Slug = Field(description="Its name, for good", examples=["box-1"])
    kind: str = Field(max_length=64, examples=["docker"])


class LoadOut(BaseModel):
    """What the desktops take that run, or are to."""

    model_config = ConfigDict(from_attributes=True)

    desktops: int
    memory_mb: int
    cpus: float


class RuntimeOut(RuntimeIn):
    """A runtime."""

    id: int = Field(examples=[1])
    sealed: list[str] = Field(description="Names of the secrets that are set, which nobody is shown")
    load: LoadOut


class RuntimeList(BaseModel):
    items: list[RuntimeOut]


class KindOut(BaseModel):
    """A kind of runtime that is installed."""

    name: str = Field(examples=["docker"])
    settings: dict[str, JsonValue] = Field(description="JSON schema of what it asks for")
    makes_spares: bool = Field(description="Whether templates for it may have spare desktops")


class KindList(BaseModel):
    items: list[KindOut]


class Answer(BaseModel):
    """Whether a runtime answers just now, and desktops can be started there."""

    answers: bool
    detail: str = Field(description="What is wrong, and what to do", examples=["It answers."])
    proposal: dict[str, str] | None = Field(
        None,
        description="Settings by which it would be believed, once a person has looked at them",
        examples=[{"host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"}],
    )
