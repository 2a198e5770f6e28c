"""Runtimes that behave, and misbehave, as their names say, for tests that are not about a real one."""

import asyncio
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import (
    Display,
    LaunchError,
    LaunchSpec,
    Observation,
    Presence,
    Report,
    UnixDisplay,
    Unreachable,
)

ABSENT = Observation(Presence.ABSENT)


class PromptRuntime:
    """Does at once what it is told, in memory."""

    def __init__(self) -> None:
        self.seen: dict[UUID, Observation] = {}
        self.launches: list[LaunchSpec] = []
        self.forgotten: set[UUID] = set()
        self.launched = asyncio.Event()
        self.is_closed = False

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002
        return None

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        self.launches.append(spec)
        report("Starting")
        self.seen[spec.desktop] = Observation(Presence.READY)
        self.launched.set()

    async def observe(self, desktop: UUID) -> Observation:
        return self.seen.get(desktop, ABSENT)

    async def end(self, desktop: UUID) -> None:
        self.seen.pop(desktop, None)

    async def forget(self, desktop: UUID) -> None:
        self.forgotten.add(desktop)

    async def owned(self) -> set[UUID]:
        return set(self.seen)

    async def log(self, desktop: UUID) -> list[str]:
        return [f"the log of {desktop}"]

    async def display(self, desktop: UUID) -> Display:
        return UnixDisplay(Path("/nonexistent") / str(desktop))

    async def close(self) -> None:
        self.is_closed = True


class UnavailableRuntime(PromptRuntime):
    """Lacks what its profiles need."""

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002
        return "Xvnc is missing. Install it."


class NeverReadyRuntime(PromptRuntime):
    """Starts desktops that never get anywhere."""

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        await super().launch(spec, report)
        self.seen[spec.desktop] = Observation(Presence.STARTING)


class SlowRuntime(PromptRuntime):
    """Takes its time over a launch: until `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.begun = asyncio.Event()

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().launch(spec, report)


class RefusingRuntime(PromptRuntime):
    """Can't launch anything, and says why."""

    async def launch(self, spec: LaunchSpec, report: Report) -> None:  # noqa: ARG002
        raise LaunchError("The disk is full. Free some space, then try again.")


class BrokenRuntime(PromptRuntime):
    """Has a defect: its launch ends in an error that nobody foresaw."""

    async def launch(self, spec: LaunchSpec, report: Report) -> None:  # noqa: ARG002
        raise ZeroDivisionError


class DiesAtOnceRuntime(PromptRuntime):
    """Starts desktops that are gone in the next moment."""

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        await super().launch(spec, report)
        self.seen[spec.desktop] = Observation(Presence.ABSENT, reason="Xvnc: cannot open display")


class StubbornRuntime(PromptRuntime):
    """Ends nothing the first time it is asked: it hangs."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def end(self, desktop: UUID) -> None:
        self.asked += 1
        if self.asked == 1:
            await asyncio.Event().wait()
        await super().end(desktop)


class SilentRuntime(PromptRuntime):
    """Gives no answer while it is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.is_silent = True

    def _answer(self) -> None:
        if self.is_silent:
            raise Unreachable("It is switched off. Switch it on.")

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        self._answer()
        await super().launch(spec, report)

    async def observe(self, desktop: UUID) -> Observation:
        self._answer()
        return await super().observe(desktop)

    async def end(self, desktop: UUID) -> None:
        self._answer()
        await super().end(desktop)

    async def owned(self) -> set[UUID]:
        self._answer()
        return await super().owned()
