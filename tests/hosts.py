"""A host that is reached by SSH: a real sshd on a loopback port, beside a Docker engine's socket."""

import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncssh
import psutil
from tests.ports import free_port
from tests.servers import program

START_SECONDS = 60
SETTINGS = """
ListenAddress {address}:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp -d {folder}
SetEnv HOME={folder} PATH={programs}
"""
PROGRAMS = "/usr/local/bin:/usr/bin:/bin"


class SshHost:
    """A running sshd, the key that it lets in, and the key by which it proves who it is."""

    def __init__(
        self,
        folder: Path,
        address: str,
        port: int,
        host_key: asyncssh.SSHKey,
        key: asyncssh.SSHKey,
        *,
        programs: str = PROGRAMS,
    ) -> None:
        self.folder = folder
        self.address, self.port = address, port
        self.host_key, self.key = host_key, key
        host_key.write_private_key(folder / "host")
        (folder / "host").chmod(0o600)
        key.write_public_key(folder / "authorized")
        settings = SETTINGS.format(address=address, port=port, folder=folder, programs=programs)
        (folder / "sshd_config").write_text(settings)

    def settings(self, engine: Path | None = None) -> dict[str, object]:
        """What an administrator enters, whose engine listens at a socket there; or who wants plain processes there."""
        return {
            **({"runs": "processes"} if engine is None else {"socket": str(engine)}),
            "host": self.address,
            "port": self.port,
            "username": "root",
            "key": self.key.export_private_key().decode(),
            "host_key": self.host_key.export_public_key().decode().strip(),
        }

    def start(self) -> None:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd shuts itself in
        command = [program("sshd", "openssh-server"), "-D", "-e", "-f", str(self.folder / "sshd_config")]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not listens(self.address, self.port):
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.02)

    def drop_connections(self) -> None:
        """End every connection, as a network does that is cut."""
        _kill(self.running("sshd"))  # what they started goes on, or ends by itself

    def running(self, program: str) -> list[psutil.Process]:
        """What runs of a program in its connections."""
        return [process for process in self._connections() if _name_of(process) == program]

    def _connections(self) -> list[psutil.Process]:
        if self._process.poll() is not None:
            return []
        return psutil.Process(self._process.pid).children(recursive=True)

    def stop(self) -> None:
        connections = self._connections()
        self._process.terminate()
        self._process.wait()
        _kill(connections)


def _name_of(process: psutil.Process) -> str | None:
    with suppress(psutil.NoSuchProcess):
        name: str = process.name()
        return name
    return None


def _kill(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def listens(address: str, port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex((address, port)) == 0


@contextmanager
def ssh_host(programs: str = PROGRAMS) -> Iterator[SshHost]:
    """Start a host on which programs are found in some folders."""
    with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp") as folder:
        host_key, key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
        host = SshHost(Path(folder), "127.0.0.1", free_port(), host_key, key, programs=programs)
        host.start()
        try:
            yield host
        finally:
            host.stop()
