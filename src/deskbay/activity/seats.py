"""What each computer is now: free, in use by whom, idle or offline, as the database can tell it in one question."""

from datetime import datetime, timedelta
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import BigInteger, Case, ColumnElement, Select, case, cast, func, select

from deskbay.accounts.models import User
from deskbay.activity.models import SignIn
from deskbay.activity.sign_ins import online
from deskbay.devices.models import Device
from deskbay.devices.schemas import SeatState

Columns = TypeVarTuple("Columns")
IDLE = timedelta(minutes=5)
"""So long without a key or a move of the mouse, and a person counts as idle."""
AT_DEVICE = cast(SignIn.device_id, BigInteger)
"""No plain column: else SQLite groups by its index, and walks through all who ever sat there to find who is on."""


def idle_since(input_at: datetime | None, now: datetime) -> datetime | None:
    """Return since when a person has not touched anything; None while they work, or where nobody tells."""
    return input_at if input_at and input_at <= now - IDLE else None


def state_at(now: datetime) -> Case[str]:
    """Return a computer's state as a column of `seats`."""
    return case(
        (SignIn.input_at <= now - IDLE, SeatState.IDLE.value),
        (SignIn.id.is_not(None), SeatState.IN_USE.value),
        (Device.seen_until >= now, SeatState.FREE.value),
        else_=SeatState.OFFLINE.value,
    )


class Seated(NamedTuple):
    """A computer, and who is there now."""

    device: Device
    sign_in: SignIn | None
    username: str | None
    state: str


def seats(now: datetime, *wanted: ColumnElement[bool]) -> Select[Device, SignIn | None, str | None, str]:
    """Return the question for computers, each with the sign-in that began last of those that are on there."""
    return latest_sign_ins(select(Device, SignIn, User.username, state_at(now)), now, *wanted).outerjoin(
        User, User.id == SignIn.user_id
    )


def latest_sign_ins(asked: Select[*Columns], now: datetime, *wanted: ColumnElement[bool]) -> Select[*Columns]:
    """Return a question of computers with the sign-in joined that began last of those that are on there."""
    there = [AT_DEVICE.in_(select(Device.id).where(*wanted))] if wanted else []
    latest = (
        select(AT_DEVICE.label("device_id"), func.max(SignIn.id).label("id"))
        .where(*online(now), *there)
        .group_by(AT_DEVICE)
        .subquery()
    )
    return (
        asked.select_from(Device)
        .outerjoin(latest, latest.c.device_id == Device.id)
        .outerjoin(SignIn, SignIn.id == latest.c.id)
        .where(*wanted)
    )


def seats_by_room(now: datetime) -> Select[int | None, int, int, int, int]:
    """Return the question how many computers each room has, at how many anyone is on, idle, and how many are free.

    It goes by the same rule as `seats`. There may be tens of thousands, so sign-ins are read once: a sign-in's number
    counts double, and one more when it is idle.
    """
    idle = case((SignIn.input_at <= now - IDLE, 1), else_=0)
    there = (
        select(AT_DEVICE.label("device_id"), func.max(SignIn.id * 2 + idle).label("latest"))
        .where(*online(now))
        .group_by(AT_DEVICE)
        .subquery()
    )
    is_free = there.c.latest.is_(None) & (Device.seen_until >= now)
    rows = select(
        Device.room_id,
        func.count(),
        func.count(there.c.latest),
        func.count(case((there.c.latest % 2 == 1, 1))),
        func.count(case((is_free, 1))),
    )
    return rows.outerjoin(there, there.c.device_id == Device.id).group_by(Device.room_id)
