"""Whether somebody may do more or less than before, for as long as they are told things."""

from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, still
from deskbay.accounts.groups.service import REGROUPED
from deskbay.accounts.rights.scopes import Granted
from deskbay.database import Database
from deskbay.kit.events import Event

CHANGED = "rights"
ANYBODYS = 0


@dataclass(slots=True)
class RightsWatch:
    """What a person may do, as it was when it was looked at last."""

    database: Database
    person: Caller
    known: Granted = field(default_factory=dict)

    async def begin(self) -> None:
        """Take note of what they may do."""
        async with self.database.read() as db:
            self.known = await self._now(db)

    async def has_changed(self, change: Event) -> bool:
        """Tell whether they may do something else after a change."""
        if change.name != REGROUPED or change.owner not in {ANYBODYS, self.person.user.id}:
            return False
        before = self.known
        await self.begin()
        return self.known != before

    async def _now(self, db: AsyncSession) -> Granted:
        person = await still(db, self.person)
        return await person.rights.everything(db) if person else {}
