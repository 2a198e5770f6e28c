"""What a desktop has on this host's disk beside the home: one folder, which nobody inside the desktop can write to."""

import os
import shutil
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError
from deskbay.desktops.runtimes.local.liveness import holder, is_claimed

LOG_LINES = 200
_LOG_BYTES = 65536
_SOCKET_PATH_BYTES = 107
"""The longest path that a Unix socket can be bound to."""


@dataclass(frozen=True, slots=True)
class DesktopFolder:
    """The folder of one desktop and the files in it."""

    path: Path

    @classmethod
    def of(cls, data: Path, desktop: UUID) -> "DesktopFolder":
        """The desktop's folder below the server's data."""
        return cls(data / "run" / desktop.hex)

    @property
    def display(self) -> Path:
        """The VNC server's socket, bound outside of the sandbox, so nobody inside can put another in its place."""
        return self.path / "vnc"

    @property
    def lock(self) -> Path:
        """Held by the sandbox's first process."""
        return self.path / "lock"

    @property
    def state(self) -> Path:
        """The words that server and session left: `launched`, `ready`, `left`. Claimed by every process inside."""
        return self.path / "state"

    @property
    def log(self) -> Path:
        """All that the processes inside printed."""
        return self.path / "log"

    @property
    def router(self) -> Path:
        """What the router printed. Claimed by it."""
        return self.path / "router"

    @property
    def etc(self) -> Path:
        """The files that the sandbox has in place of this host's."""
        return self.path / "etc"

    @property
    def agent_token(self) -> Path:
        """The token of the agent inside, for its person alone."""
        return self.path / "agent-token"

    @property
    def boot(self) -> Path:
        """Which of this host's starts the desktop was launched in."""
        return self.path / "boot"

    @property
    def groups(self) -> Path:
        """The names of the desktop's control groups, one a line, written before they are made."""
        return self.path / "groups"

    def create(self) -> None:
        """Make the folder and the file to lock."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.etc.mkdir(mode=0o755, exist_ok=True)
        self.lock.touch(0o600)
        self.boot.write_text(present_boot())

    def listen(self) -> socket.socket:
        """A socket bound at `display`, listening, for this user alone."""
        if len(os.fsencode(self.display)) > _SOCKET_PATH_BYTES:
            raise LaunchError(
                f"The path of the data folder is {len(os.fsencode(self.display)) - _SOCKET_PATH_BYTES} bytes too long "
                "for a socket in it. Choose a shorter one."
            )
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(self.display))
            self.display.chmod(0o600)
            listener.listen()
        except OSError:
            listener.close()
            raise
        return listener

    @property
    def is_alive(self) -> bool:
        """Whether a process of the desktop lives, or is on its way."""
        return holder(self.lock) is not None or is_claimed(self.state)

    @property
    def is_quiet(self) -> bool:
        """Whether neither the desktop nor its router has a process left."""
        return not self.is_alive and not is_claimed(self.router)

    @property
    def is_of_an_earlier_boot(self) -> bool:
        """Whether this host has been restarted since the desktop was launched."""
        return self.boot.exists() and self.boot.read_text() != present_boot()

    def say(self, word: str) -> None:
        """Add to the words."""
        with self.state.open("a") as state:
            state.write(f"{word}\n")

    def words(self) -> set[str]:
        """What the session said about itself so far."""
        with suppress(FileNotFoundError):
            return set(self.state.read_text(errors="replace").split())
        return set()

    def write_groups(self, groups: Sequence[Path]) -> None:
        """Remember where the control groups are."""
        self.groups.write_text("".join(f"{group}\n" for group in groups))

    def read_groups(self) -> list[Path]:
        """The control groups that were made, or were about to be."""
        with suppress(FileNotFoundError):
            return [Path(line) for line in self.groups.read_text().splitlines()]
        return []

    def tail(self) -> list[str]:
        """The last lines of the log."""
        with suppress(FileNotFoundError), self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_BYTES))
            return log.read().decode(errors="replace").splitlines()[-LOG_LINES:]
        return []

    def clear(self) -> None:
        """Take away everything but the log, and that too if nothing was printed."""
        shutil.rmtree(self.etc, ignore_errors=True)
        with suppress(FileNotFoundError):
            for file in self.path.iterdir():
                if file != self.log or file.stat().st_size == 0:
                    file.unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def remove(self) -> None:
        """Take away the folder."""
        shutil.rmtree(self.path, ignore_errors=True)


def present_boot() -> str:
    """Return what names the present start of this host; another start has another name."""
    return Path("/proc/sys/kernel/random/boot_id").read_text()


def open_door(data: Path) -> Path:
    """Return the folder of the socket on which the server hears agents, made if need be. Only who
    knows a name in it gets further."""
    folder = data / "agents"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # whatever the umask
    return folder


def desktops_below(data: Path) -> set[UUID]:
    """Every desktop that has a folder."""
    found = set()
    with suppress(FileNotFoundError):
        for entry in (data / "run").iterdir():
            with suppress(ValueError):
                found.add(UUID(hex=entry.name))
    return found
