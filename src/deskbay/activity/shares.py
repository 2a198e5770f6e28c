"""How long computers could have been used: the opening hours of their rooms."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.reports import By, Key, Question
from deskbay.devices.models import Device, Room
from deskbay.devices.rooms import get_openings, open_within
from deskbay.kit.intervals import Interval, summed


async def open_time(db: AsyncSession, now: datetime, question: Question, keys: Collection[Key]) -> dict[Key, timedelta]:
    """Return the opening hours of each device or room, of all of its computers together; none of other keys.

    Hours that are still to come don't count: nobody could have used them.
    """
    if question.by not in {By.DEVICE, By.ROOM}:
        return {}
    column = Device.id if question.by is By.DEVICE else Device.room_id
    wanted = column.in_([key for key in keys if key is not None])
    rows = select(column, Device.room_id, func.count()).where(wanted).group_by(column, Device.room_id)
    seats: Mapping[Key, dict[int, int]] = defaultdict(dict)
    for key, room_id, count in await db.execute(rows):
        if room_id is not None:
            seats[key][room_id] = count
    until_now = Interval(question.interval.start, min(question.interval.end, now))
    hours = await _hours_of_rooms(db, until_now, {room for counted in seats.values() for room in counted})
    return {key: _sum(counted, hours) for key, counted in seats.items() if _sum(counted, hours)}


def _sum(seats: Mapping[int, int], hours: Mapping[int, timedelta]) -> timedelta:
    return sum((hours[room] * count for room, count in seats.items()), timedelta())


async def _hours_of_rooms(db: AsyncSession, window: Interval, rooms: Collection[int]) -> dict[int, timedelta]:
    openings = await get_openings(db, rooms)
    zones = await db.execute(select(Room.id, Room.zone).where(Room.id.in_(rooms)))
    return {room_id: summed(open_within(openings[room_id], ZoneInfo(zone), window)) for room_id, zone in zones}
