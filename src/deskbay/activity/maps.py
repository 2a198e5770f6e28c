"""The map of a room: which computers are free, in use by whom since when, idle or offline."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.activity.models import SignIn
from deskbay.activity.schemas import RoomMap, Seat, SeatState
from deskbay.activity.sign_ins import online
from deskbay.devices.models import Device, Room
from deskbay.devices.schemas import RoomOut

IDLE = timedelta(minutes=5)
"""So long without a key or a move of the mouse, and a person counts as idle."""


def idle_since(sign_in: SignIn, now: datetime) -> datetime | None:
    """Return since when a person has not touched anything; None while they work, or where nobody tells."""
    return sign_in.input_at if sign_in.input_at and sign_in.input_at <= now - IDLE else None


async def draw_map(db: AsyncSession, now: datetime, room: Room, *, names: bool) -> RoomMap:
    """Return who sits where in a room."""
    in_room = select(Device.id).where(Device.room_id == room.id)
    rows = select(SignIn).where(*online(now), SignIn.device_id.in_(in_room)).options(joinedload(SignIn.user))
    there = {sign_in.device_id: sign_in for sign_in in await db.scalars(rows.order_by(SignIn.id))}
    devices = await db.scalars(select(Device).where(Device.room_id == room.id).order_by(Device.row, Device.column))
    seats = [_seat(device, there.get(device.id), now, names=names) for device in devices]
    counts = Counter(seat.state for seat in seats)
    return RoomMap(
        room=RoomOut.model_validate(room), at=now, counts={state: counts[state] for state in SeatState}, seats=seats
    )


def _seat(device: Device, sign_in: SignIn | None, now: datetime, *, names: bool) -> Seat:
    state, since = _state(device, sign_in, now)
    return Seat(
        device_id=device.id if names else None,
        device=device.name if names else None,
        row=device.row,
        column=device.column,
        state=state,
        username=sign_in.user.username if names and sign_in else None,
        since=since,
    )


def _state(device: Device, sign_in: SignIn | None, now: datetime) -> tuple[SeatState, datetime | None]:
    if sign_in is not None:
        idle = idle_since(sign_in, now)
        return (SeatState.IDLE, idle) if idle else (SeatState.IN_USE, sign_in.started_at)
    on = device.seen_until is not None and device.seen_until >= now
    return (SeatState.FREE if on else SeatState.OFFLINE), device.seen_at
