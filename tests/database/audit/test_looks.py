"""Looks into others' things, on each database."""

import asyncio

from sqlalchemy import select

from deskbay.database import Database
from deskbay.database.audit.circumstances import Actor, ActorKind, Circumstances, under
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action, AuditEntry

AT_ONCE = 8
GRACE = Actor(ActorKind.PERSON, 77)


async def test_a_page_that_asks_for_several_things_at_once_has_looked_once(database: Database) -> None:
    with under(Circumstances(actor=GRACE)):
        looks = (looked(database, Action.LOOKED, "activity", 1, owner_id=1) for _ in range(AT_ONCE))
        await asyncio.gather(*looks)
    async with database.read() as db:
        entries = (await db.scalars(select(AuditEntry).where(AuditEntry.action == Action.LOOKED))).all()
    assert [(entry.actor_id, entry.object_kind, entry.owner_id) for entry in entries] == [(77, "activity", 1)]
