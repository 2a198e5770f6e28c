"""The first process of a desktop's container: listens for viewers, starts the session, sees its programs off.

Usage: enter.py WIDTHxHEIGHT. The session's words go to the output, everything that it prints to the errors.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SCREEN = Path("/run/deskbay/screen/vnc")
FAREWELL_SECONDS = 1.0
FIRST = 1


def main() -> int:
    session = start_session(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: see_off(session))
    while True:
        with suppress(ChildProcessError):
            ended, status = os.wait()
            if ended == session:
                return os.waitstatus_to_exitcode(status)


def start_session(geometry: str) -> int:
    os.environ["XDG_RUNTIME_DIR"] = f"/run/user/{os.getuid()}"
    command = ["sh", "/opt/deskbay/start.sh", os.environ["DESKBAY_PROFILE"], geometry]
    with listening() as screen:
        return os.posix_spawnp("sh", command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, screen.fileno(), 0)])


def listening() -> socket.socket:
    SCREEN.unlink(missing_ok=True)
    screen = socket.socket(socket.AF_UNIX)
    screen.bind(str(SCREEN))
    SCREEN.chmod(0o600)
    screen.listen()
    return screen


def see_off(session: int) -> None:
    """Ask the programs to end, and give them a second; the screen and what else the session itself runs stay."""
    for program in programs(session):
        with suppress(ProcessLookupError):
            os.kill(program, signal.SIGTERM)
    until = time.monotonic() + FAREWELL_SECONDS
    while any(programs(session)) and time.monotonic() < until:
        time.sleep(0.02)
    sys.exit()


def programs(session: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(folder.name) not in {FIRST, session} and int(parent) != session and state != "Z":
                yield int(folder.name)


if __name__ == "__main__":
    sys.exit(main())
