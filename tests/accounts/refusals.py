"""What the audit tells of failed sign-ins."""

import json

from sqlalchemy import select

from deskbay.database import Database
from deskbay.database.audit.models import Action, AuditEntry


async def refusals(database: Database) -> list[tuple[str, str, int | None]]:
    """Return what was tried, why it was refused, and the id of the person whose account it was, oldest first."""
    refused = select(AuditEntry).where(AuditEntry.action == Action.REFUSED).order_by(AuditEntry.id)
    async with database.read() as db:
        entries = (await db.scalars(refused)).all()
    told = [(json.loads(entry.after or "{}"), entry.owner_id) for entry in entries]
    return [(what["attempt"], what["why"], owner_id) for what, owner_id in told]
