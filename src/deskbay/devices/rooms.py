"""The rules on rooms: their grid, when they are open, the link to their map."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database.unique import unless_taken
from deskbay.devices.models import Device, OpeningException, OpeningHours, Room
from deskbay.devices.schemas import ExceptionalDay, Hours, Opening, OpenNow, RoomIn, WeekdayHours
from deskbay.kit.intervals import Interval, clip, days, merge
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

A_DAY = timedelta(days=1)
FORESIGHT = timedelta(days=14)


async def list_rooms(db: AsyncSession) -> Sequence[Room]:
    return (await db.scalars(select(Room).order_by(Room.name_key))).all()


async def get_room(db: AsyncSession, room_id: int) -> Room:
    """Return a room. Raises Problem 404."""
    room: Room | None = await db.get(Room, room_id)
    if room is None:
        what = f"There is no room {room_id}. GET /api/v1/rooms lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-room")
    return room


async def room_of_map(db: AsyncSession, token: str) -> Room:
    """Return the room whose map a link shows. Raises Problem 401."""
    room: Room | None = await db.scalar(select(Room).where(Room.map_digest == digest(token)))
    if room is None:
        what = "This link was taken back. Ask an administrator for a new one."
        raise Problem(HTTPStatus.UNAUTHORIZED, what, kind="no-map", headers={"WWW-Authenticate": "Bearer"})
    return room


async def save_room(db: AsyncSession, room: Room, wish: RoomIn) -> Room:
    """Make or change a room. Raises Problem 409 when its name is taken or computers stand outside of the grid."""
    outside = (Device.row > wish.rows) | (Device.column > wish.columns)
    if room.id and await db.scalar(select(Device.id).where(Device.room_id == room.id, outside).limit(1)):
        what = "Computers stand outside of that grid. Move them first, or make the grid larger."
        raise Problem(HTTPStatus.CONFLICT, what, kind="outside-of-grid")
    for name, value in wish:
        setattr(room, name, value)
    async with unless_taken(db, f"There is a room “{wish.name}” already. Choose another name."):
        db.add(room)
    return room


async def delete_room(db: AsyncSession, room: Room) -> None:
    """Delete a room; its computers stay, without a place."""
    for device in await db.scalars(select(Device).where(Device.room_id == room.id)):
        device.room_id = device.row = device.column = None
    await db.flush()
    await db.delete(room)


def share_map(room: Room) -> str:
    """Return the secret of a new link to the map; the link that there was is good for nothing any more."""
    token = new_secret()
    room.map_digest = digest(token)
    return token


async def get_opening(db: AsyncSession, room: Room) -> Opening:
    return (await get_openings(db, [room.id]))[room.id]


async def get_openings(db: AsyncSession, room_ids: Collection[int]) -> dict[int, Opening]:
    """Return when each of the rooms is open."""
    found = {room_id: Opening(week=[]) for room_id in room_ids}
    week = select(OpeningHours).where(OpeningHours.room_id.in_(found))
    for row in await db.scalars(week.order_by(OpeningHours.weekday, OpeningHours.opens)):
        found[row.room_id].week.append(WeekdayHours.model_validate(row))
    exceptions: dict[tuple[int, date], list[Hours]] = defaultdict(list)
    for one in await db.scalars(select(OpeningException).where(OpeningException.room_id.in_(found))):
        exceptions[one.room_id, one.day] += [Hours.model_validate(one)] if one.opens is not None else []
    for (room_id, day), hours in sorted(exceptions.items(), key=itemgetter(0)):
        found[room_id].exceptions.append(ExceptionalDay(day=day, hours=hours))
    return found


async def set_opening(db: AsyncSession, room: Room, opening: Opening) -> None:
    """Replace the opening hours and their exceptions."""
    for table in (OpeningHours, OpeningException):
        await db.execute(delete(table).where(table.room_id == room.id))
    for one in opening.week:
        db.add(OpeningHours(room_id=room.id, weekday=one.weekday, opens=one.opens, closes=one.closes))
    for exception in opening.exceptions:
        wanted: list[Hours | None] = [*exception.hours] or [None]
        for hours in wanted:
            opens, closes = (hours.opens, hours.closes) if hours else (None, None)
            db.add(OpeningException(room_id=room.id, day=exception.day, opens=opens, closes=closes))
    await db.flush()


def open_within(opening: Opening, room_zone: ZoneInfo, window: Interval) -> list[Interval]:
    """Return when a room is open within a window."""
    first, last = (moment.astimezone(room_zone).date() for moment in (window.start, window.end))
    return clip(merge(_open(opening, room_zone, first, last)), window)


def open_now(opening: Opening, room_zone: ZoneInfo, now: datetime) -> OpenNow | None:
    """Return whether a room is open, and until when it stays so; None for a room without opening hours."""
    if not opening.week and not opening.exceptions:
        return None
    coming = open_within(opening, room_zone, Interval(now, now + FORESIGHT))
    is_open = bool(coming) and coming[0].start <= now
    changes = [moment for one in coming for moment in (one.start, one.end) if now < moment < now + FORESIGHT]
    return OpenNow(is_open=is_open, until=min(changes, default=None))


def _open(opening: Opening, zone: ZoneInfo, first: date, last: date) -> Iterator[Interval]:
    exceptions = {one.day: one.hours for one in opening.exceptions}
    week: dict[int, list[Hours]] = defaultdict(list)
    for one in opening.week:
        week[one.weekday].append(one)
    day = first
    while day <= last:
        for hours in exceptions.get(day, week[day.weekday()]):
            yield Interval(_at(day, hours.opens, zone), _at(day, hours.closes, zone))
        day += A_DAY


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    whole = days(day, day, zone)
    if minute == 24 * 60:
        return whole.end
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(whole.start.tzinfo)
