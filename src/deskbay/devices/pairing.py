"""Pairing: a signed-in person gets a short code, and the computer where it is typed becomes their own."""

import secrets
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import User
from deskbay.database.unique import unless_taken
from deskbay.devices.models import Device, EnrolmentCode
from deskbay.devices.schemas import PairIn
from deskbay.devices.service import find_device, new_device
from deskbay.devices.tokens import issue_token, revoke_token
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest

CODE_LIFETIME = timedelta(minutes=15)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What is not taken for something else when it is read aloud or typed."""
CODE_LENGTH = 10
"""49 bits: whoever has the stored digest would need days to find the code, which is good for minutes."""


async def create_pairing_code(db: AsyncSession, clock: Clock, owner: User) -> tuple[str, datetime]:
    """Return a code with which one computer becomes the person's own, and until when. An earlier code is void."""
    await db.execute(delete(EnrolmentCode).where(EnrolmentCode.owner_id == owner.id))
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    expires_at = clock.now() + CODE_LIFETIME
    db.add(EnrolmentCode(digest=digest(code), owner_id=owner.id, expires_at=expires_at))
    await db.flush()
    middle = CODE_LENGTH // 2
    return f"{code[:middle]}-{code[middle:]}", expires_at


async def pair(db: AsyncSession, clock: Clock, wish: PairIn) -> tuple[Device, str]:
    """Use up a code: return the device that the computer is from now on, and its token.

    Raises Problem 401 for a code that isn't good, 409 when another computer has the name.
    """
    code = await _use(db, clock, wish.code.get_secret_value())
    device = await find_device(db, wish.name) or new_device(clock, wish.name)
    _refuse_another(device, code, wish)
    for name in ("name", "system", "system_release", "system_version", "architecture", "mac_address"):
        setattr(device, name, getattr(wish, name))
    device.owner_id = code.owner_id
    device.room_id = device.room_id or code.room_id
    token = issue_token(device, clock)
    async with unless_taken(db, _taken(wish.name)):
        db.add(device)
    return device, token


async def _use(db: AsyncSession, clock: Clock, typed: str) -> EnrolmentCode:
    spellings = {digest(typed), digest(typed.replace("-", "").replace(" ", "").upper())}
    good = EnrolmentCode.digest.in_(spellings) & (EnrolmentCode.expires_at > clock.now())
    code: EnrolmentCode | None = await db.scalar(select(EnrolmentCode).where(good).with_for_update())
    if code is None:
        what = "This code is wrong, was used before or is older than 15 minutes. Make a new one on the page “Devices”."
        raise Problem(HTTPStatus.UNAUTHORIZED, what, kind="code-spent")
    await db.delete(code)
    return code


def _refuse_another(device: Device, code: EnrolmentCode, wish: PairIn) -> None:
    """Raise Problem 409 unless the device is new, or the same computer of the same person, or theirs and revoked."""
    same_computer = wish.mac_address is not None and device.mac_address == wish.mac_address
    paired_again = device.owner_id == code.owner_id and (device.token_digest is None or same_computer)
    if device.id is not None and not paired_again:
        raise Problem(HTTPStatus.CONFLICT, _taken(wish.name), kind="taken")


def _taken(name: str) -> str:
    return f"There is a device “{name}” already. Choose another name with --name, or revoke that device first."


async def list_own_devices(db: AsyncSession, owner: User) -> list[Device]:
    """Return a person's devices, oldest first. Of deleted desktops nothing is left but what they reported."""
    there = Device.token_digest.is_not(None) | Device.template.is_(None)
    wanted = select(Device).where(Device.owner_id == owner.id, there).order_by(Device.id)
    return list(await db.scalars(wanted))


async def get_own_device(db: AsyncSession, owner: User, device_id: int) -> Device:
    """Return a device of a person's own. Raises Problem 404, also for one that is another's."""
    own = (Device.id == device_id) & (Device.owner_id == owner.id)
    device: Device | None = await db.scalar(select(Device).where(own).options(joinedload(Device.room)))
    if device is None:
        what = f"There is no device {device_id} of yours. GET /api/v1/devices/mine lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-device")
    return device


async def rename(db: AsyncSession, device: Device, name: str) -> None:
    """Give a device another name. Raises Problem 409 when another has it."""
    async with unless_taken(db, f"There is a device “{name}” already. Choose another name."):
        device.name = name


async def forget_owner(db: AsyncSession, clock: Clock, owner: User) -> None:
    """Revoke all that a person paired, and the code that they may have."""
    await db.execute(delete(EnrolmentCode).where(EnrolmentCode.owner_id == owner.id))
    for device in await list_own_devices(db, owner):
        revoke_token(device, clock)
