"""Connections to SQLite close, whatever is cancelled meanwhile, and leave no lock behind."""

import asyncio
from pathlib import Path

import pytest

from deskbay.database.sqlite import SqliteConnection

PATIENCE = 60


@pytest.fixture
async def connection(tmp_path: Path) -> SqliteConnection:
    connection = SqliteConnection(str(tmp_path / "deskbay.sqlite"))
    await connection
    await connection.execute("CREATE TABLE numbers (number INTEGER)")
    return connection


async def test_it_closes_although_it_is_stopped_meanwhile(connection: SqliteConnection) -> None:
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    async with asyncio.timeout(PATIENCE):
        await closing


async def test_it_may_be_closed_again_and_after_a_close_that_was_cancelled(connection: SqliteConnection) -> None:
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    closing.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait([closing])
        await connection.close()
    assert closing.cancelled()


async def test_what_was_not_committed_is_given_up_although_a_cursor_is_left(
    connection: SqliteConnection, tmp_path: Path
) -> None:
    await connection.execute("INSERT INTO numbers VALUES (1), (2)")
    cursor = await connection.execute("SELECT number FROM numbers")
    assert await cursor.fetchone() == (1,)
    async with asyncio.timeout(PATIENCE):
        await connection.close()
    other = await SqliteConnection(str(tmp_path / "deskbay.sqlite"))
    await other.execute("BEGIN IMMEDIATE")
    assert await (await other.execute("SELECT number FROM numbers")).fetchall() == []
    await other.close()
    assert cursor.description
