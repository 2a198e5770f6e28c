"""A server killed at any moment finds its desktops again, and brings them where they are wanted, on each runtime."""

import asyncio
import json
import socket
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.engines import DockerEngine
from tests.serving import ServerProcess, Volumes, eventually, processes_naming, with_tables

from deskbay.desktops.runtimes.local import LocalRuntime


class Local:
    """Desktops as processes of this machine."""

    slug = "local"

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self.folders = server.data / "run"

    def prepare(self) -> None:
        """Nothing: the runtime is there from the beginning."""

    def running(self) -> list[str]:
        return [str(process) for process in processes_naming(self.folders)]

    def take_away(self) -> None:
        """End what a test that failed has left running."""
        asyncio.run(self._take_away())

    async def _take_away(self) -> None:
        runtime = LocalRuntime(self._server.data)
        for desktop in await runtime.owned():
            await runtime.forget(desktop)


class Docker:
    """Desktops as containers."""

    slug = "box"

    def __init__(self, server: ServerProcess, engine: DockerEngine) -> None:
        self._server = server
        self._engine = engine
        self.folders = server.data / "containers" / "box"

    def prepare(self) -> None:
        """Let the template be launched there, as an administrator would."""
        settings = json.dumps(self._way(self._engine))
        with closing(sqlite3.connect(self._server.data / "deskbay.sqlite", timeout=30)) as db, db:
            row = (self.slug, "docker", settings, "[]", False)
            db.execute("INSERT INTO runtimes (slug, kind, settings, labels, is_drained) VALUES (?, ?, ?, ?, ?)", row)
            db.execute(
                "UPDATE templates SET runtime = 'docker', image = ? WHERE slug = 'desktop'", [self._engine.image]
            )

    def _way(self, engine: DockerEngine) -> dict[str, str]:
        return {"socket": str(engine.socket)}

    def have_spares(self, number: int) -> None:
        """Let so many desktops wait to be launched."""
        with closing(sqlite3.connect(self._server.data / "deskbay.sqlite", timeout=30)) as db, db:
            db.execute("UPDATE templates SET spares = ? WHERE slug = 'desktop'", [number])

    def spares(self) -> set[str]:
        """Return the ids of those that wait, as the database knows."""
        with closing(sqlite3.connect(self._server.data / "deskbay.sqlite", timeout=30)) as db:
            return {uuid for (uuid,) in db.execute("SELECT uuid FROM spares WHERE is_ready AND is_wanted")}

    def running(self) -> list[str]:
        return self._engine.run("ps", "--all", "--quiet").split()

    def take_away(self) -> None:
        for container in self.running():
            self._engine.run("rm", "--force", container)


class Elsewhere(Docker):
    """Desktops as containers of an engine elsewhere, by TCP with TLS."""

    slug = "far"

    def _way(self, engine: DockerEngine) -> dict[str, str]:
        return engine.papers

    def inside(self, script: str) -> str:
        """What a script prints in the only desktop."""
        (container,) = self.running()
        return self._engine.run("exec", container, "bash", "-c", script)

    def volumes(self) -> list[str]:
        """Return what there is, but homes, which stay."""
        named = self._engine.run("volume", "ls", "--quiet", "--filter", "label=deskbay.server").split()
        return [name for name in named if "-home-" not in name]


Host = Local | Docker


def moments(**milliseconds: Sequence[int]) -> list[tuple[str, int]]:
    """Pair each host with the moments after which the server is killed there."""
    return [(host, moment) for host, chosen in milliseconds.items() for moment in chosen]


@pytest.fixture
def server(migrated_file: Path) -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:  # short, for the sockets in it
        server = ServerProcess(with_tables(Path(folder) / "data", migrated_file), lease_seconds="2")
        server.start()
        try:
            yield server
            server.leave()
        finally:
            server.kill()


@pytest.fixture(params=["local", "docker"])
def host(request: pytest.FixtureRequest, server: ServerProcess) -> Iterator[Host]:
    on_docker = request.param == "docker"
    host = Docker(server, request.getfixturevalue("engine")) if on_docker else Local(server)
    host.prepare()
    yield host
    server.kill()
    host.take_away()


def folders(host: Host) -> list[Path]:
    return list(host.folders.iterdir()) if host.folders.exists() else []


def greeting(host: Host) -> bytes:
    (display,) = (path for path in host.folders.rglob("vnc") if path.is_socket())
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(display))
        return connection.recv(12)


def test_a_running_desktop_outlives_the_server_and_is_found_again(server: ServerProcess, host: Host) -> None:
    desktops = server.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    before = host.running()
    server.kill()
    assert greeting(host) == b"RFB 003.008\n"
    server.start()
    desktops = server.desktops()
    assert desktops.show(desktop)["state"] == "running"
    assert host.running() == before
    desktops.want(desktop, "stop")
    desktops.wait_for(desktop, "stopped")
    assert not host.running()


@pytest.mark.parametrize(
    ("host", "milliseconds"), moments(local=(0, 15, 30, 50, 80, 120, 200), docker=(0, 60, 300, 900)), indirect=["host"]
)
def test_killed_during_a_launch(server: ServerProcess, host: Host, milliseconds: int) -> None:
    desktop = server.desktops().launch()
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()
    desktops = server.desktops()
    desktops.wait_for(desktop, "running")
    assert greeting(host) == b"RFB 003.008\n"
    assert len(folders(host)) == 1


@pytest.mark.parametrize(
    ("host", "milliseconds"), moments(local=(0, 10, 20, 40), docker=(0, 40, 300)), indirect=["host"]
)
@pytest.mark.parametrize("wish", ["stop", "delete"])
def test_killed_while_a_desktop_ends(server: ServerProcess, host: Host, wish: str, milliseconds: int) -> None:
    desktops = server.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    desktops.delete(desktop) if wish == "delete" else desktops.want(desktop, "stop")
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()
    eventually(lambda: not host.running(), "its processes are gone")
    if wish == "stop":
        server.desktops().wait_for(desktop, "stopped")
    else:
        eventually(lambda: not folders(host), "its folder is gone")


@pytest.mark.parametrize(("host", "milliseconds"), moments(docker=(0, 200, 700)), indirect=["host"])
def test_killed_while_spares_are_made(server: ServerProcess, host: Docker, milliseconds: int) -> None:
    host.have_spares(2)
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()
    eventually(lambda: len(host.spares()) == 2, "two wait")
    eventually(lambda: len(host.running()) == len(folders(host)) == 2, "nothing is left of others")
    assert {folder.name for folder in folders(host)} == host.spares()


@pytest.mark.parametrize(("host", "milliseconds"), moments(docker=(0, 20, 60, 200)), indirect=["host"])
def test_killed_while_a_spare_is_taken(server: ServerProcess, host: Docker, milliseconds: int) -> None:
    host.have_spares(1)
    eventually(lambda: len(host.spares()) == 1, "one waits")
    before = host.spares()
    desktop = server.desktops().launch()
    time.sleep(milliseconds / 1000)
    server.kill()
    assert not before & host.spares()
    server.start()
    server.desktops().wait_for(desktop, "running")
    assert greeting(host) == b"RFB 003.008\n"
    eventually(lambda: len(host.spares()) == 1, "another one waits")
    eventually(lambda: len(host.running()) == len(folders(host)) == 2, "nothing is left of others")
    assert {folder.name for folder in folders(host)} == before | host.spares()


def killed_after(server: ServerProcess, milliseconds: int) -> None:
    time.sleep(milliseconds / 1000)
    server.kill()
    server.start()


@pytest.mark.parametrize(("host", "milliseconds"), moments(local=(30,), docker=(30,)), indirect=["host"])
def test_killed_while_a_volume_is_made_attached_detached_and_deleted(
    server: ServerProcess, host: Host, milliseconds: int
) -> None:
    volume = server.volumes().make("Thesis", host.slug)
    killed_after(server, milliseconds)
    eventually(lambda: server.volumes().states() == ["ready"], "it is made")
    (folder,) = (server.data / "volumes" / host.slug).iterdir()
    (folder / "note").write_text("kept")
    desktop = server.desktops().launch()
    server.desktops().wait_for(desktop, "running")
    for change, paths in ((Volumes.attach, ["/storage"]), (Volumes.detach, [])):
        change(server.volumes(), volume["id"], desktop)
        killed_after(server, milliseconds)
        server.desktops().wait_for(desktop, "running")
        assert [one["path"] for one in server.desktops().show(desktop)["volumes"]] == paths
        assert (folder / "note").read_text() == "kept"
        assert len(folders(host)) == 1
    server.volumes().delete(volume["id"])
    killed_after(server, milliseconds)
    eventually(lambda: server.volumes().states() == [], "it is gone")
    assert not folder.exists()


@pytest.fixture
def elsewhere(server: ServerProcess, engine: DockerEngine) -> Iterator[Elsewhere]:
    host = Elsewhere(server, engine)
    host.prepare()
    yield host
    server.kill()
    host.take_away()


def test_killed_while_a_volume_elsewhere_is_made_had_and_deleted(server: ServerProcess, elsewhere: Elsewhere) -> None:
    volume = server.volumes().make("Thesis", elsewhere.slug)
    killed_after(server, 30)
    eventually(lambda: server.volumes().states() == ["ready"], "it is made")
    desktop = server.desktops().launch()
    server.volumes().attach(volume["id"], desktop)
    killed_after(server, 300)
    server.desktops().wait_for(desktop, "running")
    assert elsewhere.inside("echo kept >/storage/note; cat /storage/note") == "kept"
    server.volumes().detach(volume["id"], desktop)
    server.desktops().delete(desktop)
    server.volumes().delete(volume["id"])  # a container has it still
    killed_after(server, 30)
    eventually(lambda: not elsewhere.running() and not elsewhere.volumes(), "nothing is left")
    eventually(lambda: server.volumes().states() == [], "it is known to be gone")


def test_what_nobody_wants_any_more_is_ended(server: ServerProcess, host: Host) -> None:
    desktops = server.desktops()
    desktops.wait_for(desktops.launch(), "running")
    server.kill()
    (server.data / "deskbay.sqlite").unlink()  # as after a restored backup: the database knows of no desktop
    for rest in server.data.glob("deskbay.sqlite-*"):
        rest.unlink()
    server.start()
    host.prepare()
    eventually(lambda: not host.running() and not folders(host), "the stray is gone")


@pytest.mark.parametrize("host", ["local"], indirect=True)
def test_ended_by_hand_the_server_takes_its_desktops_along_if_told_so(server: ServerProcess, host: Host) -> None:
    server.leave()
    going = ServerProcess(server.data, keep_desktops="false")
    going.start()
    desktops = going.desktops()
    desktop = desktops.launch()
    desktops.wait_for(desktop, "running")
    going.leave()
    assert not host.running()
    server.start()
    shown = server.desktops().show(desktop)
    assert (shown["state"], shown["wanted"]) == ("stopped", "stopped")
    assert "The server was ended" in shown["reason"]
