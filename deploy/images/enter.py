"""The first process of a desktop's container: listens for viewers, starts the session, sees its programs off.

Usage: enter.py WIDTHxHEIGHT [spare]. The session's words go to the output, everything that it prints to the errors.

Viewers come by a Unix socket; or, where there is a file with a password of VNC servers, by the port 5900.
A home that is empty is furnished first.

A spare waits for the person whose desktop it will be. The server connects to a socket that nobody else gets at, is
given this container's mount namespace, to put the person's home there, and says who that is. From then on all goes on
as in any other desktop, as that person, who can become nobody else.
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
SPARE = Path("/run/deskbay/spare/door")
PASSWORD = Path("/run/deskbay/vnc-password")
PORT = 5900
FURNITURE = ("/etc/skel", "/opt/deskbay/look/home")
FOLDERS = ("Desktop", "Documents", "Downloads", "Pictures")
UNFINISHED = ".unfinished"
NOBODYS = {"lost+found", UNFINISHED}
FAREWELL_SECONDS = 1.0
FIRST = 1
TOLD_TO_END = 128 + signal.SIGTERM
BECOME_FOR_GOOD = ["--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


def main() -> int:
    if sys.argv[2:] == ["spare"]:
        go_on_as(*wait_for_person().split("\0"))
    furnish(Path.home())
    session = start_session(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: see_off(session))
    while True:
        with suppress(ChildProcessError):
            ended, status = os.wait()
            if ended == session:
                return os.waitstatus_to_exitcode(status)


def wait_for_person() -> str:
    """Return what the server says: user, group and variables. If it dies over that, it says too little to go on."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with listening_at(SPARE) as door, door.accept()[0] as server:
        with Path("/proc/self/ns/mnt").open() as namespace:
            socket.send_fds(server, [b"?"], [namespace.fileno()])
        with server.makefile() as words:
            return words.read()


def go_on_as(user: str, group: str, *variables: str) -> None:
    for name, _, value in (variable.partition("=") for variable in variables):
        os.environ[name] = value
    who = ["--reuid", user, "--regid", group, *BECOME_FOR_GOOD]
    os.execvp("setpriv", ["setpriv", *who, "python3", "-ISE", __file__, sys.argv[1]])  # noqa: S606 - itself, as them


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
    return listening_at(SCREEN)


def listening_at(place: Path) -> socket.socket:
    """Return a socket that is at its place only once it listens."""
    new = place.with_suffix(".new")
    new.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(new))
    new.chmod(0o600)
    listener.listen()
    new.rename(place)
    return listener


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
