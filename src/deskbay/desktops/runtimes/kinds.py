"""Kinds of runtimes: plug-ins, found by the entry point `deskbay.runtimes`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic.config import JsonDict

from deskbay.desktops.runtimes import Runtime

GROUP = "deskbay.runtimes"
LINES: JsonDict = {"lines": True}
"""For a setting of several lines."""
SECRET = (SecretStr, SecretStr | None)


@dataclass(frozen=True, slots=True)
class Place:
    """What a runtime is told: the folder of what this server keeps, its id, the runtime's own name, and the address at
    which the server is reached from elsewhere, as far as that is known.
    """

    data: Path
    server: str
    name: str
    address: str | None = None


class RuntimeSettings(BaseModel, ABC):
    """What a kind of runtime asks an administrator for, and how it becomes one. An entry point names a subclass.

    Settings of the type `SecretStr`, or that or None, are sealed in the database, and shown to nobody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    makes_spares: ClassVar[bool] = False
    """Whether some runtimes of the kind make desktops before anybody launches them."""

    @classmethod
    def secret_names(cls) -> frozenset[str]:
        """Return the names of the settings that are secrets."""
        return frozenset(name for name, field in cls.model_fields.items() if field.annotation in SECRET)

    @abstractmethod
    def open(self, place: Place) -> Runtime:
        """Return the runtime. It connects when it is first asked something."""


Kinds = Mapping[str, type[RuntimeSettings]]


@cache
def installed_kinds() -> Kinds:
    """Return what is installed, by name."""
    return {found.name: found.load() for found in entry_points(group=GROUP)}
