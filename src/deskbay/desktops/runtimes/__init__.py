"""Where desktops run. A runtime starts, watches and ends them; it decides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from deskbay.desktops.runtimes.volumes import Mount

if TYPE_CHECKING:  # the local runtime needs none of the libraries that it is made with
    from deskbay.desktops.runtimes.clusters import ClusterWish

PROCESSES = 4096
"""Processes and threads of one desktop: three times what a browser with fifty tabs was seen to need."""


class Network(StrEnum):
    """What a desktop may reach."""

    NONE = "none"
    INTERNET = "internet"
    HOST = "host"


class DisplayProtocol(StrEnum):
    """How the gateway speaks with a display."""

    VNC = "vnc"
    RDP = "rdp"
    SSH = "ssh"


class Presence(StrEnum):
    """What a runtime sees of a desktop. A spare is nobody's yet: a launch takes it."""

    ABSENT = "absent"
    SPARE = "spare"
    STARTING = "starting"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Observation:
    """Presence, and why it is absent where the runtime knows (None: it was never there, or left no word).

    `left` is true when the person inside ended the desktop, by signing out of it; `lost` when its host, or the engine
    that it ran on, went down with it: then it is started again.
    """

    presence: Presence
    reason: str | None = None
    left: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class LaunchSpec:
    """All that a runtime needs to start one desktop. Sizes in MiB, cores and pixels.

    A local runtime starts `profile`, others `image`. One that is not ours listens inside at `port` for `protocol`; with
    `password_variable` it takes its password from the variable of that name. With `agent_token` the desktop's agent
    reports to this server; without one it has no agent. One that does not keep its home has one of its own, which goes
    with it.
    """

    desktop: UUID
    owner: UUID
    owner_id: int
    owner_name: str
    name: str
    profile: str
    network: Network
    memory_mb: int
    cpus: float
    width: int = 1280
    height: int = 800
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    agent_token: str | None = field(default=None, repr=False)
    image: str | None = None
    protocol: DisplayProtocol = DisplayProtocol.VNC
    port: int | None = None
    password_variable: str | None = None
    keeps_home: bool = True
    volumes: tuple[Mount, ...] = ()
    cluster: "ClusterWish | None" = None

    @property
    def home(self) -> UUID:
        """Whose the home is: the owner's, or the desktop's alone."""
        return self.owner if self.keeps_home else self.desktop

    @property
    def display_number(self) -> int:
        """Each desktop has a display :1, but on the host's network programs look for other displays' sockets first."""
        return 1 if self.network is not Network.HOST else 100 + self.desktop.int % 50_000


@dataclass(frozen=True, slots=True)
class UnixDisplay:
    """A VNC server without a password on a Unix socket of this host."""

    path: Path


@dataclass(frozen=True, slots=True)
class TcpDisplay:
    """A display at a port, and who enters it: the gateway does so, and tells nobody the password."""

    host: str
    port: int
    protocol: DisplayProtocol = DisplayProtocol.VNC
    username: str | None = None
    password: str | None = field(default=None, repr=False)


Display = UnixDisplay | TcpDisplay


class LaunchError(Exception):
    """A launch that can't go on. Its text tells the person why and what to do."""


class Unreachable(Exception):
    """A runtime that gives no answer: nothing is known of its desktops. Its text tells why and what to do."""


class Unproved(Unreachable):
    """A host that nobody has said to be the one: `settings` are those that say so, for a person to look at."""

    def __init__(self, text: str, settings: Mapping[str, str]) -> None:
        super().__init__(text)
        self.settings = settings


Report = Callable[[str], None]
"""Called with the name of each step of a launch as it begins."""


class Runtime(Protocol):
    """Start, watch and end desktops. Every method is idempotent and may be called after a crash at any line.

    Each ends within seconds, but `launch` and `end`, and raises Unreachable when the runtime gives no answer.
    """

    async def unavailable(self, profile: str) -> str | None:
        """Why nothing, or not the profile, can be started here, as a sentence with the remedy; None when it can."""

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop and return as soon as its processes exist; `observe` tells when it is ready.

        Raises LaunchError, having taken back all that it made.
        """

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now, asked of the system itself."""

    async def end(self, desktop: UUID) -> None:
        """End every process of the desktop and take away its sockets, locks and folders; the home and the log stay."""

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, but the home of its owner."""

    async def owned(self) -> set[UUID]:
        """Every desktop that this runtime has something of."""

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""

    async def display(self, desktop: UUID) -> Display:
        """Where the gateway reaches the desktop's screen."""

    async def close(self) -> None:
        """Let go of what is open; the desktops go on."""
