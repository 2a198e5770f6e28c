"""What a person did when, as a strip."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.models import Activity, Kind
from deskbay.activity.schemas import TimelinePiece
from deskbay.activity.stretches import day_of, microseconds, moment
from deskbay.devices.models import Device
from deskbay.kit.intervals import Interval, clip, merge


async def draw_timeline(db: AsyncSession, user_id: int, window: Interval) -> list[TimelinePiece]:
    """Return what a person did within a window, each interval in one piece, oldest first."""
    first, last = microseconds(window.start), microseconds(window.end)
    rows = await db.execute(
        select(Activity.kind, Activity.name, Device.id, Device.name, Activity.starts, Activity.ends)
        .join_from(Activity, Device, Device.id == Activity.device_id)
        .where(Activity.user_id == user_id, Activity.day.between(day_of(first), day_of(last)))
        .where(Activity.starts < last, Activity.ends > first)
    )
    lines: dict[tuple[Kind, str, int, str], list[Interval]] = defaultdict(list)
    for kind, name, device_id, device, starts, ends in rows:
        lines[kind, name, device_id, device].append(Interval(moment(starts), moment(ends)))
    pieces = [
        TimelinePiece(kind=kind, name=name, device_id=device_id, device=device, start=one.start, end=one.end)
        for (kind, name, device_id, device), intervals in lines.items()
        for one in clip(merge(intervals), window)
    ]
    return sorted(pieces, key=lambda piece: piece.start)
