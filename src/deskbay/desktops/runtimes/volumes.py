"""Storage that outlives desktops, as runtimes offer it."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from uuid import UUID

STORAGE = "/storage"
"""Where a desktop has the volume that its person attached."""
SHARED = "/shared"
"""Below this it has those of its template, each by its name."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume in a desktop."""

    volume: UUID
    path: str
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """All that a runtime needs to make a volume. The size is in MiB."""

    volume: UUID
    name: str
    size_mb: int


class VolumeError(Exception):
    """A volume that can't be made, or can't grow. Its text tells the person why and what to do."""


class VolumeStore(Protocol):
    """Make, measure and delete volumes. Every method is idempotent, may be called after a crash at any line, and raises
    Unreachable when there is no answer.

    `enforces_size` tells whether writing ends where a volume is full.
    """

    enforces_size: bool

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty, or let one grow that is there. Raises VolumeError."""

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it. No desktop has it."""

    async def measure(self, volume: UUID) -> int | None:
        """How many bytes are used; None where that can't be told."""

    async def owned(self) -> set[UUID]:
        """Every volume of this server's that is there."""


@runtime_checkable
class OffersVolumes(Protocol):
    """A runtime that has volumes, too, or none where it can't."""

    @property
    def volumes(self) -> VolumeStore | None: ...


def store_of(runtime: object) -> VolumeStore | None:
    """Return where a runtime keeps volumes; None where it offers none."""
    return runtime.volumes if isinstance(runtime, OffersVolumes) else None
