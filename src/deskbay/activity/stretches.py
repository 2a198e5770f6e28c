"""What pings say, put together to intervals. Pure functions on microseconds since 1970 UTC."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

MICROSECOND = timedelta(microseconds=1)
MS = 1_000
SECOND = 1_000_000
DAY = 24 * 60 * 60 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.date().toordinal()
LEAST_TOLERANCE = 10 * SECOND
LONGEST_TOLERANCE = DAY // 2
LONGEST_PROMISE_SECONDS = 31 * 24 * 60 * 60


def microseconds(time: datetime) -> int:
    return (time - EPOCH) // MICROSECOND


def moment(time: int) -> datetime:
    return EPOCH + timedelta(microseconds=time)


def day_of(time: int) -> date:
    """Return the day in UTC."""
    return date.fromordinal(FIRST_DAY + time // DAY)


class Stretch(NamedTuple):
    """A person did something from `starts` to `ends`. What begins by `reaches` is the same stretch going on.

      |===========|-----|
    starts       ends  reaches
    """

    starts: int
    ends: int
    reaches: int


def promised(at: int, promise: int) -> Stretch:
    """Return what one ping says: here now, and for as long as it promises.

    The next ping may be late by half of the promise, by 10 seconds at least and 12 hours at most: schedulers are
    not exact.
    """
    tolerance = min(max(promise // 2, LEAST_TOLERANCE), LONGEST_TOLERANCE)
    return Stretch(at, at + promise, at + promise + tolerance)


def prolonged(stored: Stretch, new: Stretch) -> Stretch | None:
    """Return a stretch as it goes on with a later one within its day; None where it does not.

    |=====|--|
           |=====|--|
    |============|--|
    """
    if not stored.starts <= new.starts <= stored.reaches or new.ends > (stored.starts // DAY + 1) * DAY:
        return None
    return Stretch(stored.starts, max(stored.ends, new.ends), max(stored.reaches, new.reaches))


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Unite what continues each other. The order in which they come makes no difference.

    |=====|--|            |=====|--|
           |=====|--|
    |============|--|     |=====|--|
    """
    merged: list[Stretch] = []
    for stretch in sorted(stretches):
        if merged and stretch.starts <= merged[-1].reaches:
            last = merged[-1]
            merged[-1] = Stretch(last.starts, max(last.ends, stretch.ends), max(last.reaches, stretch.reaches))
        else:
            merged.append(stretch)
    return merged


def cut_at_midnight(stretch: Stretch) -> Iterator[Stretch]:
    """Cut a stretch where a day ends in UTC: the pieces go on into each other.

              0:00
    |==========:=====|--|
    |==========|=====|--|
    """
    starts = stretch.starts
    while (midnight := (starts // DAY + 1) * DAY) < stretch.ends:
        yield Stretch(starts, midnight, midnight)
        starts = midnight
    yield Stretch(starts, stretch.ends, stretch.reaches)


def pieces(stretches: Iterable[Stretch]) -> set[Stretch]:
    """Return what is stored of stretches: merged, and cut at midnight."""
    return {piece for stretch in merge(stretches) for piece in cut_at_midnight(stretch)}


def days_touched(stretch: Stretch) -> Iterator[date]:
    """Yield the days on which a piece may begin that goes on into the stretch, or in which the stretch goes on."""
    first = (stretch.starts - LONGEST_TOLERANCE) // DAY
    return (date.fromordinal(FIRST_DAY + day) for day in range(first, stretch.reaches // DAY + 1))
