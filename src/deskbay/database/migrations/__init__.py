"""Brings a database to the shape that this Deskbay needs."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine


class NewerDatabase(Exception):
    """The database was written by a newer Deskbay than this one."""


class ForeignDatabase(Exception):
    """The database holds tables, but not Deskbay's."""


async def migrate(engine: AsyncEngine) -> None:
    """Make the tables, or bring those there are up to date, in one transaction.

    Raises NewerDatabase or ForeignDatabase, having changed nothing.
    """
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "deskbay.database:migrations")
    config.attributes["connection"] = connection
    known = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and inspect(connection).get_table_names():
        raise ForeignDatabase
    if current is not None and current not in {script.revision for script in known.walk_revisions()}:
        raise NewerDatabase
    if current != known.get_current_head():
        command.upgrade(config, "head")
