"""Databases of every kind are brought up to date, or refused and left as they are."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, LargeBinary, inspect, text
from sqlalchemy.dialects.mysql import TINYBLOB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.database.later import LATER, later_scripts, newest_revision
from tests.servers import Backend

from deskbay.database import create_engine
from deskbay.database.base import Base
from deskbay.database.migrations import ForeignDatabase, NewerDatabase, migrate, pending_since
from deskbay.kit.refusals import Refusal

USER = """
    INSERT INTO users (id, uuid, username, username_key, role, created_at)
    VALUES (1, '00000000000000000000000000000001', 'ada', 'ada', 'user', '2026-01-05 09:00:00')
"""
LINK = "INSERT INTO sign_in_links (id, user_id, digest, expires_at) VALUES (1, 1, 'digest', '2026-01-05 09:10:00')"


@pytest.fixture
async def engine(empty_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(empty_database)
    yield engine
    await engine.dispose()


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))


async def run(engine: AsyncEngine, *statements: str) -> object:
    """Run statements in one transaction. Return the first value that the last one gives."""
    async with engine.begin() as connection:
        for statement in statements:
            result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": type_differs})
    found: list[object] = compare_metadata(context, Base.metadata)
    return found


def type_differs(*compared: object) -> bool | None:
    """Tell whether a column's type differs; None leaves it to Alembic. MariaDB makes BLOB(160) a TINYBLOB."""
    *_, there, wanted = compared
    return False if isinstance(there, TINYBLOB) and isinstance(wanted, LargeBinary) else None


async def test_they_make_the_tables_that_the_models_describe(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    assert await tables(engine) == {*Base.metadata.tables, "alembic_version"}


async def test_the_comparison_sees_a_difference(engine: AsyncEngine) -> None:
    await migrate(engine)
    await run(engine, "ALTER TABLE users DROP COLUMN full_name")
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) != []


async def test_once_more_changes_nothing(engine: AsyncEngine) -> None:
    await migrate(engine)
    await run(engine, USER)
    await migrate(engine)
    assert await run(engine, "SELECT username FROM users") == "ada"


async def test_servers_that_start_together_make_the_tables_once(empty_database: str) -> None:
    engines = [create_engine(empty_database) for _ in range(4)]
    await asyncio.gather(*(migrate(engine) for engine in engines))
    assert await run(engines[0], "SELECT count(*) FROM alembic_version") == 1
    for engine in engines:
        await engine.dispose()


async def test_a_database_of_a_newer_deskbay_is_refused(engine: AsyncEngine) -> None:
    await migrate(engine)
    await run(engine, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match=r"revision is 9999.*Update this Deskbay"):
        await migrate(engine)
    assert await run(engine, "SELECT version_num FROM alembic_version") == "9999"


async def test_a_database_of_another_program_is_refused_and_left_alone(engine: AsyncEngine) -> None:
    await run(engine, "CREATE TABLE recipes (id INTEGER PRIMARY KEY)")
    with pytest.raises(ForeignDatabase, match="another program"):
        await migrate(engine)
    assert await tables(engine) == {"recipes"}


async def test_what_is_pending(engine: AsyncEngine, tmp_path: Path) -> None:
    later = later_scripts(tmp_path, "op.add_column('users', sa.Column('nickname', sa.String(64)))")
    assert await pending_since(engine) is None
    await migrate(engine)
    assert await pending_since(engine) is None
    assert await pending_since(engine, later) == newest_revision()


async def test_a_later_migration_keeps_what_there_is(engine: AsyncEngine, tmp_path: Path) -> None:
    await migrate(engine)
    await run(engine, USER)
    await migrate(engine, later_scripts(tmp_path, "op.add_column('users', sa.Column('nickname', sa.String(64)))"))
    assert await run(engine, "UPDATE users SET nickname = 'a'", "SELECT nickname FROM users") == "a"
    assert await run(engine, "SELECT version_num FROM alembic_version") == LATER


async def test_a_migration_that_fails_is_not_half_made(engine: AsyncEngine, tmp_path: Path, backend: Backend) -> None:
    """MariaDB commits at each change of a table: there the revision at least tells the truth."""
    await migrate(engine)
    before = await tables(engine)
    broken = "op.create_table('half', sa.Column('id', sa.Integer())); op.execute('nonsense')"
    with pytest.raises(DBAPIError):
        await migrate(engine, later_scripts(tmp_path, broken))
    assert await run(engine, "SELECT version_num FROM alembic_version") == newest_revision()
    if backend is not Backend.MARIADB:
        assert await tables(engine) == before
    await migrate(engine)


async def test_making_a_table_anew_deletes_nothing_that_refers_to_it(engine: AsyncEngine, tmp_path: Path) -> None:
    await migrate(engine)
    await run(engine, USER, LINK)
    body = "with op.batch_alter_table('users') as users: users.alter_column('full_name', type_=sa.String(99))"
    await migrate(engine, later_scripts(tmp_path, body))
    assert await run(engine, "SELECT count(*) FROM sign_in_links") == 1
    await run(engine, "DELETE FROM users")
    assert await run(engine, "SELECT count(*) FROM sign_in_links") == 0


@pytest.mark.parametrize("backend", [Backend.SQLITE])
async def test_a_migration_that_would_leave_rows_without_what_they_refer_to_is_taken_back(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await migrate(engine)
    await run(engine, USER, LINK)
    with pytest.raises(Refusal, match="refer to rows which are gone"):
        await migrate(engine, later_scripts(tmp_path, "op.execute('DELETE FROM users')"))
    assert await run(engine, "SELECT count(*) FROM users") == 1


async def test_text_is_told_apart_to_the_last_space(engine: AsyncEngine) -> None:
    await migrate(engine)
    await run(engine, "CREATE TABLE words (word VARCHAR(20) UNIQUE)")
    for word in ("ada", "Ada", "adá", "ada ", "🙂"):
        await run(engine, f"INSERT INTO words VALUES ('{word}')")  # noqa: S608 - the words are above
    assert await run(engine, "SELECT count(*) FROM words WHERE word = 'ada'") == 1
    assert await run(engine, "SELECT word FROM words WHERE word = '🙂'") == "🙂"
