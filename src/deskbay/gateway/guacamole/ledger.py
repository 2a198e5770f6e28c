"""What is written down of a Guacamole: the connections that were made there, and how it went."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from deskbay.database import Database
from deskbay.desktops.models import Desktop
from deskbay.gateway.guacamole.models import LONGEST_REASON, GuacamoleConnection, GuacamoleStanding

THE_ONE = 1
Made = Mapping[int, GuacamoleConnection]
"""What was made, by the keys of the desktops."""


class Ledger:
    """Writes each thing down in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self) -> None:
        """Forget all: there is no Guacamole any more."""
        async with self._database.write() as db:
            await db.execute(delete(GuacamoleConnection))
            await db.execute(delete(GuacamoleStanding))

    async def begin_anew(self) -> None:
        """Have it tried at once, since the settings may be others than those that failed."""
        try:
            async with self._database.write() as db:
                db.add(GuacamoleStanding(id=THE_ONE, mark=f"Deskbay {uuid4()}"))
        except IntegrityError:
            async with self._database.write() as db:
                anew = {"retry_at": None, "failures": 0, "reviewed_at": None}
                await db.execute(update(GuacamoleStanding).values(anew))

    async def standing(self) -> GuacamoleStanding:
        async with self._database.read() as db:
            return await db.get_one(GuacamoleStanding, THE_ONE)

    async def take_lease(self, name: str, now: datetime, length: timedelta) -> bool:
        """Take the lease, or renew it; False where another server has it."""
        async with self._database.write() as db:
            standing = await db.get_one(GuacamoleStanding, THE_ONE, with_for_update=True)
            if standing.lease_owner != name and standing.lease_until and standing.lease_until > now:
                return False
            standing.lease_owner, standing.lease_until = name, now + length
        return True

    async def made(self) -> Made:
        """Return the connections that were made."""
        async with self._database.read() as db:
            return {one.desktop_id: one for one in await db.scalars(select(GuacamoleConnection))}

    async def keys_of(self, desktops: Iterable[UUID]) -> dict[UUID, int]:
        """Return the keys of those desktops that are, or were, ours."""
        async with self._database.read() as db:
            found = await db.execute(select(Desktop.uuid, Desktop.id).where(Desktop.uuid.in_(set(desktops))))
            return dict(found.all())

    async def note(self, made: GuacamoleConnection) -> None:
        """Write down what was made, at once: what is there without a note is made anew."""
        async with self._database.write() as db:
            await db.merge(made)

    async def close_well(self, made: Made, accounts: int, reason: str | None, **brought: object) -> None:
        """Write down what is there now."""
        async with self._database.write() as db:
            standing = await db.get_one(GuacamoleStanding, THE_ONE, with_for_update=True)
            await db.execute(delete(GuacamoleConnection).where(GuacamoleConnection.desktop_id.not_in(made)))
            for one in made.values():
                await db.merge(one)
            standing.accounts, standing.connections = accounts, len(made)
            standing.reason = reason[:LONGEST_REASON] if reason else None
            standing.failures, standing.retry_at, standing.lease_until = 0, None, None
            for name, value in brought.items():
                setattr(standing, name, value)

    async def close_badly(self, reason: str, retry_at: datetime) -> None:
        """Write down why nothing could be done, and when it is tried again."""
        async with self._database.write() as db:
            standing = await db.get_one(GuacamoleStanding, THE_ONE, with_for_update=True)
            standing.reason, standing.failures = reason[:LONGEST_REASON], standing.failures + 1
            standing.retry_at, standing.lease_until = retry_at, None
