"""Who sits where: starting, who is on now, history."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import AwareDatetime, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import User
from deskbay.activity.intervals import Track, store_stretches
from deskbay.activity.models import Kind, SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.stretches import SECOND, microseconds, promised
from deskbay.database import emit
from deskbay.devices.models import Device, Room
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.keys import LARGEST_KEY
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem

BEGUN = "sign-in-begun"
"""The event that someone sits at a device now, its subject."""
GRACE = timedelta(seconds=10)
"""So long after its end a sign-in still keeps its person from signing in elsewhere."""

OptionalKey = Annotated[int | None, Field(ge=1, le=LARGEST_KEY)]


class AlreadySignedIn(Problem):
    """The person sits elsewhere: at `open` sign-ins."""

    def __init__(self, signed_in: Sequence[SignIn]) -> None:
        where = ", ".join(one.device.name for one in signed_in)
        what = f"This person is signed in already, at {where}. Sign out there, or wait until the last promise is over."
        super().__init__(HTTPStatus.CONFLICT, what, kind="already-signed-in")
        self.open = signed_in


class DuplicateSignIn(Problem):
    """There is a sign-in of that id."""

    def __init__(self) -> None:
        what = "There is a sign-in with this id already. Choose a new random id for each sign-in."
        super().__init__(HTTPStatus.CONFLICT, what, kind="duplicate-sign-in")


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A person begins to sit at a device."""

    uuid: UUID
    at: datetime
    promise_seconds: int
    address: str | None
    clock_offset_ms: int

    def at_device(self, user_id: int, device_id: int) -> SignIn:
        ends_at = self.at + timedelta(seconds=self.promise_seconds)
        return SignIn(
            uuid=self.uuid,
            user_id=user_id,
            device_id=device_id,
            address=self.address,
            started_at=self.at,
            ends_at=ends_at,
            ends_hour=hour_of(ends_at),
            last_ping_at=self.at,
            input_at=None,
            clock_offset_ms=self.clock_offset_ms,
            recent_pings="",
        )


async def start_sign_in(db: AsyncSession, clock: Clock, user: User, device: Device, new: NewSignIn) -> SignIn:
    """Sign a person in at a device. Of two at the same instant exactly one gets through.

    Raises AlreadySignedIn or DuplicateSignIn.
    """
    # The lock on the person holds until the commit: whoever comes second sees what the first has done.
    await db.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    if elsewhere := await open_sign_ins(db, clock, user):
        raise AlreadySignedIn(elsewhere)
    sign_in = new.at_device(user.id, device.id)
    try:
        async with db.begin_nested():
            db.add(sign_in)
    except IntegrityError as error:
        raise DuplicateSignIn from error
    track = Track(user.id, device.id, sign_in.id, Kind.PRESENCE, "")
    await store_stretches(db, {track: [promised(microseconds(new.at), new.promise_seconds * SECOND)]}, clock.now())
    emit(db, Event(BEGUN, device.id, user.id))
    return sign_in


async def open_sign_ins(db: AsyncSession, clock: Clock, user: User) -> Sequence[SignIn]:
    """Return the sign-ins that keep a person from another."""
    detailed = select(SignIn).options(joinedload(SignIn.user), joinedload(SignIn.device))
    rows = detailed.where(SignIn.user_id == user.id, SignIn.ends_at > clock.now() - GRACE)
    return (await db.scalars(rows.order_by(SignIn.id))).all()


def online(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a sign-in whose last promise is not over."""
    return SignIn.ends_hour >= hour_of(now), SignIn.ends_at >= now


class Online(NamedTuple):
    """Someone who is on now: at which sign-in, where, who, since when and until when."""

    uuid: UUID
    device: str
    address: str | None
    username: str
    started_at: datetime
    ends_at: datetime


def as_online(one: SignIn) -> Online:
    return Online(one.uuid, one.device.name, one.address, one.user.username, one.started_at, one.ends_at)


async def all_online(db: AsyncSession, now: datetime, *wanted: ColumnElement[bool]) -> list[Online]:
    """Return everyone who is on now, in no order: it may be very many, and to sort them would take long."""
    connection = await db.connection()
    rows = await connection.execute(
        select(SignIn.uuid, Device.name, SignIn.address, User.username, SignIn.started_at, SignIn.ends_at)
        .join_from(SignIn, Device, Device.id == SignIn.device_id)
        .join(User, User.id == SignIn.user_id)
        .where(*online(now), *wanted)
    )
    return [Online._make(row) for row in rows]


class Sitting(NamedTuple):
    """A sign-in as it is listed. It may be one of very many, so it is a plain row."""

    id: int
    uuid: UUID
    user_id: int
    username: str
    full_name: str | None
    device_id: int
    device: str
    room_id: int | None
    room: str | None
    address: str | None
    started_at: datetime
    ends_at: datetime
    last_ping_at: datetime
    input_at: datetime | None
    clock_offset_ms: int


async def _sittings(db: AsyncSession, *wanted: ColumnElement[bool], limit: int | None = None) -> Sequence[Sitting]:
    """Return sign-ins, newest first."""
    connection = await db.connection()
    rows = await connection.execute(
        select(
            SignIn.id,
            SignIn.uuid,
            SignIn.user_id,
            User.username,
            User.full_name,
            SignIn.device_id,
            Device.name,
            Device.room_id,
            Room.name,
            SignIn.address,
            SignIn.started_at,
            SignIn.ends_at,
            SignIn.last_ping_at,
            SignIn.input_at,
            SignIn.clock_offset_ms,
        )
        .join_from(SignIn, User, User.id == SignIn.user_id)
        .join(Device, Device.id == SignIn.device_id)
        .outerjoin(Room, Room.id == Device.room_id)
        .where(*wanted)
        .order_by(SignIn.id.desc())
        .limit(limit)
    )
    return [Sitting._make(row) for row in rows.all()]


class SignInFilter(Page):
    """Which sign-ins are wanted, and which part of them."""

    online: Annotated[bool, Field(description="Only who is on now")] = False
    user_id: OptionalKey = None
    device_id: OptionalKey = None
    room_id: OptionalKey = None
    since: Annotated[AwareDatetime | None, Field(description="Only who was there at this time or later")] = None
    until: Annotated[AwareDatetime | None, Field(description="Only who was there before this time")] = None

    def conditions(self, now: datetime) -> Iterator[ColumnElement[bool]]:
        if self.online:
            yield from online(now)
        if self.user_id is not None:
            yield SignIn.user_id == self.user_id
        if self.device_id is not None:
            yield SignIn.device_id == self.device_id
        if self.room_id is not None:
            yield SignIn.device_id.in_(select(Device.id).where(Device.room_id == self.room_id))
        if self.since is not None:
            yield SignIn.ends_at >= self.since
        if self.until is not None:
            yield SignIn.started_at < self.until


async def list_sign_ins(
    db: AsyncSession, now: datetime, wanted: SignInFilter, *among: ColumnElement[bool]
) -> tuple[Sequence[Sitting], int | None]:
    """Return a page of sign-ins, newest first. `among` says which come into question."""
    older = [SignIn.id < wanted.cursor] if wanted.cursor is not None else []
    rows = await _sittings(db, *wanted.conditions(now), *among, *older, limit=wanted.limit + 1)
    return cut(rows, wanted.limit)


async def count_sign_ins(db: AsyncSession, now: datetime, wanted: SignInFilter, *among: ColumnElement[bool]) -> int:
    """Return how many sign-ins match in all."""
    count = select(func.count()).select_from(SignIn).where(*wanted.conditions(now), *among)
    return await db.scalar(count) or 0


async def last_seen(db: AsyncSession, device_ids: Collection[int]) -> dict[int, datetime]:
    """Return when someone at each of the devices reported last."""
    rows = (
        select(SignIn.device_id, func.max(SignIn.last_ping_at))
        .where(SignIn.device_id.in_(device_ids))
        .group_by(SignIn.device_id)
    )
    return dict((await db.execute(rows)).all())


async def find_sign_ins(db: AsyncSession, ids: Collection[int]) -> Sequence[Sitting]:
    """Return the sign-ins of these keys, newest first."""
    return await _sittings(db, SignIn.id.in_(ids))
