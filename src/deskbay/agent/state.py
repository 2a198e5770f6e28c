"""What the agent keeps on a device: whose it is, what it may do, what its person wants, how it is doing."""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deskbay.agent import system
from deskbay.agent.connection import UNIX, Address
from deskbay.agent.failures import Failed

_INSIDE = Path("/run/deskbay")
"""Where a desktop that Deskbay launched has its token and the server's socket."""
_LOCK_SECONDS, _STEP_SECONDS = 2.0, 0.05
FOREVER = datetime.max.replace(tzinfo=UTC)


class NotPaired(Failed):
    """This device belongs to nobody's server yet; the text says what to do."""


class AlreadyRunning(Failed):
    """Another agent looks after this device."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The server that this device reports to, and its token there."""

    server: Address
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the server lets this device report. `run` is the activation of the session that is tracked."""

    tracking: bool = False
    titles: bool = False
    run: str | None = None
    excluded: frozenset[str] = frozenset()
    paused_until: datetime | None = None

    @classmethod
    def from_json(cls, value: object) -> "Policy":
        """Raises ValueError where it is no policy."""
        if not isinstance(value, dict):
            raise ValueError("a policy is an object")  # noqa: TRY004 - one error for all that is wrong with JSON
        excluded, run, paused = value.get("excluded", []), value.get("run"), value.get("paused_until")
        return cls(
            tracking=value.get("tracking") is True,
            titles=value.get("titles") is True,
            run=str(run) if run else None,
            excluded=frozenset(map(str, excluded if isinstance(excluded, list) else [])),
            paused_until=datetime.fromisoformat(str(paused)) if paused else None,
        )

    def to_json(self) -> dict[str, object]:
        paused = self.paused_until.isoformat() if self.paused_until else None
        return {**asdict(self), "excluded": sorted(self.excluded), "paused_until": paused}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person at this device chose there: until when nothing is recorded, and which applications never are."""

    paused_until: datetime | None = None
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Status:
    """How the agent is doing, for the person and for programs. `waiting` counts periods that the server lacks."""

    process: int
    version: str
    server: str
    connected: bool
    tracking: bool
    paused: bool
    waiting: int
    problem: str | None


class StateFolder:
    """The folder of this device below the person's own: a home may be shared by several devices."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def journal(self) -> Path:
        return self.path / "journal.sqlite"

    def lock(self) -> int:
        """Return an open file that keeps a second agent away for as long as it stays open. Raises AlreadyRunning."""
        until = time.monotonic() + _LOCK_SECONDS
        while (descriptor := self._locked()) is None:
            if time.monotonic() >= until:  # who only asks whether one runs has it for a moment
                raise AlreadyRunning("The agent runs already on this device.")
            time.sleep(_STEP_SECONDS)
        return descriptor

    def _locked(self) -> int | None:
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if system.lock(descriptor):
            return descriptor
        os.close(descriptor)
        return None

    def is_running(self) -> bool:
        descriptor = self._locked()
        if descriptor is not None:
            os.close(descriptor)
        return descriptor is None

    def pairing(self, inside: Path = _INSIDE) -> Pairing:
        """Return whose this device is. Raises NotPaired."""
        if (inside / "token").exists():
            return Pairing(_server_from(inside), (inside / "token").read_text("ascii").strip())
        kept = self._read("pairing.json")
        if not kept:
            raise NotPaired(f"This device is not paired. Run: {system.COMMAND} pair SERVER CODE")
        return Pairing(Address(str(kept["server"])), str(kept["token"]))

    def keep_pairing(self, pairing: Pairing) -> None:
        self._write("pairing.json", {"server": pairing.server.text, "token": pairing.token})

    def policy(self) -> Policy:
        """Return what the server said last; nothing may be recorded before it has."""
        return Policy.from_json(self._read("policy.json"))

    def keep_policy(self, policy: Policy) -> None:
        self._write("policy.json", policy.to_json())

    def choices(self) -> Choices:
        kept = self._read("choices.json")
        paused, excluded = kept.get("paused_until"), kept.get("excluded", [])
        return Choices(
            datetime.fromisoformat(str(paused)) if paused else None,
            frozenset(map(str, excluded if isinstance(excluded, list) else [])),
        )

    def keep_choices(self, choices: Choices) -> None:
        paused = choices.paused_until.isoformat() if choices.paused_until else None
        self._write("choices.json", {"paused_until": paused, "excluded": sorted(choices.excluded)})

    def choices_changed_at(self) -> float:
        """Return a number that changes when the choices do."""
        file = self.path / "choices.json"
        return file.stat().st_mtime if file.exists() else 0.0

    def status(self) -> Mapping[str, object]:
        return self._read("status.json")

    def keep_status(self, status: Status) -> None:
        self._write("status.json", asdict(status))

    def _read(self, name: str) -> dict[str, object]:
        try:
            value = json.loads(system.unhindered((self.path / name).read_text))
        except (FileNotFoundError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, name: str, value: Mapping[str, object]) -> None:
        draft = self.path / f".{name}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(value, file)
        system.unhindered(lambda: draft.replace(self.path / name))


def _server_from(inside: Path) -> Address:
    """Where the server is, seen from inside of a desktop: at an address that was put there, or on a socket."""
    with suppress(FileNotFoundError):
        return Address((inside / "server-url").read_text("ascii").strip())
    return Address(f"{UNIX}{inside / 'server' / 'server.sock'}")


def folder_of_this_device() -> StateFolder:
    return StateFolder(system.state_home() / f"agent-{system.machine() or 'device'}")
