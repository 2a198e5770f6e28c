"""A server killed at any moment finds its desktops again, and brings them where they are wanted."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.serving import ServerProcess, eventually, processes_naming

from deskbay.desktops.runtimes.local import LocalRuntime


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:  # short, for the sockets in it
        server = ServerProcess(Path(folder) / "data", lease_seconds="2")
        server.start()
        try:
            yield server
            server.leave()
        finally:
            server.kill()
            asyncio.run(take_away(LocalRuntime(server.data)))


async def take_away(runtime: LocalRuntime) -> None:
    """End what a test that failed has left running."""
    for desktop in await runtime.owned():
        await runtime.forget(desktop)


def sandboxes(server: ServerProcess) -> list[int]:
    return processes_naming(server.data / "run")


def run_folders(server: ServerProcess) -> list[Path]:
    return list((server.data / "run").iterdir())


def greeting(display: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(display))
        return connection.recv(12)


def display_of(server: ServerProcess) -> Path:
    (display,) = (path for path in (server.data / "run").rglob("*") if path.is_socket())
    return display


def test_a_running_desktop_outlives_the_server_and_is_found_again(server: ServerProcess) -> None:
    desktops = server.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    before = sandboxes(server)
    server.kill()
    assert greeting(display_of(server)) == b"RFB 003.008\n"
    server.start()
    desktops = server.desktops()
    assert desktops.show(desktop)["state"] == "running"
    assert sandboxes(server) == before
    desktops.want(desktop, "stop")
    desktops.wait_for(desktop, "stopped")
    assert not sandboxes(server)


@pytest.mark.parametrize("milliseconds", [0, 15, 30, 50, 80, 120, 200])
def test_killed_during_a_launch(server: ServerProcess, milliseconds: int) -> None:
    desktop = server.desktops().launch()
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()
    desktops = server.desktops()
    desktops.wait_for(desktop, "running")
    assert greeting(display_of(server)) == b"RFB 003.008\n"
    assert len(run_folders(server)) == 1


@pytest.mark.parametrize("milliseconds", [0, 10, 20, 40])
@pytest.mark.parametrize("wish", ["stop", "delete"])
def test_killed_while_a_desktop_ends(server: ServerProcess, wish: str, milliseconds: int) -> None:
    desktops = server.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    desktops.delete(desktop) if wish == "delete" else desktops.want(desktop, "stop")
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()
    eventually(lambda: not sandboxes(server), "its processes are gone")
    if wish == "stop":
        server.desktops().wait_for(desktop, "stopped")
    else:
        eventually(lambda: not run_folders(server), "its folder is gone")


def test_what_nobody_wants_any_more_is_ended(server: ServerProcess) -> None:
    desktops = server.desktops()
    desktops.wait_for(desktops.launch(), "running")
    server.kill()
    (server.data / "deskbay.sqlite").unlink()  # as after a restored backup: the database knows of no desktop
    for rest in server.data.glob("deskbay.sqlite-*"):
        rest.unlink()
    server.start()
    eventually(lambda: not sandboxes(server) and not run_folders(server), "the stray is gone")


def test_ended_by_hand_the_server_takes_its_desktops_along_if_told_so(server: ServerProcess) -> None:
    server.leave()
    going = ServerProcess(server.data, keep_desktops="false")
    going.start()
    desktops = going.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    going.leave()
    assert not sandboxes(server)
    server.start()
    shown = server.desktops().show(desktop)
    assert (shown["state"], shown["wanted"]) == ("stopped", "stopped")
    assert "The server was ended" in shown["reason"]
