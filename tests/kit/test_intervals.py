"""Intervals: merging, clipping, splitting and adding, on any input and in any zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.kit.intervals import (
    Interval,
    Period,
    beginning,
    clip,
    days,
    following,
    merge,
    midnight,
    split,
    summed,
    windows,
)

START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
near = st.integers(0, 400).map(lambda minute: START + timedelta(minutes=minute))
zones = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
periods = st.sampled_from(Period)


def between(times: st.SearchStrategy[datetime]) -> st.SearchStrategy[Interval]:
    return st.tuples(times, times).map(lambda pair: Interval(min(pair), max(pair)))


def at(first: int, last: int) -> Interval:
    return Interval(START + timedelta(hours=first), START + timedelta(hours=last))


def minutes_covered(intervals: list[Interval]) -> int:
    """Count by hand, minute by minute."""
    steps = (START + timedelta(minutes=minute) for minute in range(401))
    return sum(any(one.start <= step < one.end for one in intervals) for step in steps)


def lasting(intervals: list[Interval]) -> list[Interval]:
    return [one for one in intervals if one.start < one.end]


@given(st.lists(between(near)), st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order(intervals: list[Interval], random: Random) -> None:
    shuffled = list(intervals)
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(intervals)


@given(st.lists(between(near)), st.lists(between(near)))
def test_merging_what_is_merged_is_merging_all(some: list[Interval], more: list[Interval]) -> None:
    assert merge([*merge(some), *merge(more)]) == merge(some + more)


@given(st.lists(between(near)))
def test_merged_intervals_stand_apart_in_order(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert all(one.end < other.start for one, other in pairwise(merged))
    assert all(one.start < one.end for one in merged)


@given(st.lists(between(near), max_size=8))
def test_what_is_merged_counts_each_minute_once(intervals: list[Interval]) -> None:
    assert summed(merge(intervals)) == timedelta(minutes=minutes_covered(intervals))


@given(st.lists(between(near), max_size=8))
def test_what_overlaps_counts_more_than_when_it_is_merged(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    overlap = any(one.start < other.end and other.start < one.end for one, other in combinations(lasting(intervals), 2))
    assert (summed(intervals) > summed(merged)) == overlap


@given(st.lists(between(near), max_size=8), near)
def test_clipping_on_both_sides_of_a_moment_keeps_the_sum(intervals: list[Interval], moment: datetime) -> None:
    before = clip(intervals, Interval(START - timedelta(days=1), moment))
    after = clip(intervals, Interval(moment, START + timedelta(days=1)))
    assert summed(before) + summed(after) == summed(intervals)
    assert summed(merge(before)) + summed(merge(after)) == summed(merge(intervals))


@given(between(moments), periods, zones)
def test_splitting_keeps_the_sum_and_leaves_no_gap(interval: Interval, period: Period, zone: ZoneInfo) -> None:
    parts = [window.interval for window in split(interval, period, zone)]
    assert summed(parts) == interval.length
    assert all(one.end == other.start for one, other in pairwise(parts))


@given(between(moments), periods, zones)
def test_every_part_is_within_its_period(interval: Interval, period: Period, zone: ZoneInfo) -> None:
    for window in split(interval, period, zone):
        last_moment = (window.interval.end - timedelta(microseconds=1)).astimezone(zone).date()
        assert beginning(window.interval.start.astimezone(zone).date(), period) == window.period
        assert beginning(last_moment, period) == window.period


@given(st.dates(date(1995, 1, 1), date(2035, 1, 1)), periods)
def test_periods_follow_each_other(day: date, period: Period) -> None:
    assert beginning(day, period) <= day < following(day, period)
    assert beginning(following(day, period) - timedelta(days=1), period) == beginning(day, period)


def test_what_touches_is_one() -> None:
    assert merge([at(3, 4), at(1, 3)]) == [at(1, 4)]


def test_what_has_no_length_is_dropped() -> None:
    assert merge([at(2, 2)]) == clip([at(1, 2)], at(2, 3)) == []


def test_two_applications_over_each_other_count_twice_and_their_person_once() -> None:
    overlapping = [at(0, 2), at(1, 3)]
    assert (summed(overlapping), summed(merge(overlapping))) == (timedelta(hours=4), timedelta(hours=3))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2024, 3, 31), 23),
        ("Europe/Berlin", date(2024, 10, 27), 25),
        ("Australia/Lord_Howe", date(2024, 4, 7), 24.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # midnight is skipped
        ("America/Havana", date(2024, 11, 3), 25),  # midnight comes twice
        ("Pacific/Apia", date(2011, 12, 30), 0),  # the whole day is skipped
        ("Asia/Kathmandu", date(2024, 5, 1), 24),
    ],
)
def test_days_are_as_long_as_the_zone_makes_them(zone: str, day: date, hours: float) -> None:
    assert days(day, day, ZoneInfo(zone)).length == timedelta(hours=hours)


def test_lengths_are_real_time_also_over_a_change_in_one_zone() -> None:
    zone = ZoneInfo("Europe/Berlin")
    night = Interval(datetime(2024, 3, 31, 0, tzinfo=zone), datetime(2024, 3, 31, 6, tzinfo=zone))
    assert night.length == timedelta(hours=5)


def test_an_interval_over_midnight_counts_on_both_days() -> None:
    parts = list(split(at(22, 27), Period.DAY, ZoneInfo("UTC")))
    assert [(part.period.day, part.interval.length) for part in parts] == [
        (1, timedelta(hours=2)),
        (2, timedelta(hours=3)),
    ]


def test_the_same_interval_is_on_another_day_in_another_zone() -> None:
    (part,) = split(at(20, 22), Period.DAY, ZoneInfo("Asia/Tokyo"))
    assert part.period == date(2024, 1, 2)


def test_windows_are_cut_at_both_ends_and_named_by_their_whole_period() -> None:
    found = list(windows(date(2024, 1, 20), date(2024, 3, 5), Period.MONTH, ZoneInfo("UTC")))
    assert [window.period.isoformat() for window in found] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert found[0].interval.start == datetime(2024, 1, 20, tzinfo=UTC)
    assert found[-1].interval.end == datetime(2024, 3, 6, tzinfo=UTC)


def test_weeks_begin_on_monday() -> None:
    assert beginning(date(2024, 3, 3), Period.WEEK) == date(2024, 2, 26)


def test_midnight_is_in_utc() -> None:
    assert midnight(date(2024, 7, 1), ZoneInfo("Europe/Moscow")) == datetime(2024, 6, 30, 21, tzinfo=UTC)
