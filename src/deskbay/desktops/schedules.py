"""When desktops start and stop by the clock of their people: pure functions of days, times and a zone.

days: Monday      start                    stop
------------------|======= window =========|------------
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ALONE = timedelta(hours=1)
"""For so long a start may be made up that has no stop after it."""
A_WEEK = range(9)
"""The days in which a time comes that comes every week, and the ones around them."""


class Weekday(StrEnum):
    """In the order of `date.weekday`."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


WEEK = list(Weekday)


@dataclass(frozen=True, slots=True)
class Plan:
    """Starts and stops on some days of the week, in a zone. A stop that is not after the start is on the next day."""

    days: Collection[Weekday]
    starts_at: time | None
    stops_at: time | None
    zone: ZoneInfo

    @property
    def _is_overnight(self) -> bool:
        return self.starts_at is not None and self.stops_at is not None and self.stops_at <= self.starts_at

    def next_start(self, after: datetime) -> datetime | None:
        """Return the first start after a moment."""
        return None if self.starts_at is None else self._next(self.starts_at, after, timedelta())

    def next_stop(self, after: datetime) -> datetime | None:
        """Return the first stop after a moment."""
        later = timedelta(days=1) if self._is_overnight else timedelta()
        return None if self.stops_at is None else self._next(self.stops_at, after, later)

    def end_of_window(self, start: datetime) -> datetime:
        """Return until when a start that was missed is made up: its stop, or an hour later where there is none."""
        return self.next_stop(start) or start + ALONE

    def _next(self, at: time, after: datetime, later: timedelta) -> datetime | None:
        today = after.astimezone(self.zone).date() - timedelta(days=1)
        days = (today + timedelta(days=number) for number in A_WEEK)
        moments = (self._moment(day + later, at) for day in days if WEEK[day.weekday()] in self.days)
        return next((moment for moment in moments if moment > after), None)

    def _moment(self, day: date, at: time) -> datetime:
        """Return when a clock on the wall shows a time: the first of two; one that is skipped comes an hour later."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)
