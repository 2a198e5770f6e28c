"""guacd, and what it shows: a desktop behind a real xrdp, and a shell behind a real SSH server. All on loopback."""

import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import asyncssh
import psutil
import pytest
from tests.gateway.doubles import self_signed
from tests.ports import free_port
from tests.serving import PATIENCE
from tests.xvnc import running_xvnc

from deskbay.desktops.runtimes import DisplayProtocol, TcpDisplay
from deskbay.kit.vnc import password_file

UNPACKED = Path(sys.prefix) / "guacd" / "root"
PARTS = ("bin", "etc", "lib", "lib64", "sbin", "usr")
NOTHING: Mapping[Path, str] = MappingProxyType({})
USERNAME, PASSWORD = "ada", "pa55word"
READ_LINES = 'while read -r line; do echo "$line" >> "$0"; done'
XRDP = """\
[Globals]
ini_version=1
fork=false
port=tcp://127.0.0.1:{port}
security_layer=tls
certificate=/etc/xrdp/pair.pem
key_file=/etc/xrdp/pair.pem
ssl_protocols=TLSv1.2, TLSv1.3
autorun=desk
allow_channels=true
max_bpp=32
[Logging]
LogFile=/dev/stdout
LogLevel=INFO
EnableSyslog=false
[Channels]
rdpdr=false
cliprdr=true
[desk]
name=desk
lib=libvnc.so
ip=127.0.0.1
port={screen}
username=ask
password=ask
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """A display on which nothing but a terminal is, and the file to which that writes what is typed, line by line."""

    display: TcpDisplay
    file: Path
    screen: str = ""
    """The X display behind it, where there is one."""


def sandboxed(*arguments: str, own: Mapping[Path, str] = NOTHING) -> list[str]:
    """Return a command that runs among the unpacked packages, with files of its own, and ends with us."""
    if not UNPACKED.exists():
        pytest.fail("guacd is missing: scripts/test installs it", pytrace=False)
    binds = [word for part in PARTS for word in ("--ro-bind", str(UNPACKED / part), f"/{part}")]
    binds += [word for here, there in own.items() for word in ("--bind", str(here), there)]
    fresh = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run", "--tmpfs", "/var"]
    return [
        "bwrap",
        "--unshare-user",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--die-with-parent",
        *fresh,
        *binds,
        *arguments,
    ]


@contextmanager
def listening(command: Sequence[str], log: Path, port: int) -> Iterator[None]:
    """Run a program that listens at a port, and end it afterwards."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"{command} does not listen:\n{log.read_text()}", pytrace=False)
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    everything = psutil.net_connections("tcp4")
    return any(one.laddr[1:] == (port,) and one.status == psutil.CONN_LISTEN for one in everything)


@contextmanager
def guacd(folder: Path) -> Iterator[str]:
    """guacd on loopback. Gives its address."""
    port = free_port()
    serve = ["guacd", "-f", "-L", "debug", "-b", "127.0.0.1", "-l", str(port)]
    with listening(sandboxed(*serve), folder / "guacd.log", port):
        yield f"127.0.0.1:{port}"


@contextmanager
def desktop_by_rdp(folder: Path) -> Iterator[Typed]:
    """A real xrdp in front of a VNC server, which asks for a password that xrdp has from who connects."""
    port, screen = free_port(), free_port()
    (folder / "password").write_bytes(password_file(PASSWORD))
    options = ["-localhost", f"-rfbport={screen}", "-SecurityTypes=VncAuth", "-PasswordFile", str(folder / "password")]
    own = {_settings_of_xrdp(folder / "xrdp", port, screen): "/etc/xrdp"}
    with (
        running_xvnc(*options) as display,
        _terminal(folder, display) as file,
        listening(sandboxed("xrdp", "-n", own=own), folder / "xrdp.log", port),
    ):
        yield Typed(TcpDisplay("127.0.0.1", port, DisplayProtocol.RDP, USERNAME, PASSWORD), file, display)


def _settings_of_xrdp(folder: Path, port: int, screen: int) -> Path:
    shutil.copytree(UNPACKED / "etc" / "xrdp", folder)
    (folder / "xrdp.ini").write_text(XRDP.format(port=port, screen=screen))
    self_signed(folder / "pair.pem")
    make_keys = sandboxed("xrdp-keygen", "xrdp", "/etc/xrdp/rsakeys.ini", own={folder: "/etc/xrdp"})
    subprocess.run(make_keys, check=True, capture_output=True)
    return folder


@contextmanager
def _terminal(folder: Path, display: str) -> Iterator[Path]:
    """A terminal all over the screen."""
    file = folder / "typed-by-rdp"
    file.touch()
    shell = ["sh", "-c", READ_LINES, str(file)]
    look = ["-fa", "DejaVu Sans Mono", "-geometry", "80x24+0+0"]
    with subprocess.Popen(["xterm", "-display", display, *look, "-e", *shell]) as terminal:
        try:
            yield file
        finally:
            terminal.terminate()


class OneGuest(asyncssh.SSHServer):
    """Lets ada in by her password."""

    def __init__(self, guests: list[asyncssh.SSHServerConnection]) -> None:
        self._guests = guests

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._guests.append(conn)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - nobody comes in without
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USERNAME, PASSWORD)


@asynccontextmanager
async def shell_by_ssh(folder: Path) -> AsyncIterator[Typed]:
    """A real SSH server with a terminal."""
    file = folder / "typed-by-ssh"
    file.touch()

    async def converse(process: asyncssh.SSHServerProcess[str]) -> None:
        process.stdout.write("Type away.\n")
        while not process.stdin.at_eof():
            with suppress(asyncssh.TerminalSizeChanged):
                line = await process.stdin.readline()
                with file.open("a") as typed:
                    typed.write(line)

    guests: list[asyncssh.SSHServerConnection] = []
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    server = await asyncssh.create_server(
        lambda: OneGuest(guests), "127.0.0.1", 0, server_host_keys=[key], process_factory=converse
    )
    async with server:
        yield Typed(TcpDisplay("127.0.0.1", server.get_port(), DisplayProtocol.SSH, USERNAME, PASSWORD), file)
        for guest in guests:
            guest.abort()
            await guest.wait_closed()
