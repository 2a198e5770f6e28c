"""Desktops as plain processes of a host by SSH: what the local runtime does here, its steward does there."""

import asyncio
from contextlib import suppress
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from deskbay.desktops.runtimes import (
    LaunchError,
    LaunchSpec,
    Observation,
    Presence,
    Report,
    UnixDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.local.folders import LOG_LINES, open_door
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.ssh.questions import Refused, Steward
from deskbay.desktops.runtimes.ssh.wire import Words, text_of
from deskbay.desktops.runtimes.tunnels import Screens
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec

ANSWER_SECONDS = 10.0
WORK_SECONDS = 60.0
"""For what moves files, or waits for programs that end."""

Expected = TypeVar("Expected")
_SENTENCE: TypeAdapter[str | None] = TypeAdapter(str | None)
_OBSERVATION = TypeAdapter(Observation)
_IDS: TypeAdapter[set[UUID]] = TypeAdapter(set[UUID])
_LINES: TypeAdapter[list[str]] = TypeAdapter(Annotated[list[str], Field(max_length=LOG_LINES)])
_PATH: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=r"^/")])
_BYTES: TypeAdapter[int | None] = TypeAdapter(int | None)


class ProcessRuntime:
    """Desktops of a host which has their programs, sshd and python3."""

    def __init__(self, host: Host, place: Place) -> None:
        folder = f".deskbay/p-{place.server[:12]}-{place.name}"
        self._host = host
        self._steward = Steward(host, folder)
        self._screens = Screens(place.data.absolute() / "containers" / place.name)
        self._agents_here, self._agents_there = open_door(place.data) / "server.sock", f"{folder}/agents"
        self.volumes = FarVolumes(self._steward)

    async def unavailable(self, profile: str) -> str | None:
        """Why the profile can't be started there, as a sentence with the remedy; None when it can."""
        sentence = await self._ask(_SENTENCE, "unavailable", {"profile": profile})
        return None if sentence is None else f"On {self._host.name}: {sentence}"

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop and return as soon as its processes exist; `observe` tells when it is ready.

        Raises LaunchError, having taken back all that it made.
        """
        try:
            if spec.agent_token is not None:
                await self._host.open_door(self._agents_there, self._agents_here)
            await self._steward.ask("launch", {"spec": text_of(spec)}, WORK_SECONDS, report)
        except BaseException as error:
            with suppress(Unreachable):
                await asyncio.shield(self.end(spec.desktop))
            if isinstance(error, Unreachable | Refused):
                raise LaunchError(str(error)) from error
            raise

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now, asked of the host's kernel."""
        return await self._ask(_OBSERVATION, "observe", _about(desktop))

    async def end(self, desktop: UUID) -> None:
        """End every process of the desktop and take away its sockets, locks and groups; the home and the log stay."""
        self._screens.close(desktop)
        await self._steward.ask("end", _about(desktop), WORK_SECONDS)

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, but the home of its owner."""
        self._screens.close(desktop)
        await self._steward.ask("forget", _about(desktop), WORK_SECONDS)

    async def owned(self) -> set[UUID]:
        """Every desktop that there is something of on the host."""
        return await self._ask(_IDS, "owned", {})

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        return await self._ask(_LINES, "log", _about(desktop))

    async def display(self, desktop: UUID) -> UnixDisplay:
        """Where the gateway reaches the desktop's screen. Raises Unreachable when it does not run."""
        if (await self.observe(desktop)).presence is Presence.ABSENT:
            self._screens.close(desktop)
            raise Unreachable("The desktop does not run.")
        there = await self._ask(_PATH, "display", _about(desktop))

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(Unreachable):
                await self._host.carry(reader, writer, there)

        return UnixDisplay(await self._screens.open(desktop, carry))

    async def close(self) -> None:
        """Close the connection; the desktops go on."""
        self._screens.close_all()
        try:
            await self._steward.close()
        finally:
            await self._host.close()

    async def _ask(self, expected: TypeAdapter[Expected], what: str, words: Words) -> Expected:
        return await asked(self._steward, expected, what, words)


class FarVolumes:
    """Volumes as folders of the host. Nothing holds their size: the disk is shared."""

    enforces_size = False

    def __init__(self, steward: Steward) -> None:
        self._steward = steward

    async def make(self, spec: VolumeSpec) -> None:
        """Make a volume that is empty. Its size is a promise, which may grow. Raises VolumeError."""
        words = {"volume": str(spec.volume), "name": spec.name, "size_mb": str(spec.size_mb)}
        try:
            await self._steward.ask("make a volume", words, ANSWER_SECONDS)
        except Refused as error:
            raise VolumeError(str(error)) from error

    async def delete(self, volume: UUID) -> None:
        """Take a volume away with all that is in it."""
        await self._steward.ask("delete a volume", {"volume": str(volume)}, WORK_SECONDS)

    async def measure(self, volume: UUID) -> int | None:
        """How many bytes of the disk are used."""
        return await asked(self._steward, _BYTES, "measure a volume", {"volume": str(volume)}, WORK_SECONDS)

    async def owned(self) -> set[UUID]:
        """Every volume that has a folder."""
        return await asked(self._steward, _IDS, "volumes", {})


class Asked(Protocol):
    """Whoever answers questions."""

    async def ask(self, what: str, words: Words, seconds: float) -> JsonValue: ...


async def asked(
    steward: Asked,
    expected: TypeAdapter[Expected],
    what: str,
    words: Words,
    seconds: float = ANSWER_SECONDS,
) -> Expected:
    """Return an answer of the type that is expected. Raises Unreachable for any other: the host is not trusted."""
    answer = await steward.ask(what, words, seconds)
    try:
        return expected.validate_python(answer, strict=False)
    except ValidationError as error:
        raise Unreachable("The host answers what nobody understands. Look which programs run there.") from error


def _about(desktop: UUID) -> dict[str, str]:
    return {"desktop": str(desktop)}
