"""The first process of a desktop's container: listens for viewers, starts the session, sees its programs off.

Usage: enter.py WIDTHxHEIGHT. The session's words go to the output, everything that it prints to the errors.

Viewers come by a Unix socket; or, where there is a file with a password of VNC servers, by the port 5900.
A home that is empty is furnished first.
"""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SCREEN = Path("/run/deskbay/screen/vnc")
PASSWORD = Path("/run/deskbay/vnc-password")
PORT = 5900
FURNITURE = ("/etc/skel", "/opt/deskbay/look/home")
FOLDERS = ("Desktop", "Documents", "Downloads", "Pictures")
UNFINISHED = ".unfinished"
NOBODYS = {"lost+found", UNFINISHED}
FAREWELL_SECONDS = 1.0
FIRST = 1
TOLD_TO_END = 128 + signal.SIGTERM


def main() -> int:
    furnish(Path.home())
    session = start_session(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: see_off(session))
    while True:
        with suppress(ChildProcessError):
            ended, status = os.wait()
            if ended == session:
                return os.waitstatus_to_exitcode(status)


def start_session(geometry: str) -> int:
    os.environ["XDG_RUNTIME_DIR"] = f"/run/user/{os.getuid()}"
    password = [str(PASSWORD)] if PASSWORD.exists() else []
    command = ["sh", "/opt/deskbay/start.sh", os.environ["DESKBAY_PROFILE"], geometry, *password]
    with listening() as screen:
        return os.posix_spawnp("sh", command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, screen.fileno(), 0)])


def furnish(home: Path) -> None:
    """Give a new home its first files; one that was not finished, those that it lacks."""
    unfinished = home / UNFINISHED
    if not unfinished.exists() and any(entry.name not in NOBODYS for entry in home.iterdir()):
        return
    unfinished.touch()
    for folder in FOLDERS:
        (home / folder).mkdir(exist_ok=True)
    for source in FURNITURE:
        shutil.copytree(source, home, copy_function=shutil.copyfile, dirs_exist_ok=True)
    home.chmod(0o700)  # the copying took the rights of what was copied
    unfinished.unlink()


def listening() -> socket.socket:
    if PASSWORD.exists():
        return listening_on_port()
    SCREEN.unlink(missing_ok=True)
    screen = socket.socket(socket.AF_UNIX)
    screen.bind(str(SCREEN))
    SCREEN.chmod(0o600)
    screen.listen()
    return screen


def listening_on_port() -> socket.socket:
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", PORT))


def see_off(session: int) -> None:
    """Ask the programs to end, and give them a second; the screen and what else the session itself runs stay."""
    for program in programs(session):
        with suppress(ProcessLookupError):
            os.kill(program, signal.SIGTERM)
    until = time.monotonic() + FAREWELL_SECONDS
    while any(programs(session)) and time.monotonic() < until:
        time.sleep(0.02)
    sys.exit(TOLD_TO_END)


def programs(session: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(folder.name) not in {FIRST, session} and int(parent) != session and state != "Z":
                yield int(folder.name)


if __name__ == "__main__":
    sys.exit(main())
