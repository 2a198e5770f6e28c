"""Stretches of time: merged, clipped, split and added. Pure functions on aware datetimes.

In the drawings time goes to the right, `===` is an interval, and a bar stands where one begins or ends.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start`, which belongs to it, to `end`, which doesn't."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        # Times of the same zone are subtracted by the clock on the wall, wrong over a change of summer time.
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


class Period(StrEnum):
    """What reports count by. Weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Unite what overlaps or touches. The order in which they come makes no difference.

    |======|     |==|
        |=====|     |===|
    |=========|  |======|
    """
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        elif interval.start < interval.end:
            merged.append(interval)
    return merged


def clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """Cut away what is outside of the window.

    |======|    |=====|  |==|
         |---window---|
         |=|    |=====|
    """
    cut = (Interval(max(one.start, window.start), min(one.end, window.end)) for one in intervals)
    return [one for one in cut if one.start < one.end]


def summed(intervals: Iterable[Interval]) -> timedelta:
    """Add the lengths; where two overlap the time counts twice, unless they are merged before.

    |=====2=====|
         |=====2=====|     4

    So the hours of an application are a sum, and those of a person a sum of what is merged.
    """
    return sum((interval.length for interval in intervals), timedelta())


def beginning(day: date, period: Period) -> date:
    """Return the first day of the period that a day is in."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)


def following(day: date, period: Period) -> date:
    """Return the first day of the period after the one that a day is in."""
    first = beginning(day, period)
    longest = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31, Period.YEAR: 366}[period]
    return beginning(first + timedelta(days=longest), period)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return in UTC when a day begins in a zone: at the first of two midnights, or where the clock skips midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days(first: date, last: date, zone: ZoneInfo) -> Interval:
    """Return the time from the first day's beginning to the last day's end."""
    return Interval(midnight(first, zone), midnight(last + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a period that is in question, and the first day of the whole period."""

    period: date
    interval: Interval


def windows(first: date, last: date, period: Period, zone: ZoneInfo) -> Iterator[Window]:
    """Split whole days into periods; the first and the last may be cut.

    first                              last
      |===========|==============|======|
    --|- January -|-- February --|------|- March --
    """
    start = first
    while start <= last:
        after = min(following(start, period), last + timedelta(days=1))
        yield Window(beginning(start, period), days(start, after - timedelta(days=1), zone))
        start = after


def split(interval: Interval, period: Period, zone: ZoneInfo) -> Iterator[Window]:
    """Cut an interval wherever a period ends in a zone. The parts are as long together as the whole.

    |=====================|
    |=====|=======|=======|
          Tuesday Wednesday
    """
    if interval.start >= interval.end:
        return
    first = interval.start.astimezone(zone).date()
    last = interval.end.astimezone(zone).date()
    for window in windows(first, last, period, zone):
        for part in clip([interval], window.interval):
            yield Window(window.period, part)
