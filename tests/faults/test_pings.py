"""Killed under load, neither the server nor PostgreSQL loses a ping that was answered with 201."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from tests.servers import as_user, folder_of, program, succeeds
from tests.serving import ServerProcess, eventually

from deskbay.activity.models import Activity, SignIn
from deskbay.activity.stretches import microseconds
from deskbay.database import create_engine

BASE = "/api/session-manager"
CLIENTS = 8
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PROMISE = 60
PATIENCE = 120.0
"""Seconds that an answer may take on a busy machine, and so may the first 200."""
APART = timedelta(minutes=5)
"""Too far for one ping to go on into the next: each that was answered has to be an interval of its own."""


class PostgreSQL:
    """A server that waits for the disk at each commit, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self._postgres, initdb, self._psql = (
            program(name, "postgresql", *versions) for name in ("postgres", "initdb", "psql")
        )
        self._folder = folder
        make = [initdb, "-D", str(folder / "data"), "-U", "deskbay", "--auth=trust", "-E", "UTF8", "--locale=C"]
        subprocess.run([*as_user("postgres"), *make], cwd=folder, check=True, capture_output=True)
        self.url = f"postgresql+asyncpg://deskbay@/postgres?host={folder}"

    def start(self) -> None:
        serve = [self._postgres, "-D", str(self._folder / "data"), "-k", str(self._folder), "-c", "listen_addresses="]
        with (self._folder / "log").open("a") as log:
            command = [*as_user("postgres"), *serve]
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)
        ask = [self._psql, f"postgresql://deskbay@/postgres?host={self._folder}", "-c", "SELECT 1"]
        eventually(lambda: succeeds(ask), "PostgreSQL answers")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        # Its processes notice, and have to be gone before it can be started again.
        eventually(self._is_gone, "PostgreSQL is gone")

    def _is_gone(self) -> bool:
        data = str(self._folder / "data")
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if str((folder / "cwd").readlink()) == data:
                    return False
        return True

    def leave(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait()


@contextmanager
def serving(**settings: str) -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data", **settings)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    with folder_of("postgres") as folder:
        server = PostgreSQL(folder)
        server.start()
        yield server
        server.leave()
        rmtree(folder / "data")


def register(url: str) -> list[str]:
    sessions = [str(uuid4()) for _ in range(CLIENTS)]
    with httpx.Client(base_url=url + BASE, timeout=PATIENCE) as client:
        client.post("/users", json=[{"Name": f"u{number}"} for number in range(CLIENTS)]).raise_for_status()
        client.post("/computers", json=[{"Name": "pc"}]).raise_for_status()
        for number, session in enumerate(sessions):
            begun = {"id": session, "comp_name": "pc", "login": f"u{number}", "next_ping_sec": PROMISE}
            client.post("/session", json={**begun, "date_time": BEGIN.isoformat()}).raise_for_status()
    return sessions


class Load:
    """Clients that ping until something breaks, and what they were told is stored."""

    def __init__(self, url: str, sessions: list[str]) -> None:
        self._url = url
        self._sessions = sessions
        self.answered: set[tuple[str, datetime]] = set()

    async def run(self) -> None:
        clients = (self._client(number, session) for number, session in enumerate(self._sessions))
        await asyncio.gather(*clients)

    async def _client(self, number: int, session: str) -> None:
        async with httpx.AsyncClient(base_url=self._url + BASE, timeout=PATIENCE) as client:
            at = BEGIN
            with suppress(httpx.HTTPError):
                while True:
                    at += APART
                    body = {"session_id": session, "login": f"u{number}", "next_ping_sec": PROMISE}
                    answer = await client.post("/activity", json={**body, "date_time": at.isoformat()})
                    if answer.status_code != httpx.codes.CREATED:
                        return
                    self.answered.add((session, at))


async def stored(database_url: str) -> AsyncIterator[tuple[str, datetime]]:
    engine = create_engine(database_url)
    async with engine.connect() as connection:
        rows = await connection.execute(
            select(SignIn.uuid, Activity.starts).join_from(Activity, SignIn, SignIn.id == Activity.sign_in_id)
        )
        begins = {(str(uuid), starts) for uuid, starts in rows}
    await engine.dispose()
    for uuid, starts in begins:
        yield uuid, BEGIN + timedelta(microseconds=starts - microseconds(BEGIN))


async def loaded(load: Load) -> asyncio.Task[None]:
    """Return the running load once many pings were answered."""
    running = asyncio.create_task(load.run())
    async with asyncio.timeout(PATIENCE):
        while len(load.answered) < 200:  # noqa: ASYNC110 - the load tells nobody
            await asyncio.sleep(0.01)
    return running


@pytest.mark.parametrize("on_server", [False, True], ids=["sqlite", "postgresql"])
async def test_the_server_is_killed_under_load(postgresql: PostgreSQL, on_server: bool) -> None:
    with serving(**({"database_url": postgresql.url} if on_server else {})) as server:
        load = Load(server.url, await asyncio.to_thread(register, server.url))
        running = await loaded(load)
        server.kill()
        await running
        url = postgresql.url if on_server else f"sqlite+aiosqlite:///{server.data / 'deskbay.sqlite'}"
        assert load.answered <= {ping async for ping in stored(url)}


async def test_postgresql_is_killed_under_load_and_the_server_goes_on_afterwards(postgresql: PostgreSQL) -> None:
    with serving(database_url=postgresql.url) as server:
        sessions = await asyncio.to_thread(register, server.url)
        load = Load(server.url, sessions)
        running = await loaded(load)
        await asyncio.to_thread(postgresql.kill)
        await running
        await asyncio.to_thread(postgresql.start)
        assert load.answered <= {ping async for ping in stored(postgresql.url)}
        body = {"session_id": sessions[0], "login": "u0", "next_ping_sec": PROMISE}
        async with httpx.AsyncClient(base_url=server.url + BASE, timeout=PATIENCE) as client:
            assert (await client.post("/activity", json=body)).status_code == httpx.codes.CREATED
