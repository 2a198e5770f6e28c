"""What a desktop in a container has on this host's disk beside the home: one folder."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deskbay.desktops.runtimes.local.identity import Identity

SYSTEM_CALLS = json.dumps(json.loads(Path(__file__).with_name("seccomp.json").read_text()))
"""The filter of system calls, as JSON."""


@dataclass(frozen=True, slots=True)
class ContainerFolder:
    """The folder of one desktop and what is in it. The person inside can write to `screen` alone."""

    path: Path

    @property
    def screen(self) -> Path:
        """The folder in which the VNC server makes its socket."""
        return self.path / "screen"

    @property
    def display(self) -> Path:
        """The VNC server's socket, or whatever the person inside has put in its place."""
        return self.screen / "vnc"

    @property
    def spare(self) -> Path:
        """The folder of the socket at which a spare waits for its person, who never gets at it."""
        return self.path / "spare"

    @property
    def spare_door(self) -> Path:
        """The socket, which is there as long as the spare waits."""
        return self.spare / "door"

    @property
    def etc(self) -> Path:
        """The files that the container has in place of the image's."""
        return self.path / "etc"

    @property
    def system_calls(self) -> Path:
        """The filter of system calls, for engines that read it themselves."""
        return self.path / "system-calls.json"

    @property
    def agent_token(self) -> Path:
        """The token of the agent inside, for its person alone."""
        return self.path / "agent-token"

    @property
    def server_url(self) -> Path:
        """The server's address, for agents that don't see its socket."""
        return self.path / "server-url"

    @property
    def log(self) -> Path:
        """The last lines of a container that was taken away."""
        return self.path / "log"

    def create(self, etc: Mapping[str, str]) -> None:
        """Make the folder anew, with nothing of a person."""
        self.remove()
        self.etc.mkdir(mode=0o755, parents=True)
        self.path.chmod(0o700)
        self._write(etc)
        self.system_calls.write_text(SYSTEM_CALLS)
        for folder in (self.screen, self.spare):
            folder.mkdir(mode=0o700)
        self.agent_token.touch(0o600)

    def give(self, identity: Identity, etc: Mapping[str, str], token: str | None) -> None:
        """Make it a person's. What a container has of it already is written to, not made anew."""
        self._write(etc)
        self.agent_token.write_text(token or "")
        for theirs in (self.agent_token, self.screen):
            os.chown(theirs, identity.host_uid, identity.host_gid)

    def _write(self, etc: Mapping[str, str]) -> None:
        for name, text in etc.items():
            (self.etc / name).write_text(text)
            (self.etc / name).chmod(0o644)

    def keep_log(self, lines: Sequence[str]) -> None:
        """Keep the last lines when there are any."""
        if lines and self.path.exists():
            self.log.write_text("".join(f"{line}\n" for line in lines))

    def tail(self) -> list[str]:
        """The lines that were kept."""
        with suppress(FileNotFoundError):
            return self.log.read_text(errors="replace").splitlines()
        return []

    def clear(self) -> None:
        """Take away everything but the log, and that too if nothing was printed."""
        for folder in (self.screen, self.spare, self.etc):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.system_calls, self.agent_token):
            file.unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def remove(self) -> None:
        """Take away the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
