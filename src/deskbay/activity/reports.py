"""Hours by whom or what and by which period, out of roll-ups and intervals."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.bulk import is_postgresql
from deskbay.activity.coverage import LONGEST_FIRST, Coverage, cover
from deskbay.activity.hours import SUMMED, device_hours, user_hours
from deskbay.activity.models import Activity, DeviceHours, Kind, RollUpState, UserHours
from deskbay.activity.roll_ups import find_state
from deskbay.activity.stretches import MICROSECOND, day_of, microseconds, moment
from deskbay.devices.models import Device
from deskbay.kit.intervals import Interval, Period, Window, clip, days, merge, midnight, summed, windows

Key = int | str | None
PARTS_AT_ONCE = 50
A_DAY = timedelta(days=1)


class By(StrEnum):
    """Whose hours are counted. People and their events as a union, applications as a sum, computers as a union."""

    USER = "user"
    DEVICE = "device"
    ROOM = "room"
    EVENT = "event"
    APPLICATION = "application"
    TEMPLATE = "template"


OF_DEVICES = {By.DEVICE, By.ROOM, By.TEMPLATE}
KINDS = {By.EVENT: Kind.EVENT, By.APPLICATION: Kind.APPLICATION}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whole days in a zone, and which part of all hours.

    `people` selects the ids of those whose hours count; None: everyone's.
    """

    by: By
    first: date
    last: date
    zone: ZoneInfo
    kind: Kind = Kind.PRESENCE
    name: str | None = None
    user_id: int | None = None
    device_id: int | None = None
    room_id: int | None = None
    people: Select[int] | None = None

    @property
    def of_devices(self) -> bool:
        return self.by in OF_DEVICES

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than what is of its kind in all."""
        return bool(self.name) or self.device_id is not None or self.room_id is not None

    @property
    def unites_one_person(self) -> bool:
        return self.by is By.USER and self.user_id is not None and self.kind not in SUMMED

    @property
    def interval(self) -> Interval:
        return days(self.first, self.last, self.zone)

    @property
    def needs_intervals(self) -> bool:
        """Whether roll-ups can't tell: they know people and devices, but not who was where."""
        somewhere = self.device_id is not None or self.room_id is not None
        by_doing = self.of_devices and self.kind is not Kind.PRESENCE
        of_some = self.user_id is not None or self.people is not None
        return by_doing or (of_some if self.of_devices else somewhere)


async def narrowed(db: AsyncSession, question: Question, today: date) -> Question:
    """Return the question without the days before anything is known of its person, and without the future."""
    known = await first_day(db, question.user_id) if question.user_id else None
    last = min(question.last, today + A_DAY)  # it may be tomorrow in another zone
    return replace(question, first=min(max(question.first, known or last), last), last=last)


async def first_day(db: AsyncSession, user_id: int) -> date | None:
    """Return a day before which nothing is known of a person."""
    interval: date | None = await db.scalar(select(func.min(Activity.day)).where(Activity.user_id == user_id))
    rolled_up: date | None = await db.scalar(select(func.min(UserHours.starts_on)).where(UserHours.user_id == user_id))
    known = [day for day in (interval, rolled_up) if day]
    return min(known) - A_DAY if known else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The keys with the most hours, the sum of all, and how many keys there are."""

    top: dict[Key, timedelta]
    total: timedelta
    keys: int


async def rank(db: AsyncSession, question: Question, limit: int) -> Ranking:
    """Return who or what has the most hours within the whole time."""
    found = _found(question, [cover(question.interval, await _state(db, question))])
    if found is None:
        return Ranking({}, timedelta(), 0)
    keyed = select(found.c.key, _sum(found).label("microseconds")).group_by(found.c.key).subquery()
    all_of_them = cast(func.sum(keyed.c.microseconds).over(), BigInteger), func.count().over()
    ordered = select(keyed, *all_of_them).order_by(keyed.c.microseconds.desc(), keyed.c.key).limit(limit)
    rows = (await db.execute(ordered)).all()
    total, keys = rows[0][2:] if rows else (0, 0)
    return Ranking({key: spent * MICROSECOND for key, spent, _, _ in rows}, total * MICROSECOND, keys)


async def contributors(db: AsyncSession, question: Question, within: Interval) -> dict[Key, set[int]]:
    """Return of whom the hours of each key are."""
    named: dict[By, SQLColumnExpression[int] | SQLColumnExpression[str | None] | SQLColumnExpression[int | None]] = {
        By.USER: Activity.user_id,
        By.DEVICE: Activity.device_id,
        By.EVENT: Activity.name,
        By.APPLICATION: Activity.name,
        By.ROOM: Device.room_id,
        By.TEMPLATE: Device.template,
    }
    starts, ends = microseconds(within.start), microseconds(within.end)
    then = (Activity.day.between(day_of(starts), day_of(ends)), Activity.starts < ends, Activity.ends > starts)
    rows = select(named[question.by], Activity.user_id).join(Device, Device.id == Activity.device_id).distinct()
    found: dict[Key, set[int]] = defaultdict(set)
    for key, user_id in await db.execute(rows.where(*then, *_wanted(question))):
        found[key].add(user_id)
    return found


@dataclass(frozen=True, slots=True)
class Split:
    """Hours in each period, which is named by its first day: of some keys, and of all together."""

    of_keys: dict[Key, dict[date, timedelta]]
    totals: dict[date, timedelta]

    @classmethod
    def empty(cls, keys: Collection[Key]) -> Self:
        return cls({key: defaultdict(timedelta) for key in keys}, defaultdict(timedelta))


async def by_period(db: AsyncSession, question: Question, period: Period, keys: Collection[Key]) -> Split:
    """Return the hours of some keys, and of all together, in each period."""
    split, state = Split.empty(keys), await _state(db, question)
    if is_postgresql(db):
        # A plan for any keys compares each row with each of them; one for these keys looks it up.
        await db.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    parts = list(windows(question.first, question.last, period, question.zone))
    for number in range(0, len(parts), PARTS_AT_ONCE):
        await _add_up(db, question, state, parts[number : number + PARTS_AT_ONCE], split)
    return split


async def _add_up(
    db: AsyncSession, question: Question, state: RollUpState | None, parts: Sequence[Window], split: Split
) -> None:
    covers = [cover(part.interval, state) for part in parts]
    if question.unites_one_person:
        await _add_up_one_person(db, question, parts, covers, split)
        covers = [replace(one, rest=[]) for one in covers]
    # Together, computers are the same whatever they are told by: their rooms need not be looked up.
    together = replace(question, by=By.DEVICE) if question.of_devices else question
    of_keys, of_all = _found(question, covers), _found(together, covers)
    if of_keys is None or of_all is None:
        return
    rolled_up = _periods_of_roll_ups(parts, covers, state)
    connection = await db.connection()
    # There are thousands of rows: to fetch them one by one takes longer.
    for key, starts_on, part, spent in (await connection.execute(_by_key(of_keys, split.of_keys))).all():
        day = parts[part].period if starts_on is None else rolled_up[starts_on]
        split.of_keys[key][day] += spent * MICROSECOND
    for starts_on, part, spent in (await connection.execute(_together(of_all))).all():
        day = parts[part].period if starts_on is None else rolled_up[starts_on]
        split.totals[day] += spent * MICROSECOND


async def _add_up_one_person(
    db: AsyncSession, question: Question, parts: Sequence[Window], covers: Sequence[Coverage], split: Split
) -> None:
    rests = [(part.period, rest) for part, one in zip(parts, covers, strict=True) for rest in one.rest]
    async for day, length in _one_person(db, question, rests):
        split.totals[day] += length
        if question.user_id in split.of_keys:
            split.of_keys[question.user_id][day] += length


async def _one_person(
    db: AsyncSession, question: Question, rests: Sequence[tuple[date, Interval]]
) -> AsyncIterator[tuple[date, timedelta]]:
    """Yield a person's hours in each piece of time. Their intervals are few: read once, they are cut here."""
    if not rests:
        return
    first, last = (day_of(microseconds(time)) for time in (rests[0][1].start, rests[-1][1].end))
    wanted = (Activity.day.between(first, last), *_wanted(question))
    rows = await db.execute(select(Activity.starts, Activity.ends).where(*wanted))
    known = merge(Interval(moment(starts), moment(ends)) for starts, ends in rows)
    for day, rest in rests:
        after = bisect_right(known, rest.start, key=lambda one: one.end)
        until = bisect_left(known, rest.end, key=lambda one: one.start)
        if spent := summed(clip(known[after:until], rest)):
            yield day, spent


async def _state(db: AsyncSession, question: Question) -> RollUpState | None:
    return None if question.needs_intervals else await find_state(db)


def _by_key(found: Subquery, keys: Collection[Key]) -> Select[Key, date | None, int, int]:
    named = found.c.key.in_([key for key in keys if key is not None])
    wanted = named | found.c.key.is_(None) if None in keys else named
    grouped = (found.c.key, found.c.starts_on, found.c.part)
    return select(*grouped, _sum(found)).where(wanted).group_by(*grouped)


def _together(found: Subquery) -> Select[date | None, int, int]:
    grouped = (found.c.starts_on, found.c.part)
    return select(*grouped, _sum(found)).group_by(*grouped)


def _periods_of_roll_ups(
    parts: Sequence[Window], covers: Sequence[Coverage], state: RollUpState | None
) -> dict[date, date]:
    """Return the period that each roll-up is in: both are named by their first days."""
    starts = {day for one in covers for days in one.rolled_up for day in days.starts}
    return {day: _containing(parts, day, state).period for day in starts}


def _containing(parts: Sequence[Window], day: date, state: RollUpState | None) -> Window:
    assert state is not None  # noqa: S101 - there are roll-ups
    begins = midnight(day, ZoneInfo(state.zone))
    return parts[bisect_right(parts, begins, key=lambda part: part.interval.start) - 1]


def _sum(rows: Subquery) -> ColumnElement[int]:
    return cast(func.sum(rows.c.microseconds), BigInteger)


def _found(question: Question, covers: Sequence[Coverage]) -> Subquery | None:
    """Return what has to be added up: key, microseconds, and the number of the part or the day of the roll-up."""
    selects = [_rest(question, rest, part) for part, one in enumerate(covers) for rest in one.rest]
    for period in LONGEST_FIRST:
        starts = [day for each in covers for one in each.rolled_up if one.period is period for day in one.starts]
        selects += [_rolled_up(question, period, starts)] if starts else []
    return union_all(*selects).subquery() if selects else None


def _rest(question: Question, window: Interval, part: int) -> Select[Key, int, date | None, int]:
    rows = (device_hours if question.of_devices else user_hours)(window, *_wanted(question)).subquery()
    return _keyed(question, rows, cast(null(), Date), part)


def _wanted(question: Question) -> Iterator[ColumnElement[bool]]:
    yield Activity.kind == question.kind
    if question.name is not None:
        yield Activity.name == question.name
    if question.user_id is not None:
        yield Activity.user_id == question.user_id
    if question.people is not None:
        yield Activity.user_id.in_(question.people)
    yield from _somewhere(question, Activity.device_id)


def _somewhere(question: Question, device_id: SQLColumnExpression[int]) -> Iterator[ColumnElement[bool]]:
    if question.device_id is not None:
        yield device_id == question.device_id
    if question.room_id is not None:
        yield device_id.in_(select(Device.id).where(Device.room_id == question.room_id))


def _rolled_up(question: Question, period: Period, starts: Collection[date]) -> Select[Key, int, date | None, int]:
    table: type[UserHours | DeviceHours] = DeviceHours if question.of_devices else UserHours
    wanted = _somewhere(question, DeviceHours.device_id) if question.of_devices else _done(question)
    rows = table.__table__
    # Each day is named: so the database looks up each in the order of the key, and reads nothing else.
    return _keyed(question, rows, rows.c.starts_on, 0).where(
        rows.c.period == period, rows.c.starts_on.in_(starts), *wanted
    )


def _done(question: Question) -> Iterator[ColumnElement[bool]]:
    yield UserHours.kind == question.kind
    if question.name is not None:
        yield UserHours.name == question.name
    if question.user_id is not None:
        yield UserHours.user_id == question.user_id
    if question.people is not None:
        yield UserHours.user_id.in_(question.people)


def _keyed(
    question: Question, rows: FromClause, starts_on: SQLColumnExpression[date | None], part: int
) -> Select[Key, int, date | None, int]:
    spent: ColumnElement[int] = rows.c.microseconds
    named: ColumnElement[date | None] = starts_on.label("starts_on")
    columns = (spent, named, literal(part).label("part"))
    match question.by:
        case By.USER:
            return select(rows.c.user_id.label("key"), *columns)
        case By.DEVICE:
            return select(rows.c.device_id.label("key"), *columns)
        case By.EVENT | By.APPLICATION:
            return select(rows.c.name.label("key"), *columns)
    key = Device.room_id if question.by is By.ROOM else Device.template
    return select(key.label("key"), *columns).join_from(rows, Device, Device.id == rows.c.device_id)
