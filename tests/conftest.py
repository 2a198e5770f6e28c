"""What every test may ask for: time, settings, databases, the application, people."""

import asyncio
import gc
import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import update
from tests.clock import FrozenClock
from tests.desktops.kinds import kinds_of
from tests.engines import DockerEngine, docker_engine
from tests.hosts import SshHost, ssh_host
from tests.letterbox import SITE, Letterbox, mail_server_with_letterbox
from tests.people import People, client_of
from tests.servers import Backend, Servers
from tests.side_by_side import FileByFile, longest_first

import deskbay
from deskbay.accounts.mail.postman import Postman
from deskbay.accounts.models import Role
from deskbay.app import create_app
from deskbay.database import Database, create_engine
from deskbay.database.audit.models import AuditHead
from deskbay.database.base import Base
from deskbay.database.migrations import migrate
from deskbay.desktops.runtimes import Runtime
from deskbay.kit.events import EventBus
from deskbay.settings import Settings

SOURCE = Path(deskbay.__file__).parents[1]
for models in (SOURCE / "deskbay").rglob("models.py"):
    import_module(".".join(models.relative_to(SOURCE).with_suffix("").parts))  # so that Base knows every table

# A busy machine is no error, and no release hangs on the examples that it happens to draw: `search` draws new ones.
PATIENT = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("deskbay", PATIENT, derandomize=True)
hypothesis.settings.register_profile("search", PATIENT, max_examples=3000)
hypothesis.settings.load_profile("deskbay")

INTERNET = {socket.AF_INET, socket.AF_INET6}
LOOPBACK = ("localhost", "127.", "::1")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FileByFile | None:
    return FileByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items, Path(__file__).parent)


def pytest_collection_finish() -> None:
    gc.freeze()  # what is there by now stays: the garbage collector need not look through it for each test


@pytest.fixture(scope="session", autouse=True)
def shut_network() -> Iterator[None]:
    """Nothing but this machine can be reached from a test, and a cluster that somebody named."""
    if "DESKBAY_TEST_KUBECONFIG" in os.environ:
        yield
        return
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda self, address: connect(self, here(self, address)))
        patch.setattr(socket.socket, "connect_ex", lambda self, address: connect_ex(self, here(self, address)))
        yield


def here(connecting: socket.socket, address: tuple[str, int] | str) -> tuple[str, int] | str:
    """Return an address on this machine as it is. Raises PermissionError for any other."""
    if connecting.family in INTERNET and not address[0].startswith(LOOPBACK):
        raise PermissionError(f"A test wants to reach {address[0]}, which is not this machine")
    return address


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DESKBAY_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("URL", "FRONTEND_URL", "delete_key", "SOCIAL_AUTH_OIDC_PROVIDER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("POSTGRES_HOST", "MYSQL_HOST", "RANCHER_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Settings(data=data)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "deskbay.sqlite"
    asyncio.run(make_tables(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """In which all runs that is asynchronous of what a module shares: each test has a loop of its own."""
    with asyncio.Runner() as runner:
        yield runner


async def make_tables(url: str) -> None:
    engine = create_engine(url)
    await migrate(engine)
    await engine.dispose()


@pytest.fixture
def runtimes() -> dict[str, Runtime] | None:
    """The runtimes of `app`, by kind: the real ones, unless a folder's tests say otherwise."""
    return None


@pytest.fixture
async def app(
    settings: Settings, clock: FrozenClock, migrated_file: Path, runtimes: dict[str, Runtime] | None
) -> AsyncIterator[FastAPI]:
    """The application on an SQLite database of its own. Its reconciler does not run."""
    shutil.copy(migrated_file, settings.data / "deskbay.sqlite")
    app = create_app(settings, clock, kinds_of(runtimes) if runtimes else None)
    yield app
    await app.state.runtimes.close()
    await app.state.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Nobody, who says nothing of an origin: a program that has not signed in."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def people(app: FastAPI) -> AsyncIterator[People]:
    async with AsyncExitStack() as clients:
        yield People(app, clients)


@pytest.fixture
async def user_client(people: People) -> AsyncClient:
    """Ada's program, with a bearer token."""
    return await people.program(await people.add("ada"))


@pytest.fixture
async def administrator_client(people: People) -> AsyncClient:
    """Grace's program, with a bearer token; she is an administrator."""
    return await people.program(await people.add("grace", Role.ADMINISTRATOR))


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Controller]:
    with mail_server_with_letterbox() as server:
        yield server


@pytest.fixture
async def letterbox(app: FastAPI, settings: Settings, mail_server: Controller) -> AsyncIterator[Letterbox]:
    """What the mail server of the application gets."""
    box: Letterbox = mail_server.handler
    box.mails, box.refusals = [], 0
    wish = {"email_host": "127.0.0.1", "email_port": mail_server.port, "public_url": f"{SITE}/"}
    app.state.settings = settings.model_copy(update=wish)
    app.state.postman = Postman(app.state.settings, pauses=(0, 0))
    yield box
    await app.state.postman.finish()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerEngine]:
    """A Docker engine, where one can be started."""
    if os.geteuid() != 0:
        pytest.skip("only root can start an engine")
    with docker_engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def ssh() -> Iterator[SshHost]:
    """A host that lets root in by SSH."""
    if os.geteuid() != 0:
        pytest.skip("only root can let others in")
    with ssh_host() as host:
        yield host


@pytest.fixture(params=list(Backend))
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each kind of database, one after the other."""
    return Backend(request.param)


@pytest.fixture
async def empty_database(backend: Backend, servers: Servers, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without tables."""
    if backend is Backend.SQLITE:
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"
        return
    name = f"empty_{uuid4().hex}"
    await servers[backend].run(f"CREATE DATABASE {name}")
    yield servers[backend].url(name)
    await servers[backend].run(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def migrated(servers: Servers, migrated_file: Path) -> Callable[[Backend, Path], str]:
    """Gives the address of a database with every table, made once for each server."""

    @cache
    def on_server(backend: Backend) -> str:
        asyncio.run(servers[backend].run("CREATE DATABASE deskbay"))
        asyncio.run(make_tables(servers[backend].url("deskbay")))
        return servers[backend].url("deskbay")

    def on(backend: Backend, folder: Path) -> str:
        if backend is not Backend.SQLITE:
            return on_server(backend)
        return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, folder / 'deskbay.sqlite')}"

    return on


@pytest.fixture
def database_url(backend: Backend, migrated: Callable[[Backend, Path], str], tmp_path: Path) -> str:
    """The address of a database with every table and nothing in them."""
    return migrated(backend, tmp_path)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with every table and nothing in them, on each kind of database."""
    database = Database(create_engine(database_url), EventBus())
    yield database
    async with database.write() as db:
        await db.execute(update(AuditHead).values(cut_id=AuditHead.last_id))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != AuditHead.__tablename__:
                await db.execute(table.delete())
        await db.execute(update(AuditHead).values(last_id=0, last_digest="", cut_id=0, cut_digest=""))
    await database.close()
