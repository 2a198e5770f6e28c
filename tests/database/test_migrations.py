"""Databases are brought up to date in one transaction, or refused and left as they are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

import deskbay.app  # noqa: F401 - knows every table
from deskbay.database import create_engine
from deskbay.database.base import Base
from deskbay.database.migrations import ForeignDatabase, NewerDatabase, migrate


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'deskbay.sqlite'}")
    yield engine
    await engine.dispose()


async def tables(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: inspect(sync).get_table_names())


def differences(connection: Connection) -> list[object]:
    found: list[object] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return found


async def test_the_migrations_make_the_tables_that_the_models_describe(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(engine: AsyncEngine) -> None:
    await migrate(engine)
    before = await tables(engine)
    await migrate(engine)
    assert await tables(engine) == before


async def test_a_database_of_a_newer_deskbay_is_refused(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        await migrate(engine)


async def test_a_database_of_another_program_is_refused_and_left_alone(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE recipes (id INTEGER PRIMARY KEY)"))
    with pytest.raises(ForeignDatabase):
        await migrate(engine)
    assert await tables(engine) == ["recipes"]
