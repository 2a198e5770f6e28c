"""The rules on computers that report."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem


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


async def list_devices(db: AsyncSession, page: Page, room_id: int | None) -> tuple[Sequence[Device], int | None]:
    """Return a page of devices, oldest first."""
    wanted = select(Device).options(joinedload(Device.room)).order_by(Device.id).limit(page.limit + 1)
    if page.cursor is not None:
        wanted = wanted.where(Device.id > page.cursor)
    if room_id is not None:
        wanted = wanted.where(Device.room_id == room_id)
    return cut((await db.scalars(wanted)).all(), page.limit)


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
