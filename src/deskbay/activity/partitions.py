"""The months of activity in PostgreSQL: each is a table of its own, made ahead of time and dropped as a whole."""

import re
from datetime import date

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.bulk import is_postgresql
from deskbay.activity.intervals import make_partitions
from deskbay.kit.intervals import Period, beginning, following

MONTHS_AHEAD = 2
LOCK_NOT_AVAILABLE = "55P03"
MONTHS = (
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'activity'::regclass"
)


async def make_months_ahead(db: AsyncSession, today: date) -> None:
    """Make this month and those to come: a ping that makes one has all others wait meanwhile."""
    months = [beginning(today, Period.MONTH)]
    while len(months) <= MONTHS_AHEAD:
        months.append(following(months[-1], Period.MONTH))
    await make_partitions(db, months)


async def drop_months(db: AsyncSession, before: date) -> bool:
    """Drop the months that end before a day; False when others use them for too long, and nothing is dropped.

    To drop a table locks those that it refers to, too. Who waits for a lock has all who come later wait behind it, so
    the wait is shorter than the time after which PostgreSQL looks for a deadlock and ends one of those in it.
    """
    past = [name for name in await _months(db) if following(_month(name), Period.MONTH) <= before]
    if not past:
        return True
    try:
        async with db.begin_nested():
            await db.execute(text("SET LOCAL lock_timeout = '500ms'"))
            await db.execute(text("LOCK TABLE users, devices, activity IN ACCESS EXCLUSIVE MODE"))
            await db.execute(text(f"DROP TABLE {', '.join(past)}"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            return False
        raise
    return True


async def _months(db: AsyncSession) -> list[str]:
    if not is_postgresql(db):
        return []
    return [name for name in await db.scalars(text(MONTHS)) if re.fullmatch(r"activity_\d{4}_\d\d", name)]


def _month(name: str) -> date:
    _, year, month = name.split("_")
    return date(int(year), int(month), 1)
