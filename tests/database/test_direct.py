"""Statements below SQLAlchemy: committed one by one, on a connection that comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asyncpg import PostgresError  # type: ignore[import-untyped]
from sqlalchemy import text
from tests.servers import Backend

from deskbay.database import Database
from deskbay.database.direct import Direct

WHO = "SELECT pg_backend_pid()"


@pytest.fixture
async def direct(database: Database) -> AsyncIterator[Direct]:
    assert database.direct
    yield database.direct
    async with database.write() as db:
        await db.execute(text("DROP TABLE IF EXISTS noted"))


postgresql = pytest.mark.parametrize("backend", [Backend.POSTGRESQL], indirect=True)


@postgresql
async def test_what_was_written_is_there_for_all(database: Database, direct: Direct) -> None:
    await direct.fetch("CREATE TABLE noted (word text)")
    assert await direct.fetch("INSERT INTO noted VALUES ($1) RETURNING word", "a") == [("a",)]
    with pytest.raises(PostgresError):
        await direct.fetch("INSERT INTO noted SELECT word || (1 / 0)::text FROM noted")
    async with database.read() as db:
        assert list(await db.scalars(text("SELECT word FROM noted"))) == ["a"]


@postgresql
async def test_many_at_once_wait_for_each_other_on_one_connection(direct: Direct) -> None:
    answers = await asyncio.gather(*(direct.fetch(WHO) for _ in range(5)))
    assert len({pid for ((pid,),) in answers}) == 1


@postgresql
async def test_a_connection_that_broke_is_replaced(database: Database, direct: Direct) -> None:
    ((pid,),) = await direct.fetch(WHO)
    async with database.read() as db:
        await db.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    async with asyncio.timeout(30):
        while await found_broken(direct):  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.01)
    ((other,),) = await direct.fetch(WHO)
    assert other != pid


async def found_broken(direct: Direct) -> bool:
    try:
        await direct.fetch(WHO)
    except (PostgresError, OSError):
        return True
    return False


@pytest.mark.parametrize("backend", [Backend.SQLITE, Backend.MARIADB], indirect=True)
async def test_other_databases_have_none(database: Database) -> None:
    assert database.direct is None
