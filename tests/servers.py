"""PostgreSQL and MariaDB, started from Debian's packages on folders of the run's own, on Unix sockets alone."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

PASSWORD = "kept between us"
USER = "deskbay"
START_SECONDS = 60


class Backend(StrEnum):
    """The kinds of database that there are tests on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MARIADB = "mariadb"


class DatabaseServer:
    """A running server with one database that is always there.

    `url` gives the SQLAlchemy address of one of its databases.
    """

    def __init__(self, scheme: str, socket_option: str, always_there: str) -> None:
        self._scheme = scheme
        self._socket_option = socket_option
        self._always_there = always_there

    async def run(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        engine = create_async_engine(self.url(self._always_there), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
        return f"{self._scheme}://{user}:{password.replace(' ', '%20')}@/{database}?{self._socket_option}"


def program(name: str, package: str, *folders: Path) -> str:
    """Return the path of a server program; without it the test fails and names the package."""
    places = os.pathsep.join([*map(str, folders), "/usr/sbin", os.environ["PATH"]])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.fail(f"{name} is not installed. Run: apt-get install --no-install-recommends {package}", pytrace=False)
    return found


def as_user(name: str) -> list[str]:
    """Return what to put before a command so that root runs it as that user. It ends when we do, however we end."""
    ends_with_us = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid():
        return ends_with_us
    return [*ends_with_us, "--reuid", name, "--regid", name, "--clear-groups", "--inh-caps=-all"]


@contextmanager
def folder_of(user: str) -> Iterator[Path]:
    """Make a folder, short of name because of the sockets in it, that the user owns."""
    folder = Path(mkdtemp(prefix="deskbay-", dir="/tmp"))
    if not os.geteuid():
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(command: Sequence[str], folder: Path, socket: Path, is_up: Callable[[], bool]) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (socket.exists() and is_up()):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start:\n{log.read_text()}", pytrace=False)
            time.sleep(0.02)
        yield
    finally:
        server.terminate()
        server.wait()


def succeeds(command: Sequence[str], text: str = "") -> bool:
    return subprocess.run(command, input=text, text=True, capture_output=True, check=False).returncode == 0


@contextmanager
def postgresql() -> Iterator[DatabaseServer]:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb, postgres, psql = (program(name, "postgresql", *versions) for name in ("initdb", "postgres", "psql"))
    with folder_of("postgres") as folder:
        data, socket = folder / "data", folder / ".s.PGSQL.5432"
        password = folder / "password"
        password.write_text(PASSWORD)
        if not os.geteuid():
            shutil.chown(password, "postgres")
        make = [initdb, "-D", str(data), "-U", USER, f"--pwfile={password}", "--auth=scram-sha-256", "-E", "UTF8", "-N"]
        subprocess.run([*as_user("postgres"), *make, "--locale=C"], cwd=folder, check=True, capture_output=True)
        serve = [postgres, "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-F"]
        ask = [psql, f"postgresql://{USER}:{PASSWORD}@/postgres?host={folder}", "-c", "SELECT 1"]
        with running([*as_user("postgres"), *serve], folder, socket, lambda: succeeds(ask)):
            yield DatabaseServer("postgresql+asyncpg", f"host={folder}", "postgres")


@contextmanager
def mariadb() -> Iterator[DatabaseServer]:
    names = ("mariadb-install-db", "mariadbd", "mariadb")
    install, mariadbd, client = (program(name, "mariadb-server") for name in names)
    with folder_of("mysql") as folder:
        data, socket = folder / "data", folder / "mariadb.sock"
        make = [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
        subprocess.run([*as_user("mysql"), *make, "--skip-test-db"], cwd=folder, check=True, capture_output=True)
        where = [f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder / 'pid'}", "--skip-networking"]
        quick = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"]
        sign_in = [client, "--no-defaults", f"--socket={socket}", "--user=root"]
        serve = [mariadbd, "--no-defaults", *where, *quick]
        with running([*as_user("mysql"), *serve], folder, socket, lambda: succeeds(sign_in)):
            grant = f"GRANT ALL ON *.* TO {USER}@localhost IDENTIFIED BY '{PASSWORD}'"
            subprocess.run(sign_in, input=grant, text=True, check=True, capture_output=True)
            yield DatabaseServer("mysql+aiomysql", f"unix_socket={socket}", "mysql")


class Servers:
    """Starts each server when it is asked for first."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[Backend, DatabaseServer] = {}

    def __getitem__(self, backend: Backend) -> DatabaseServer:
        if backend not in self._running:
            starter = {Backend.POSTGRESQL: postgresql, Backend.MARIADB: mariadb}[backend]
            self._running[backend] = self._stack.enter_context(starter())
        return self._running[backend]
