"""What a server has when it was started for the first time."""

from deskbay.database import Database
from deskbay.desktops.placing import add_first_runtime
from deskbay.desktops.templates import add_missing_templates


async def first_start(database: Database) -> None:
    """Add the templates that Deskbay brings along, and the runtime of this machine."""
    async with database.write() as db:
        await add_missing_templates(db)
        await add_first_runtime(db)
