"""On which device a person works."""

from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.activity.models import SignIn
from deskbay.activity.sign_ins import online
from deskbay.devices.models import Device
from deskbay.devices.service import new_device
from deskbay.kit.clock import Clock
from deskbay.kit.names import numbered
from deskbay.kit.problems import Problem

LONGEST_START = 50
LONGEST_NAME = 64


async def device_of(db: AsyncSession, clock: Clock, user: User, device_id: int | None) -> int:
    """Return the device that is meant, as `find_place` does; where there is none, one is made."""
    return await find_place(db, clock, user, device_id) or (await make_device(db, clock, user)).id


async def find_place(db: AsyncSession, clock: Clock, user: User, device_id: int | None) -> int | None:
    """Return the device that is meant: of that id, else the person's own that was seen last, None where none is.

    Raises Problem 404 for a device that is not theirs and at which they don't sit.
    """
    if device_id is None:
        latest = await latest_device(db, user.id)
        return latest.id if latest else None
    sits_there = select(SignIn.device_id).where(SignIn.user_id == user.id, *online(clock.now()))
    theirs = (Device.owner_id == user.id) | Device.id.in_(sits_there)
    found: int | None = await db.scalar(select(Device.id).where(Device.id == device_id, theirs))
    if found is None:
        what = f"There is no device {device_id} of yours. GET /api/v1/devices/mine lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-device")
    return found


async def latest_device(db: AsyncSession, user_id: int) -> Device | None:
    """Return the device of a person's own that was seen last."""
    own = (await db.scalars(select(Device).where(Device.owner_id == user_id))).all()
    return max(own, key=lambda device: (device.seen_at or device.enrolled_at, device.id), default=None)


async def make_device(db: AsyncSession, clock: Clock, user: User) -> Device:
    """Make a device of a person's own, for what they do before their first one is paired."""
    start = f"{user.username[:LONGEST_START]}-device"
    alike = select(Device.name_key).where(Device.name_key.startswith(start.lower(), autoescape=True))
    taken = set(await db.scalars(alike))
    names = numbered(start, LONGEST_NAME, "-")
    device = new_device(clock, next(name for name in names if name.lower() not in taken))
    device.owner_id = user.id
    db.add(device)
    await db.flush()
    return device
