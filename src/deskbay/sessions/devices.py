"""Which device a program speaks for, and what is known of one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.devices.models import Device
from deskbay.devices.tokens import revoke_token
from deskbay.kit.clock import Clock
from deskbay.kit.secrets import digest
from deskbay.sessions import service
from deskbay.sessions.models import BoundLogin, DeviceSnapshot, Fingerprint, Session
from deskbay.sessions.places import latest_device, make_device


async def find_device(db: AsyncSession, user_id: int, login_id: int, fingerprint: str | None) -> Device | None:
    """Return the device that a sign-in is bound to, else that of the fingerprint, else the one seen last.

    None where there is none, and for a fingerprint that is not known.
    """
    own = select(Device).where(Device.owner_id == user_id)
    of_login = select(BoundLogin.device_id).where(BoundLogin.login_id == login_id)
    bound: Device | None = await db.scalar(own.where(Device.id.in_(of_login)))
    if bound is not None or fingerprint is None:
        return bound or await latest_device(db, user_id)
    of_print = select(Fingerprint.device_id).where(
        Fingerprint.user_id == user_id, Fingerprint.digest == digest(fingerprint)
    )
    marks = Device.id.in_(of_print) | (Device.mac_address == fingerprint.lower())
    if (uuid := _uuid(fingerprint)) is not None:
        marks |= Device.uuid == uuid
    found: Device | None = await db.scalar(own.where(marks).order_by(Device.id).limit(1))
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def find_or_make_device(
    db: AsyncSession, clock: Clock, user: User, login_id: int, fingerprint: str | None
) -> Device:
    """Return the device as `find_device` does; where there is none, make it."""
    await service.lock_user(db, user.id)
    if known := await find_device(db, user.id, login_id, fingerprint):
        return known
    device = await make_device(db, clock, user)
    if fingerprint is not None:
        db.add(Fingerprint(user_id=user.id, digest=digest(fingerprint), device_id=device.id))
    await db.flush()
    return device


async def bind_login(db: AsyncSession, login_id: int, device_id: int) -> None:
    """Have a sign-in speak for a device from now on."""
    bound = await db.get(BoundLogin, login_id)
    if bound is None:
        db.add(BoundLogin(login_id=login_id, device_id=device_id))
    else:
        bound.device_id = device_id
    await db.flush()


async def sessions_on(db: AsyncSession, user_id: int, device_id: int) -> Sequence[Session]:
    """Return a person's sessions on a device that are not in the trash, oldest first."""
    theirs = (Session.user_id == user_id, Session.device_id == device_id, Session.deleted_at.is_(None))
    return (await db.scalars(select(Session).where(*theirs).order_by(Session.id))).all()


async def give_up(db: AsyncSession, clock: Clock, user_id: int, device: Device) -> None:
    """Have a device be a person's no more: its token is revoked, its sessions and applications are deleted."""
    await service.lock_device(db, device.id)
    theirs = select(Session).where(Session.user_id == user_id, Session.device_id == device.id)
    for session in (await db.scalars(theirs)).all():
        await service.delete_session(db, session)
    for table in (DeviceSnapshot, BoundLogin, Fingerprint):
        await db.execute(delete(table).where(table.device_id == device.id))
    revoke_token(device, clock)
    device.owner_id = None
    await db.flush()
