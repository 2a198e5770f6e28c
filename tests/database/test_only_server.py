"""Two servers on one MariaDB: the second says that there may be one only, until it is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from tests.servers import Backend, Servers

from deskbay.database import Database, create_engine
from deskbay.database.only_server import ANOTHER
from deskbay.kit.events import EventBus

mariadb = pytest.mark.parametrize("backend", [Backend.MARIADB], indirect=True)
PATIENCE = 30
LOST = "whether this is the only server can't be told"
FOUND = "this is the database's only server"
HOLDER = text("SELECT IS_USED_LOCK(CONCAT('deskbay ', SHA1(DATABASE())))")


@asynccontextmanager
async def server_on(url: str) -> AsyncIterator[None]:
    database = Database(create_engine(url), EventBus())
    assert database.only_server
    task = asyncio.create_task(database.only_server.run(pause=0.01))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await database.close()


@pytest.fixture
async def url(database_url: str) -> str:
    """The address of a database of which MariaDB knows that the server of an earlier test has ended."""
    engine = create_engine(database_url)
    async with asyncio.timeout(PATIENCE), engine.connect() as connection:
        while await connection.scalar(HOLDER) is not None:  # noqa: ASYNC110 - MariaDB is asked
            await asyncio.sleep(0.01)
    await engine.dispose()
    return database_url


async def cut_the_server_off(url: str) -> None:
    engine = create_engine(url)
    async with engine.connect() as connection:
        await connection.execute(text(f"KILL {await connection.scalar(HOLDER)}"))
    await engine.dispose()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - a log tells nobody that it grew
            await asyncio.sleep(0.01)


@pytest.fixture
def told() -> Iterator[Callable[[], list[str]]]:
    with capture_logs() as logs:
        yield lambda: [one["event"] for one in logs]


@mariadb
async def test_a_second_one_says_so_once_and_takes_the_place_when_the_first_has_ended(
    url: str, told: Callable[[], list[str]]
) -> None:
    async with AsyncExitStack() as stack:
        async with server_on(url):
            await until(lambda: told() == [FOUND])
            await stack.enter_async_context(server_on(url))
            await until(lambda: told()[-1] == ANOTHER)
            await asyncio.sleep(0.1)  # it looks some times more
        await until(lambda: told()[-1] == FOUND)
    assert told() == [FOUND, ANOTHER, FOUND]


@mariadb
async def test_servers_of_other_databases_are_nobodys_business(
    url: str, servers: Servers, told: Callable[[], list[str]]
) -> None:
    async with server_on(url), server_on(servers[Backend.MARIADB].url("mysql")):
        await until(lambda: told() == [FOUND, FOUND])


@mariadb
async def test_it_takes_the_place_again_after_a_lost_connection(url: str, told: Callable[[], list[str]]) -> None:
    async with server_on(url):
        await until(lambda: told() == [FOUND])
        await cut_the_server_off(url)
        await until(lambda: LOST in told() and told()[-1] == FOUND)


@pytest.mark.parametrize("address", ["sqlite+aiosqlite:///deskbay.sqlite", "postgresql+asyncpg:///deskbay"])
async def test_others_need_no_such_place(address: str) -> None:
    assert Database(create_engine(address), EventBus()).only_server is None
