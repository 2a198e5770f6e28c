"""The map of a room, and how full each room is."""

from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.schemas import Occupancy, RoomMap, RoomOccupancy, Seat
from deskbay.activity.seats import Seated, idle_since, seats, states_by_room
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
    """Return how many computers of each room are in which state, in one question; rooms without computers too."""
    counted: dict[int | None, Counter[SeatState]] = defaultdict(Counter)
    for room_id, word, count in await db.execute(states_by_room(now)):
        counted[room_id][SeatState(word)] = count
    return Occupancy(
        items=[
            RoomOccupancy(room_id=room, counts=_counts(counts))
            for room, counts in sorted(counted.items(), key=_by_room)
        ]
    )


def _by_room(item: tuple[int | None, Counter[SeatState]]) -> int:
    return item[0] or 0
