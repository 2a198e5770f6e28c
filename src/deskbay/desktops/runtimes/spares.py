"""Desktops that are made before anybody launches them, as runtimes offer them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import UUID

from deskbay.desktops.runtimes import LaunchSpec, Network
from deskbay.desktops.runtimes.volumes import Mount


@dataclass(frozen=True, slots=True)
class SpareSpec:
    """All that a runtime needs to make a spare: what every desktop like it has, and nothing of a person.

    `desktop` is the id of the desktop that it will be. Sizes in MiB, cores and pixels.
    """

    desktop: UUID
    image: str
    network: Network
    memory_mb: int
    cpus: float
    environment: Mapping[str, str] = field(repr=False)
    volumes: tuple[Mount, ...] = ()
    width: int = 1280
    height: int = 800

    @property
    def recipe(self) -> str:
        """The same for spares that are alike, whatever their ids are; another one for all others."""
        volumes = sorted((str(one.volume), one.path, one.is_read_only) for one in self.volumes)
        sizes = (self.memory_mb, self.cpus, self.width, self.height)
        parts = (self.image, self.network, sizes, sorted(self.environment.items()), volumes)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def spare_for(spec: LaunchSpec) -> SpareSpec | None:
    """Return the spare that a launch may begin with; None where there is none like that."""
    if spec.image is None or spec.port is not None or spec.agent_token is None:
        return None
    return SpareSpec(
        desktop=spec.desktop,
        image=spec.image,
        network=spec.network,
        memory_mb=spec.memory_mb,
        cpus=spec.cpus,
        environment=spec.environment,
        volumes=spec.volumes,
        width=spec.width,
        height=spec.height,
    )


class SpareStore(Protocol):
    """Makes spares. `launch` takes the one whose id its desktop has, if it is alike; else that is ended, and it starts
    anew. `observe` tells of one that waits that it is a spare; `end`, `forget` and `owned` are for spares, too.
    """

    async def prepare(self, spec: SpareSpec) -> None:
        """Make a spare, and return when it waits. Raises LaunchError, having taken back all that it made."""

    async def waiting(self) -> set[UUID]:
        """Every spare that waits."""


@runtime_checkable
class OffersSpares(Protocol):
    """A runtime that can have spares, or none where it can't."""

    @property
    def spares(self) -> SpareStore | None: ...


def spares_of(runtime: object) -> SpareStore | None:
    """Return what makes a runtime's spares; None where it has none."""
    return runtime.spares if isinstance(runtime, OffersSpares) else None
