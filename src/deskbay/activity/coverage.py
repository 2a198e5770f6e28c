"""Of which roll-ups and which leftover pieces a window of time is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from deskbay.activity.models import RollUpState
from deskbay.kit.intervals import Interval, Period, beginning, following, midnight

A_DAY = timedelta(days=1)
LONGEST_FIRST = (Period.YEAR, Period.MONTH, Period.DAY)


@dataclass(frozen=True, slots=True)
class Days:
    """Roll-ups of one length, from the one that begins on `first` to the one that begins on `last`."""

    period: Period
    first: date
    last: date

    @property
    def starts(self) -> Iterator[date]:
        """The first day of each."""
        start = self.first
        while start <= self.last:
            yield start
            start = following(start, self.period)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Roll-ups, and the rest, which has to be computed from intervals.

    |---------------------window---------------------|
    |rest|=day=|=day=|====month====|=day=|====rest===|
                                         not rolled up
    """

    rolled_up: list[Days] = field(default_factory=list)
    rest: list[Interval] = field(default_factory=list)


def cover(window: Interval, state: RollUpState | None) -> Coverage:
    """Cover a window. Where intervals are no longer kept, a day counts for the window in which it begins."""
    if state is None:
        return Coverage(rest=[window])
    zone = ZoneInfo(state.zone)
    first, last = _whole_days(window, state, zone)
    if first > last:
        return Coverage(rest=[_kept(window, state, zone)] if _kept(window, state, zone).length else [])
    edges = (
        Interval(window.start, midnight(first, zone)),
        Interval(midnight(last + A_DAY, zone), window.end),
    )
    kept = (_kept(edge, state, zone) for edge in edges)
    return Coverage(list(_longest(first, last, LONGEST_FIRST)), [edge for edge in kept if edge.start < edge.end])


def _whole_days(window: Interval, state: RollUpState, zone: ZoneInfo) -> tuple[date, date]:
    first = window.start.astimezone(zone).date()
    if midnight(first, zone) < window.start:
        first += A_DAY
    last = window.end.astimezone(zone).date() - A_DAY
    if state.kept_from and last + A_DAY < state.kept_from and midnight(last + A_DAY, zone) < window.end:
        last += A_DAY
    return first, min(last, state.rolled_up_to - A_DAY)


def _kept(rest: Interval, state: RollUpState, zone: ZoneInfo) -> Interval:
    if state.kept_from is None:
        return rest
    start = max(rest.start, midnight(state.kept_from, zone))
    return Interval(start, max(start, rest.end))


def _longest(first: date, last: date, periods: Sequence[Period]) -> Iterator[Days]:
    """Take whole periods of the longest kind where there are any, and shorter ones before and after them."""
    period, *shorter = periods
    whole_from = first if first == beginning(first, period) else following(first, period)
    whole_to = beginning(last + A_DAY, period)  # the first period that is not whole
    if whole_from >= whole_to:
        yield from _longest(first, last, shorter) if first <= last else ()
        return
    yield from _longest(first, whole_from - A_DAY, shorter) if first < whole_from else ()
    yield Days(period, whole_from, beginning(whole_to - A_DAY, period))
    yield from _longest(whole_to, last, shorter) if whole_to <= last else ()
