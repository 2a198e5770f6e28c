"""The command on the audit."""

from deskbay.cli.access import open_database
from deskbay.database.audit import chain
from deskbay.database.audit.chain import Verdict
from deskbay.settings import Settings


async def verify_audit(settings: Settings) -> Verdict:
    """Follow the audit's chain from its first entry to its last."""
    async with open_database(settings) as database, database.read() as db:
        return await chain.verify(db)
