"""What those do who are on now, as far as they report it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.models import Activity, Kind
from deskbay.activity.stretches import LEAST_TOLERANCE, day_of, microseconds

TOLD = (Kind.PRESENCE, Kind.EVENT, Kind.APPLICATION)
PART = 500
"""So many sign-ins are asked for at once."""


class Here(NamedTuple):
    """Someone's sign-in, by its keys, and when it was reported last."""

    id: int
    user_id: int
    last_ping_at: datetime


class Doing(NamedTuple):
    """An event by its name, and the application in the foreground."""

    event: str | None = None
    application: str | None = None


async def find_doings(db: AsyncSession, here: Sequence[Here]) -> dict[int, Doing]:
    """Return what was reported last, by the key of the sign-in."""
    found: dict[int, Doing] = {}
    for start in range(0, len(here), PART):
        found |= _newest(await _reported(db, here[start : start + PART]))
    return {one.id: found.get(one.id, Doing()) for one in here}


async def _reported(db: AsyncSession, here: Sequence[Here]) -> Sequence[Row[int, Kind, str, int]]:
    since = microseconds(min(one.last_ping_at for one in here)) - LEAST_TOLERANCE
    rows = await db.execute(
        select(Activity.sign_in_id, Activity.kind, Activity.name, Activity.ends)
        .where(Activity.user_id.in_({one.user_id for one in here}), Activity.day >= day_of(since))
        .where(Activity.sign_in_id.in_([one.id for one in here]), Activity.kind.in_(TOLD), Activity.ends >= since)
        .order_by(Activity.ends, Activity.starts)
    )
    return rows.all()


def _newest(rows: Iterable[Row[int, Kind, str, int]]) -> dict[int, Doing]:
    """Return what goes on as long as the presence does: what ends before it was reported by an earlier ping."""
    latest: dict[int, dict[Kind, tuple[str, int]]] = {}
    for sign_in_id, kind, name, ends in rows:
        latest.setdefault(sign_in_id, {})[kind] = name, ends
    return {key: Doing(_going_on(told, Kind.EVENT), _going_on(told, Kind.APPLICATION)) for key, told in latest.items()}


def _going_on(told: dict[Kind, tuple[str, int]], kind: Kind) -> str | None:
    _, present_until = told.get(Kind.PRESENCE, ("", 0))
    name, ends = told.get(kind, (None, 0))
    return name if ends >= present_until - LEAST_TOLERANCE else None
