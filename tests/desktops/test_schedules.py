"""When desktops start and stop by the clock of their people."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskbay.desktops.schedules import WEEK, Plan, Weekday

WORKING_DAYS = WEEK[:5]
BERLIN = ZoneInfo("Europe/Berlin")


def plan(
    starts: str | None = "08:00",
    stops: str | None = "18:00",
    days: list[Weekday] = WORKING_DAYS,
    zone: ZoneInfo = BERLIN,
) -> Plan:
    starts_at, stops_at = (time.fromisoformat(told) if told else None for told in (starts, stops))
    return Plan(days, starts_at, stops_at, zone)


def utc(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "start", "stop"),
    [
        ("2026-01-05 06:59", "2026-01-05 07:00", "2026-01-05 17:00"),  # a Monday
        ("2026-01-05 07:00", "2026-01-06 07:00", "2026-01-05 17:00"),
        ("2026-01-09 17:00", "2026-01-12 07:00", "2026-01-12 17:00"),  # on Friday evening the next is on Monday
        ("2026-03-27 17:00", "2026-03-30 06:00", "2026-03-30 16:00"),  # summer time begins on the Sunday between
        ("2026-10-23 16:00", "2026-10-26 07:00", "2026-10-26 17:00"),  # and ends
    ],
)
def test_they_come_on_their_days_at_the_time_on_the_wall(now: str, start: str, stop: str) -> None:
    assert (plan().next_start(utc(now)), plan().next_stop(utc(now))) == (utc(start), utc(stop))


@pytest.mark.parametrize(
    ("zone", "now", "start"),
    [
        ("Europe/Berlin", "2026-03-28 12:00", "2026-03-29 01:30"),  # 2:30 is skipped: an hour later it is 3:30
        ("Europe/Berlin", "2026-10-24 12:00", "2026-10-25 00:30"),  # 2:30 comes twice: the first counts
        ("Europe/Berlin", "2026-10-25 00:30", "2026-10-26 01:30"),  # and the second does not
        ("Asia/Kathmandu", "2026-01-05 00:00", "2026-01-05 20:45"),
        ("America/St_Johns", "2026-01-05 00:00", "2026-01-05 06:00"),
    ],
)
def test_times_that_are_skipped_or_come_twice_come_once(zone: str, now: str, start: str) -> None:
    assert plan("02:30", None, WEEK, ZoneInfo(zone)).next_start(utc(now)) == utc(start)


def test_a_stop_that_is_not_after_the_start_is_on_the_day_after() -> None:
    overnight = plan("22:00", "06:00", [Weekday.FRIDAY])
    assert overnight.next_start(utc("2026-01-05 00:00")) == utc("2026-01-09 21:00")
    assert overnight.next_stop(utc("2026-01-05 00:00")) == utc("2026-01-10 05:00")
    assert overnight.next_stop(utc("2026-01-10 04:00")) == utc("2026-01-10 05:00")
    assert overnight.next_stop(utc("2026-01-10 05:00")) == utc("2026-01-17 05:00")


def test_what_is_not_planned_never_comes() -> None:
    assert plan(None).next_start(utc("2026-01-05 00:00")) is None
    assert plan(stops=None).next_stop(utc("2026-01-05 00:00")) is None


def test_a_start_may_be_made_up_until_its_stop_or_for_an_hour() -> None:
    start = utc("2026-01-05 07:00")
    assert plan().end_of_window(start) == utc("2026-01-05 17:00")
    assert plan("08:00", None).end_of_window(start) == start + timedelta(hours=1)


def test_over_a_year_each_day_has_one_start_and_one_stop() -> None:
    every_day, now = plan(days=WEEK), utc("2026-01-01 00:00")
    starts = []
    while (start := every_day.next_start(now)) and start < utc("2027-01-01 00:00"):
        starts.append(start.astimezone(BERLIN))
        assert every_day.end_of_window(start) - start == timedelta(hours=10)
        now = start
    assert [start.date() for start in starts] == [starts[0].date() + timedelta(days=number) for number in range(365)]
    assert {start.time() for start in starts} == {time(8)}
