"""The map of a room, and how full each room is."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.bulk import is_postgresql
from deskbay.activity.schemas import Occupancy, RoomMap, RoomOccupancy, Seat
from deskbay.activity.seats import Seated, idle_since, seats, seats_by_room
from deskbay.devices.models import Device, Room
from deskbay.devices.rooms import get_opening, open_now
from deskbay.devices.schemas import RoomOut, SeatState


async def draw_map(db: AsyncSession, now: datetime, room: Room, *, names: bool) -> RoomMap:
    """Return who sits where in a room."""
    asked = seats(now, Device.room_id == room.id).order_by(Device.row, Device.column, Device.name_key)
    drawn = [_seat(Seated(*row), now, names=names) for row in await db.execute(asked)]
    return RoomMap(
        room=RoomOut.model_validate(room),
        opening=open_now(await get_opening(db, room), ZoneInfo(room.zone), now),
        counts=_counts(Counter(seat.state for seat in drawn)),
        seats=drawn,
    )


def _seat(seated: Seated, now: datetime, *, names: bool) -> Seat:
    device, state = seated.device, SeatState(seated.state)
    return Seat(
        device_id=device.id if names else None,
        device=device.name if names else None,
        row=device.row,
        column=device.column,
        state=state,
        username=seated.username if names else None,
        since=_since(seated, now),
    )


def _since(seated: Seated, now: datetime) -> datetime | None:
    if seated.sign_in is not None:
        return idle_since(seated.sign_in.input_at, now) or seated.sign_in.started_at
    return seated.device.seen_at if seated.state == SeatState.OFFLINE else None


def _counts(counted: Counter[SeatState]) -> dict[SeatState, int]:
    return {state: counted[state] for state in SeatState}


async def count_seats(db: AsyncSession, now: datetime) -> Occupancy:
    """Return how many computers of each room are in which state, in one question; rooms without any are left out."""
    if is_postgresql(db):
        # Computers and sign-ins lie in order of their keys: to go along both is quicker than a table of either.
        await db.execute(text("SET LOCAL enable_hashjoin = off"))
    rows = (await db.execute(seats_by_room(now))).all()
    items = [_occupied(*row) for row in sorted(rows, key=lambda row: row[0] or 0)]
    return Occupancy(items=items)


def _occupied(room_id: int | None, computers: int, taken: int, idle: int, free: int) -> RoomOccupancy:
    counts = {
        SeatState.FREE: free,
        SeatState.IN_USE: taken - idle,
        SeatState.IDLE: idle,
        SeatState.OFFLINE: computers - taken - free,
    }
    return RoomOccupancy.model_construct(room_id=room_id, counts=counts)  # to check each again takes longer than all
