"""The sandbox of a desktop: what it has of this host, as a bubblewrap command line."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deskbay.desktops.runtimes import LaunchSpec, Network
from deskbay.desktops.runtimes.local.folders import DesktopFolder
from deskbay.desktops.runtimes.local.identity import Identity
from deskbay.desktops.runtimes.local.liveness import claimed
from deskbay.desktops.runtimes.local.network import NAME_SERVER
from deskbay.desktops.runtimes.local.processes import Child, Streams, appending, start
from deskbay.desktops.runtimes.people import HOME, HOST_NAME, accounts, login_of
from deskbay.desktops.runtimes.volumes import SHARED, Mount

ASSETS = "/opt/deskbay"
_LOCK = "/run/deskbay/lock"
_AGENT = Path(__file__).parents[3] / "agent"
_AGENT_INSIDE = "/opt/deskbay-agent/deskbay"
_ENTER = Path(__file__).with_name("enter.sh")
_RESOLVER = Path("/etc/resolv.conf")
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """All that the command line is made of. `door` is the folder of the socket on which the server hears agents; the
    `volumes` are here by their folders.
    """

    spec: LaunchSpec
    identity: Identity
    folder: DesktopFolder
    home: Path
    assets: Path
    door: Path
    volumes: Mapping[Path, Mount] = field(default_factory=dict)

    def command(self, lifeline: int, variables: int) -> list[str]:
        """The whole command; bubblewrap holds the open file `lifeline` to its end, and reads options in `variables`."""
        return [
            shutil.which("bwrap") or "bwrap",
            *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
            *(() if self.spec.network is Network.HOST else ("--unshare-net",)),
            *self.identity.sandbox_options,
            *("--hostname", HOST_NAME, "--sync-fd", str(lifeline), "--args", str(variables)),
            *_system(),
            *_private(self.spec.memory_mb * 2**20),
            *self._own_files(),
            *("--bind", str(self.home), HOME, "--chdir", HOME),
            *self._volumes(),
            *("--ro-bind", str(self.assets), ASSETS),
            *self._agent(),
            *("--ro-bind", str(self.folder.lock), _LOCK, "--lock-file", _LOCK),
            "--",
            *self.identity.command_prefix,
            *("sh", f"{ASSETS}/start.sh", self.spec.profile, f"{self.spec.width}x{self.spec.height}"),
        ]

    def environment(self) -> dict[str, str]:
        """What the session's processes have for environment."""
        return {
            "PATH": f"{ASSETS}/look/bin:/usr/local/bin:/usr/bin:/bin:/usr/games",
            "HOME": HOME,
            "USER": self.login,
            "LOGNAME": self.login,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "DISPLAY": f":{self.spec.display_number}",
            "XDG_RUNTIME_DIR": f"/run/user/{self.identity.uid}",
        }

    @property
    def login(self) -> str:
        """The person's name as a login name."""
        return login_of(self.spec.owner_name)

    def _own_files(self) -> Iterator[str]:
        for name, text in self._etc().items():
            file = self.folder.etc / name
            file.write_text(text)
            file.chmod(0o644)
            destination = Path("/etc", name).resolve()
            if destination.exists():
                yield from ("--ro-bind", str(file), str(destination))

    def _volumes(self) -> Iterator[str]:
        for folder, mount in self.volumes.items():
            yield from ("--ro-bind" if mount.is_read_only else "--bind", str(folder), mount.path)

    def _agent(self) -> Iterator[str]:
        """The agent, its token, and the folder of the server's socket: each server that starts makes another socket."""
        if self.spec.agent_token is None:
            return
        token = self.folder.agent_token
        token.touch(0o600)
        token.write_text(self.spec.agent_token)
        os.chown(token, self.identity.host_uid, self.identity.host_gid)
        yield from ("--dir", str(Path(_AGENT_INSIDE).parent), "--dir", _AGENT_INSIDE)
        yield from ("--ro-bind", str(_AGENT), f"{_AGENT_INSIDE}/agent")
        yield from ("--ro-bind", str(token), "/run/deskbay/token", "--ro-bind", str(self.door), "/run/deskbay/server")

    def _etc(self) -> dict[str, str]:
        return {
            **accounts(self.login, self.identity.uid, self.identity.gid, self.spec.desktop),
            "hosts": f"127.0.0.1 localhost {HOST_NAME}\n::1 localhost\n",
            "hostname": f"{HOST_NAME}\n",
            "resolv.conf": self._resolver(),
        }

    def _resolver(self) -> str:
        if self.spec.network is Network.INTERNET:
            return f"nameserver {NAME_SERVER}\n"
        if self.spec.network is Network.NONE:
            return ""
        return _RESOLVER.read_text() if _RESOLVER.exists() else ""


def _system() -> Iterator[str]:
    """Programs and their settings, to read."""
    # Folders that come into being as parents of others would be open to root alone.
    for folder in ("/home", "/opt", SHARED, "/run", "/run/deskbay", "/var", "/var/cache"):
        yield from ("--dir", folder)
    yield from ("--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc")
    for name in _MERGED:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    # Without the host's cache every desktop would read all fonts at its start.
    yield from ("--ro-bind-try", "/var/cache/fontconfig", "/var/cache/fontconfig")


def _private(size: int) -> Iterator[str]:
    """Kernel file systems and empty folders in memory, no larger than the desktop's memory."""
    yield from ("--proc", "/proc", "--dev", "/dev")
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run/user"):  # noqa: S108 - the sandbox's own, not this host's
        yield from ("--perms", "1777", "--size", str(size), "--tmpfs", folder)


def start_sandbox(sandbox: Sandbox, groups: Sequence[Path], lifeline: int) -> Child:
    """Start the desktop as a member of the groups. Raises OSError."""
    folder = sandbox.folder
    with (
        folder.listen() as display,
        claimed(folder.state) as state,
        appending(folder.log) as log,
        _variables(sandbox.spec.environment) as variables,
    ):
        return start(
            ["sh", str(_ENTER), *map(str, groups), "--", *sandbox.command(lifeline, variables)],
            sandbox.environment(),
            Streams(state, log, display.fileno(), (lifeline, variables)),
        )


@contextmanager
def _variables(environment: Mapping[str, str]) -> Iterator[int]:
    """Options for bubblewrap that set these inside alone, in an open file: a command line can be read by everyone."""
    words = [word for name, value in environment.items() for word in ("--setenv", name, value)]
    with os.fdopen(os.memfd_create("environment"), "wb") as file:
        file.write("".join(f"{word}\0" for word in words).encode())
        file.flush()
        file.seek(0)
        yield file.fileno()
