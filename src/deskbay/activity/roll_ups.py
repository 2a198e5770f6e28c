"""Hours added up beforehand: by whole days, months and years of the house's time zone.

A day is rolled up a day after its end. What comes later than that has its days rolled up again in the same
transaction, so roll-ups and intervals agree at all times.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.hours import device_hours, user_hours
from deskbay.activity.models import Activity, DeviceHours, Kind, RollUpState, UserHours
from deskbay.activity.stretches import moment
from deskbay.kit.intervals import Interval, Period, beginning, days, following

A_DAY = timedelta(days=1)
ADDED_UP = ((Period.MONTH, Period.DAY), (Period.YEAR, Period.MONTH))
"""Longer periods, and of which shorter ones each is the sum."""
LATE = timedelta(days=1)
"""What began longer ago may be in a day that is rolled up."""
PATIENCE = LATE + timedelta(hours=1)
"""A day is rolled up so long after its end: later than anything that is not late can be committed."""


class Touched(NamedTuple):
    """An interval has changed: whose, and from when to when in microseconds."""

    user_id: int
    device_id: int
    starts: int
    ends: int


async def find_state(db: AsyncSession) -> RollUpState | None:
    """Return what is rolled up."""
    state: RollUpState | None = await db.get(RollUpState, 1)
    return state


async def begin(db: AsyncSession, zone: str, now: datetime) -> None:
    """Prepare for rolling up in a zone. When the zone is another than before, all is rolled up anew."""
    state = await _locked_state(db)
    if state is None:
        db.add(RollUpState(id=1, zone=zone, rolled_up_to=await _first_day(db, now), kept_from=None))
    elif state.zone != zone:
        await _forget(db, state.kept_from or date.min)
        state.zone = zone
        state.rolled_up_to = state.kept_from or await _first_day(db, now)


async def _first_day(db: AsyncSession, now: datetime) -> date:
    first: date | None = await db.scalar(select(func.min(Activity.day)))
    return (first or now.date()) - A_DAY  # where midnight is earlier than in UTC


async def _forget(db: AsyncSession, first: date) -> None:
    for table in (UserHours, DeviceHours):
        for period in (Period.DAY, Period.MONTH, Period.YEAR):
            since = beginning(first, period)
            await db.execute(delete(table).where(table.period == period, table.starts_on >= since))


async def _locked_state(db: AsyncSession) -> RollUpState | None:
    state: RollUpState | None = await db.scalar(select(RollUpState).where(RollUpState.id == 1).with_for_update())
    return state


async def roll_up_next_day(db: AsyncSession, now: datetime) -> bool:
    """Roll up the next day; False when it is not over for long enough."""
    state = await _locked_state(db)
    if state is None or _day(state.rolled_up_to, state.zone).end + PATIENCE > now:
        return False
    day = state.rolled_up_to
    await _roll_up_day(db, day, state.zone, Everyone())
    for period, parts in ADDED_UP:
        if following(day, period) == day + A_DAY:
            await _add_up(db, period, parts, beginning(day, period), Everyone())
    state.rolled_up_to = day + A_DAY
    return True


class Everyone:
    """Rolls up all users and devices."""

    def users(self, _: SQLColumnExpression[int]) -> Iterator[ColumnElement[bool]]:
        return iter(())

    devices = users


class Only:
    """Rolls up these users and devices alone."""

    def __init__(self, users: Collection[int], devices: Collection[int]) -> None:
        self._users = users
        self._devices = devices

    def users(self, column: SQLColumnExpression[int]) -> Iterator[ColumnElement[bool]]:
        yield column.in_(self._users)

    def devices(self, column: SQLColumnExpression[int]) -> Iterator[ColumnElement[bool]]:
        yield column.in_(self._devices)


def _day(day: date, zone: str) -> Interval:
    return days(day, day, ZoneInfo(zone))


async def _roll_up_day(db: AsyncSession, day: date, zone: str, whose: Everyone | Only) -> None:
    window = _day(day, zone)
    users = user_hours(window, *whose.users(Activity.user_id))
    devices = device_hours(window, Activity.kind == Kind.PRESENCE, *whose.devices(Activity.device_id))
    await _replace(db, Period.DAY, day, users, devices, whose)


async def _add_up(db: AsyncSession, period: Period, parts: Period, first: date, whose: Everyone | Only) -> None:
    last = following(first, period) - A_DAY
    users = (
        select(UserHours.user_id, UserHours.kind, UserHours.name, _total(UserHours.microseconds))
        .where(UserHours.period == parts, UserHours.starts_on.between(first, last))
        .where(*whose.users(UserHours.user_id))
        .group_by(UserHours.user_id, UserHours.kind, UserHours.name)
    )
    devices = (
        select(DeviceHours.device_id, _total(DeviceHours.microseconds))
        .where(DeviceHours.period == parts, DeviceHours.starts_on.between(first, last))
        .where(*whose.devices(DeviceHours.device_id))
        .group_by(DeviceHours.device_id)
    )
    await _replace(db, period, first, users, devices, whose)


def _total(column: SQLColumnExpression[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger).label("microseconds")


async def _replace(  # noqa: PLR0917 - the two selects belong together
    db: AsyncSession,
    period: Period,
    starts_on: date,
    users: Select[int, Kind, str, int],
    devices: Select[int, int],
    whose: Everyone | Only,
) -> None:
    for table, key, rows in (
        (UserHours, list(whose.users(UserHours.user_id)), users),
        (DeviceHours, list(whose.devices(DeviceHours.device_id)), devices),
    ):
        await db.execute(delete(table).where(table.period == period, table.starts_on == starts_on, *key))
        found = rows.subquery()
        stamp = (literal(period, table.period.type), literal(starts_on))
        filled = select(*stamp, *found.c).where(found.c.microseconds > 0)
        names = ["period", "starts_on", *(column.name for column in found.c)]
        await db.execute(insert(table).from_select([*names[:-1], "microseconds"], filled))


async def roll_up_again(db: AsyncSession, touched: Collection[Touched], now: datetime) -> None:
    """Roll up anew the days that were rolled up before a late ping changed them."""
    late = [change for change in touched if moment(change.starts) < now - LATE]
    if not late:
        return
    # Shared: many may write at once, but nobody rolls up meanwhile.
    state = await db.scalar(select(RollUpState).where(RollUpState.id == 1).with_for_update(read=True))
    if state is None:
        return
    changed = _days_changed(late, state)
    for day, changes in changed.items():
        await _roll_up_day(db, day, state.zone, _those_of(changes))
    for period, parts in ADDED_UP:
        for first, changes in _within(changed, period, state.rolled_up_to).items():
            await _add_up(db, period, parts, first, _those_of(changes))


def _those_of(changes: Collection[Touched]) -> Only:
    return Only({change.user_id for change in changes}, {change.device_id for change in changes})


def _days_changed(late: Collection[Touched], state: RollUpState) -> dict[date, set[Touched]]:
    zone = ZoneInfo(state.zone)
    found: dict[date, set[Touched]] = defaultdict(set)
    for change in late:
        day, last = (moment(time).astimezone(zone).date() for time in (change.starts, change.ends))
        day = max(day, state.kept_from or day)  # the intervals before are gone: only the totals know
        while day <= min(last, state.rolled_up_to - A_DAY):
            found[day].add(change)
            day += A_DAY
    return found


def _within(changed: Mapping[date, set[Touched]], period: Period, rolled_up_to: date) -> dict[date, set[Touched]]:
    """Return the changes by periods, of those that are rolled up as a whole."""
    found: dict[date, set[Touched]] = defaultdict(set)
    for day, changes in changed.items():
        if following(day, period) <= rolled_up_to:
            found[beginning(day, period)] |= changes
    return found
