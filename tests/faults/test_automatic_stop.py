"""A real desktop that nobody uses is warned and stopped, also when the server is killed during the warning."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.desktops.viewing import Viewer, end_all
from tests.serving import ServerProcess, eventually

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
            end_all(server)


def ask(server: ServerProcess, statement: str, *values: int) -> str | None:
    """Run a statement in the server's database; return the first field of the first row."""
    with closing(sqlite3.connect(server.data / "deskbay.sqlite", timeout=30)) as database, database:
        row: tuple[str | None] | None = database.execute(statement, values).fetchone()
        return row[0] if row else None


def test_a_desktop_that_nobody_uses_is_stopped_although_the_server_was_killed(server: ServerProcess) -> None:
    desktops = server.desktops()
    desktop = desktops.launch("browser")
    desktops.wait_for(desktop, "running")
    used_at = "SELECT active_at FROM desktops"
    eventually(lambda: ask(server, used_at) is not None, "the agent tells of input")
    with closing(Viewer(server)) as viewer:
        before = str(ask(server, used_at))

        def heard() -> bool:
            viewer.move_mouse()
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
