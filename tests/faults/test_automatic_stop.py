"""A real desktop that nobody uses is warned and stopped, also when the server is killed during the warning."""

import asyncio
import socket
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.faults.test_killed_server import display_of, take_away
from tests.serving import ServerProcess, eventually

from deskbay.desktops.runtimes.local import LocalRuntime

LIMIT_SECONDS = 16


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data", lease_seconds="2")
        server.start()
        ask(server, "UPDATE templates SET idle_limit_seconds = ?", LIMIT_SECONDS)
        try:
            yield server
            server.leave()
        finally:
            server.kill()
            asyncio.run(take_away(LocalRuntime(server.data)))


def ask(server: ServerProcess, statement: str, *values: int) -> str | None:
    """Run a statement in the server's database; return the first field of the first row."""
    with closing(sqlite3.connect(server.data / "deskbay.sqlite", timeout=30)) as database, database:
        row: tuple[str | None] | None = database.execute(statement, values).fetchone()
        return row[0] if row else None


class Mouse:
    """The mouse of somebody who looks at a desktop by VNC (RFC 6143)."""

    def __init__(self, display: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(display))
        self._moves = 0
        for expected, answer in ((12, b"RFB 003.008\n"), (2, b"\x01"), (4, b"\x01")):
            self._socket.recv(expected, socket.MSG_WAITALL)
            self._socket.sendall(answer)

    def move(self) -> None:
        self._moves += 1
        self._socket.sendall(struct.pack("!BBHH", 5, 0, 300 + self._moves % 2, 200))

    def close(self) -> None:
        self._socket.close()


def test_a_desktop_that_nobody_uses_is_stopped_although_the_server_was_killed(server: ServerProcess) -> None:
    desktops = server.desktops()
    desktop = desktops.launch("browser")
    desktops.wait_for(desktop, "running")
    used_at = "SELECT active_at FROM desktops"
    eventually(lambda: ask(server, used_at) is not None, "the agent tells of input")
    with closing(Mouse(display_of(server))) as mouse:
        before = str(ask(server, used_at))

        def heard() -> bool:
            mouse.move()
            return str(ask(server, used_at)) > before

        eventually(heard, "the server knows that the mouse was moved")
    eventually(
        lambda: desktops.show(desktop)["stop"] is not None or desktops.show(desktop)["state"] != "running",
        "its person is warned",
    )
    server.kill()
    server.start()
    desktops = server.desktops()
    desktops.wait_for(desktop, "stopped")
    shown = desktops.show(desktop)
    assert (shown["wanted"], shown["reason"]) == ("stopped", f"Nobody used it for {LIMIT_SECONDS} seconds.")
