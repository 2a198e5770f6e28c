"""What is too old goes, some at a time. The audit tells how much of what, and nothing of what it was."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, CursorResult, Table, delete, inspect, select, tuple_

from deskbay.database import Database
from deskbay.database.audit.happenings import Happening, Values
from deskbay.database.audit.looks import note
from deskbay.database.audit.models import Action
from deskbay.database.base import Base
from deskbay.kit.clock import Clock

LOOK_SECONDS = 3600.0
BATCH = 1000
A_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a kind are kept for a time after which they are nobody's business; None keeps them.

    `is_old` gives the condition of those that are older than a moment.
    """

    model: type[Base]
    kept: timedelta | None
    is_old: Callable[[datetime], ColumnElement[bool]]

    @property
    def table(self) -> Table:
        table = inspect(self.model).local_table
        assert isinstance(table, Table)  # noqa: S101 - no model of ours is a query
        return table


def of_days(days: int | None) -> timedelta | None:
    """Return how long something is kept that a setting keeps for so many days."""
    return None if days is None else timedelta(days=days)


class Retention:
    """Looks each hour; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, rules: Sequence[Rule]) -> None:
        self._database, self._clock, self._rules = database, clock, rules

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("what is too old can't be forgotten")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Forget what is too old, in the order of the rules."""
        for rule in self._rules:
            if rule.kept is not None:
                before = self._clock.now() - rule.kept
                while await self._forget_some(rule, before):
                    pass

    async def _forget_some(self, rule: Rule, before: datetime) -> bool:
        """Forget a batch; False when there was no whole one any more. Writes only where there is something."""
        keys = tuple(rule.table.primary_key)
        async with self._database.read() as db:
            old = (await db.execute(select(*keys).where(rule.is_old(before)).limit(BATCH))).all()
        if not old:
            return False
        async with self._database.write() as db:
            result = await db.execute(delete(rule.table).where(tuple_(*keys).in_([tuple(row) for row in old])))
            assert isinstance(result, CursorResult)  # noqa: S101 - what changes rows has a cursor
            gone: Values = {"rows": result.rowcount, "older_than": before.isoformat()}
            note(db, Happening(Action.DELETED, rule.table.name, None, before=gone))
        return len(old) == BATCH
