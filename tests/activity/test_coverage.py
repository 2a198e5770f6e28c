"""A window of time is covered by the longest roll-ups there are, and by intervals where there are none."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.activity.coverage import Coverage, Days, cover
from deskbay.activity.models import RollUpState
from deskbay.kit.intervals import Interval, Period, days, following, midnight

UTC_ZONE = ZoneInfo("UTC")
DATES = st.dates(date(2023, 1, 1), date(2026, 12, 31))


def state(rolled_up_to: date = date(2026, 6, 10), kept_from: date | None = None, zone: str = "UTC") -> RollUpState:
    return RollUpState(id=1, zone=zone, rolled_up_to=rolled_up_to, kept_from=kept_from)


def of(first: str, last: str, zone: ZoneInfo = UTC_ZONE) -> Interval:
    return days(date.fromisoformat(first), date.fromisoformat(last), zone)


def spans(coverage: Coverage) -> list[str]:
    return [f"{one.period}: {one.first}..{one.last}" for one in coverage.rolled_up]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-03-02", "2026-03-20", ["day: 2026-03-02..2026-03-20"]),
        ("2026-03-01", "2026-03-31", ["month: 2026-03-01..2026-03-01"]),
        (
            "2026-02-27",
            "2026-05-02",
            ["day: 2026-02-27..2026-02-28", "month: 2026-03-01..2026-04-01", "day: 2026-05-01..2026-05-02"],
        ),
        ("2024-01-01", "2025-12-31", ["year: 2024-01-01..2025-01-01"]),
        (
            "2023-12-31",
            "2026-02-01",
            [
                "day: 2023-12-31..2023-12-31",
                "year: 2024-01-01..2025-01-01",
                "month: 2026-01-01..2026-01-01",
                "day: 2026-02-01..2026-02-01",
            ],
        ),
        ("2024-11-01", "2025-02-28", ["month: 2024-11-01..2025-02-01"]),
    ],
)
def test_the_longest_roll_ups_are_taken(first: str, last: str, found: list[str]) -> None:
    coverage = cover(of(first, last), state())
    assert spans(coverage) == found
    assert coverage.rest == []


def test_what_is_not_rolled_up_comes_from_intervals() -> None:
    assert cover(of("2026-06-01", "2026-06-30"), None) == Coverage([], [of("2026-06-01", "2026-06-30")])
    assert cover(of("2026-06-01", "2026-06-30"), state()) == Coverage(
        [Days(Period.DAY, date(2026, 6, 1), date(2026, 6, 9))], [of("2026-06-10", "2026-06-30")]
    )


def test_another_zone_leaves_parts_of_days_at_both_ends() -> None:
    window = of("2026-03-01", "2026-03-31", ZoneInfo("Asia/Kathmandu"))
    coverage = cover(window, state())
    assert spans(coverage) == ["day: 2026-03-01..2026-03-30"]
    assert coverage.rest == [
        Interval(datetime(2026, 2, 28, 18, 15, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        Interval(datetime(2026, 3, 31, tzinfo=UTC), datetime(2026, 3, 31, 18, 15, tzinfo=UTC)),
    ]


def test_where_intervals_are_gone_a_day_counts_for_the_window_in_which_it_begins() -> None:
    forgotten = state(kept_from=date(2026, 5, 1))
    kathmandu = ZoneInfo("Asia/Kathmandu")
    windows = [of(f"2026-03-{day:02}", f"2026-03-{day:02}", kathmandu) for day in range(1, 4)]
    assert [spans(cover(window, forgotten)) for window in windows] == [
        [f"day: 2026-03-{day:02}..2026-03-{day:02}"] for day in range(1, 4)
    ]
    assert all(cover(window, forgotten).rest == [] for window in windows)


@given(DATES, st.integers(0, 900), st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns"]), DATES)
def test_roll_ups_and_rest_make_up_the_window(first: date, length: int, zone: str, rolled_up_to: date) -> None:
    window = days(first, first + timedelta(days=length), UTC_ZONE)
    coverage = cover(window, state(rolled_up_to, zone=zone))
    parts = [
        Interval(midnight(start, ZoneInfo(zone)), midnight(following(start, one.period), ZoneInfo(zone)))
        for one in coverage.rolled_up
        for start in one.starts
    ]
    ordered = sorted([*parts, *coverage.rest])
    assert [ordered[0].start, ordered[-1].end] == [window.start, window.end]
    assert all(one.end == after.start for one, after in pairwise(ordered))
