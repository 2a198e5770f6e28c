"""What changes nothing and is told all the same: looks into others' things, and what was refused."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database import Database
from deskbay.database.audit.chain import hold
from deskbay.database.audit.circumstances import circumstances
from deskbay.database.audit.happenings import Happening, Values
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.database.audit.recorder import happenings_of

ONE_LOOK = timedelta(minutes=10)
"""So long the same look of the same actor counts as one: a page asks again and again for what it shows."""


def note(db: AsyncSession, happening: Happening) -> None:
    """Have something told in the audit when the transaction is committed."""
    happenings_of(db.sync_session).append(happening)


async def looked(
    database: Database,
    action: Action,
    kind: str,
    number: int | None,
    *,
    owner_id: int | None,
    what: Values | None = None,
) -> None:
    """Tell in the audit, before it is answered, that somebody looks into a thing; nothing where it is their own."""
    if owner_id is not None and circumstances().actor.person_id == owner_id:
        return
    look = Happening(action, kind, None if number is None else str(number), owner_id, after=what)
    async with database.read() as db:
        is_known = await _is_known(db, database, look)
    if not is_known:
        async with database.write() as db:
            await hold(db)  # a page asks for several things at once
            if not await _is_known(db, database, look):
                note(db, look)


async def _is_known(db: AsyncSession, database: Database, look: Happening) -> bool:
    actor = circumstances().actor
    same = (
        (AuditEntry.object_kind == look.kind)
        & (AuditEntry.object_id == look.id)
        & (AuditEntry.action == look.action)
        & (AuditEntry.actor_kind == actor.kind)
        & (AuditEntry.actor_id == actor.id)
        & (AuditEntry.at > database.clock.now() - ONE_LOOK)
    )
    return await db.scalar(select(AuditEntry.id).where(same).limit(1)) is not None
