"""Kinds of runtimes that are in memory, for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.runtimes.kinds import Kinds, Place, RuntimeSettings
from deskbay.desktops.runtimes.spares import spares_of
from deskbay.kit.vault import Vault, new_key


def kind_of(runtime: Runtime) -> type[RuntimeSettings]:
    """A kind that asks for nothing, and of which there is one runtime."""

    class OnlyOne(RuntimeSettings):
        """Nothing."""

        makes_spares: ClassVar[bool] = spares_of(runtime) is not None

        def open(self, place: Place) -> Runtime:  # noqa: ARG002
            return runtime

    return OnlyOne


def kinds_of(runtimes: Mapping[str, Runtime]) -> Kinds:
    return {name: kind_of(runtime) for name, runtime in runtimes.items()}


def pool_of(**runtimes: Runtime) -> RuntimePool:
    return RuntimePool(kinds_of(runtimes), Path("/nonexistent"), "secret", Vault([new_key()]))
