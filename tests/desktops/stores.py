"""Runtimes with volumes that behave, and misbehave, as their names say."""

import asyncio
from uuid import UUID

from tests.desktops.doubles import PromptRuntime

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec


class MemoryVolumes:
    """Does at once what it is told, in memory."""

    enforces_size = True

    def __init__(self) -> None:
        self.sizes: dict[UUID, int] = {}
        self.used: dict[UUID, int] = {}

    async def make(self, spec: VolumeSpec) -> None:
        self.sizes[spec.volume] = spec.size_mb

    async def delete(self, volume: UUID) -> None:
        self.sizes.pop(volume, None)

    async def measure(self, volume: UUID) -> int | None:
        return self.used.get(volume, 0)

    async def owned(self) -> set[UUID]:
        return set(self.sizes)


class FullVolumes(MemoryVolumes):
    """Has no room while it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = True

    async def make(self, spec: VolumeSpec) -> None:
        if self.is_full:
            raise VolumeError("The disk is full. Free some space.")
        await super().make(spec)


class SilentVolumes(MemoryVolumes):
    """Gives no answer while it is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.is_silent = True
        self.asked = 0
        """How often it was to measure."""

    async def make(self, spec: VolumeSpec) -> None:
        self._answer()
        await super().make(spec)

    async def delete(self, volume: UUID) -> None:
        self._answer()
        await super().delete(volume)

    async def owned(self) -> set[UUID]:
        self._answer()
        return await super().owned()

    async def measure(self, volume: UUID) -> int | None:
        self.asked += 1
        self._answer()
        return await super().measure(volume)

    def _answer(self) -> None:
        if self.is_silent:
            raise Unreachable("It is switched off. Switch it on.")


class BrokenVolumes(MemoryVolumes):
    """Has a defect."""

    async def make(self, spec: VolumeSpec) -> None:  # noqa: ARG002
        raise ZeroDivisionError


class HangingVolumes(MemoryVolumes):
    """Takes its time over what it makes: until `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.begun = asyncio.Event()

    async def make(self, spec: VolumeSpec) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().make(spec)


class StoringRuntime(PromptRuntime):
    """Has desktops and volumes."""

    def __init__(self, volumes: MemoryVolumes | None = None) -> None:
        super().__init__()
        self.volumes = volumes or MemoryVolumes()
