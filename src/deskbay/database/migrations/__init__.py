"""Brings a database to the shape that this Deskbay needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from deskbay.kit.refusals import Refusal

SCRIPTS = Path(__file__).parent
LOCK = 0x6465736B626179
LOCK_SECONDS = 600


class NewerDatabase(Refusal):
    """The database was written by a newer Deskbay than this one."""

    def __init__(self, revision: str) -> None:
        what = f"The database was written by a newer Deskbay (its revision is {revision})."
        super().__init__(f"{what} Update this Deskbay, or use another database.", kind="newer-database")


class ForeignDatabase(Refusal):
    """The database holds tables, but not Deskbay's."""

    def __init__(self) -> None:
        what = "The database belongs to another program: it has tables that are not Deskbay's."
        super().__init__(f"{what} Give Deskbay an empty one.", kind="foreign-database")


async def migrate(engine: AsyncEngine, scripts: Path = SCRIPTS) -> None:
    """Make the tables, or bring those there are up to date.

    It is one transaction, but for MariaDB, which commits at each change of a table. Several servers that start
    together do it one after the other. Raises NewerDatabase or ForeignDatabase, having changed nothing.
    """
    async with _alone(engine) as connection:
        await connection.run_sync(_migrate, config_of(scripts))


async def pending_since(engine: AsyncEngine, scripts: Path = SCRIPTS) -> str | None:
    """Return the revision that a database has and that is not the newest; None when there is nothing to do.

    Raises NewerDatabase or ForeignDatabase.
    """
    async with engine.connect() as connection:
        return await connection.run_sync(_pending_since, ScriptDirectory.from_config(config_of(scripts)))


def config_of(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    newest = ScriptDirectory.from_config(config)
    current = _known_revision(connection, newest)
    dialect = connection.dialect
    if current is None and isinstance(dialect, MySQLDialect):
        # As in the other databases, capitals, accents and spaces at the end make a difference.
        collation = "utf8mb4_nopad_bin" if dialect.is_mariadb else "utf8mb4_0900_bin"
        connection.execute(text(f"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {collation}"))
    if current != newest.get_current_head():
        command.upgrade(config, "head")


def _known_revision(connection: Connection, known: ScriptDirectory) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and inspect(connection).get_table_names():
        raise ForeignDatabase
    if current is not None and current not in {script.revision for script in known.walk_revisions()}:
        raise NewerDatabase(current)
    return current


def _pending_since(connection: Connection, known: ScriptDirectory) -> str | None:
    current = _known_revision(connection, known)
    return None if current == known.get_current_head() else current


@asynccontextmanager
async def _alone(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction in which nobody else migrates."""
    guards = {"sqlite": _without_foreign_keys, "postgresql": _locked_until_commit}
    guard = guards.get(engine.dialect.name, _locked_by_name)
    async with engine.connect() as connection, guard(connection):
        yield connection


@asynccontextmanager
async def _locked_until_commit(connection: AsyncConnection) -> AsyncIterator[None]:
    async with connection.begin():
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield


@asynccontextmanager
async def _locked_by_name(connection: AsyncConnection) -> AsyncIterator[None]:
    """Hold a lock of MariaDB's, which is the connection's and not the transaction's."""
    name = {"lock": f"deskbay-{LOCK}"}
    async with connection.begin():
        if not await connection.scalar(text(f"SELECT GET_LOCK(:lock, {LOCK_SECONDS})"), name):
            what = "Another Deskbay server has been changing the database for long."
            raise Refusal(f"{what} Look after that one, then start again.", kind="database-busy")
    try:
        async with connection.begin():
            yield
    finally:
        async with connection.begin():
            await connection.execute(text("SELECT RELEASE_LOCK(:lock)"), name)


@asynccontextmanager
async def _without_foreign_keys(connection: AsyncConnection) -> AsyncIterator[None]:
    """Open a transaction in SQLite, where changing a table is making it anew: dropping the old one must not delete
    what refers to it. SQLite takes the switch outside of transactions only.
    """
    switch = (await connection.get_raw_connection()).driver_connection
    assert switch is not None  # noqa: S101 - the connection is open
    await switch.execute("PRAGMA foreign_keys=OFF")
    try:
        async with connection.begin():
            yield
            if (await connection.execute(text("PRAGMA foreign_key_check"))).first():
                raise Refusal(
                    "The database has rows that refer to rows which are gone. Put back a copy from a backup.",
                    kind="damaged",
                )
    finally:
        await switch.execute("PRAGMA foreign_keys=ON")
