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
OTHERS = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"


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


async def cut_all_others(url: str) -> None:
    engine = create_engine(url)
    async with engine.connect() as connection:
        for number in (await connection.scalars(text(OTHERS))).all():
            await connection.execute(text(f"KILL {number}"))
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
    database_url: str, told: Callable[[], list[str]]
) -> None:
    async with AsyncExitStack() as stack:
        async with server_on(database_url):
            await until(lambda: told() == [FOUND])
            await stack.enter_async_context(server_on(database_url))
            await until(lambda: told()[-1] == ANOTHER)
            await asyncio.sleep(0.1)  # it looks some times more
        await until(lambda: told()[-1] == FOUND)
    assert told() == [FOUND, ANOTHER, FOUND]


@mariadb
async def test_servers_of_other_databases_are_nobodys_business(
    database_url: str, servers: Servers, told: Callable[[], list[str]]
) -> None:
    async with server_on(database_url), server_on(servers[Backend.MARIADB].url("mysql")):
        await until(lambda: told() == [FOUND, FOUND])


@mariadb
async def test_it_takes_the_place_again_after_a_lost_connection(
    database_url: str, told: Callable[[], list[str]]
) -> None:
    async with server_on(database_url):
        await until(lambda: told() == [FOUND])
        await cut_all_others(database_url)
        await until(lambda: told()[-2:] == [LOST, FOUND])


@pytest.mark.parametrize("address", ["sqlite+aiosqlite:///deskbay.sqlite", "postgresql+asyncpg:///deskbay"])
async def test_others_need_no_such_place(address: str) -> None:
    assert Database(create_engine(address), EventBus()).only_server is None
