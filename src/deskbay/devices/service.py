"""The rules on computers that report."""

from collections.abc import Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.database.unique import unless_taken
from deskbay.devices.models import Device, EnrolmentCode, Room
from deskbay.devices.schemas import DeviceIn
from deskbay.devices.tokens import issue_token
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

CODE_LIFETIME = timedelta(days=1)


async def find_device(db: AsyncSession, name: str) -> Device | None:
    """Return the device of that name, in capitals or not."""
    device: Device | None = await db.scalar(select(Device).where(Device.name_key == name.lower()))
    return device


async def get_device(db: AsyncSession, device_id: int) -> Device:
    """Return a device. Raises Problem 404."""
    found = select(Device).where(Device.id == device_id).options(joinedload(Device.room))
    device: Device | None = await db.scalar(found)
    if device is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"There is no device {device_id}. GET /api/v1/devices lists them.", kind="no-device"
        )
    return device


async def add_missing_devices(db: AsyncSession, clock: Clock, names: Collection[str]) -> None:
    """Add a device for each name that none has yet."""
    named = {name.lower(): name for name in names}
    there = set(await db.scalars(select(Device.name_key).where(Device.name_key.in_(named))))
    for key, name in named.items():
        if key not in there:
            db.add(new_device(clock, name))
    await db.flush()


def new_device(clock: Clock, name: str) -> Device:
    return Device(uuid=uuid4(), name=name, enrolled_at=clock.now())


async def save_device(db: AsyncSession, device: Device, wish: DeviceIn) -> Device:
    """Make or change a device.

    Raises Problem 404 for an unknown room, 422 for a place outside of it, 409 when the name or the place is taken.
    """
    room = await db.get(Room, wish.room_id) if wish.room_id is not None else None
    refuse_wrong_place(wish, room)
    for name, value in wish:
        setattr(device, name, value)
    device.room = room
    async with unless_taken(db, f"The name “{wish.name}” or this place in the room is taken. Choose another."):
        db.add(device)
    return device


def refuse_wrong_place(wish: DeviceIn, room: Room | None) -> None:
    """Raise Problem 404 for an unknown room, 422 for a place outside of it."""
    if wish.room_id is not None and room is None:
        what = f"There is no room {wish.room_id}. GET /api/v1/rooms lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-room")
    placed = wish.row is not None or wish.column is not None
    if placed and (room is None or wish.row is None or wish.column is None):
        what = "A place is a room, a row and a column. Give all three, or only the room."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-place")
    if (room and (wish.row or 1) > room.rows) or (room and (wish.column or 1) > room.columns):
        what = f"Room “{room.name}” has {room.rows} rows and {room.columns} columns. Choose a place within."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-place")


async def create_code(db: AsyncSession, clock: Clock, room_id: int | None) -> tuple[str, datetime]:
    """Return a code with which one computer enrols once, and until when."""
    now = clock.now()
    await db.execute(delete(EnrolmentCode).where(EnrolmentCode.expires_at <= now))
    code, expires_at = new_secret(), now + CODE_LIFETIME
    db.add(EnrolmentCode(digest=digest(code), room_id=room_id, expires_at=expires_at))
    await db.flush()
    return code, expires_at


async def enrol(db: AsyncSession, clock: Clock, code: str, name: str) -> tuple[Device, str]:
    """Use up a code: return the device of that name, made if need be, and its token.

    Raises Problem 401 for a code that isn't good, 409 when the device has a token already.
    """
    # A person's code is short, and made for pairing, which counts who guesses.
    for_rooms = (EnrolmentCode.digest == digest(code)) & EnrolmentCode.owner_id.is_(None)
    good = for_rooms & (EnrolmentCode.expires_at > clock.now())
    found = await db.scalar(select(EnrolmentCode).where(good).with_for_update())
    if found is None:
        what = "This code was used before or is too old. Ask an administrator for a new one."
        raise Problem(HTTPStatus.UNAUTHORIZED, what, kind="code-spent")
    await db.delete(found)
    device = await find_device(db, name) or new_device(clock, name)
    if device.token_digest:
        what = f"The device “{name}” is enrolled already. Choose another name, or revoke its token first."
        raise Problem(HTTPStatus.CONFLICT, what, kind="enrolled")
    if device.room_id is None:
        device.room_id = found.room_id
    token = issue_token(device, clock)
    db.add(device)
    await db.flush()
    return await get_device(db, device.id), token
