"""Who is there, what is in front, what is open: second by second."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agent.device_time import START, DeviceTime

from deskbay.agent.journal import Journal, Kind
from deskbay.agent.tracker import GAP_MS, IDLE_MS, Seen, Tracker

IDLE = IDLE_MS // 1000


@dataclass
class Day:
    """A device, what is seen on it, and what the journal says about it."""

    journal: Journal
    time: DeviceTime
    tracker: Tracker
    opened: dict[str, str] = field(default_factory=dict)
    front: str | None = None
    idle: float = 0
    run: str | None = None

    def live(self, seconds: int, *, typing: bool = True) -> "Day":
        """Let seconds pass, and look at each."""
        for _ in range(seconds):
            self.time.advance(1)
            self.idle = 0 if typing else self.idle + 1
            self.look()
        return self

    def look(self) -> None:
        seen = Seen(self.time.elapsed(), round(self.idle * 1000), dict(self.opened), self.front)
        self.tracker.observe(seen, self.run)

    def told(self, kind: Kind) -> list[tuple[str, int, int]]:
        """Applications, from when to when, in seconds since nine o'clock."""
        return [
            (one.application, (one.starts - START) // 1000, (one.ends - START) // 1000)
            for one in self.journal.unsent(10_000)
            if one.kind is kind
        ]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    time = DeviceTime()
    journal = Journal(tmp_path / "journal.sqlite", time)
    yield Day(journal, time, Tracker(journal))
    journal.close()


def test_an_application_is_open_from_when_it_is_seen_until_it_is_not(day: Day) -> None:
    day.opened = {"xterm": "XTerm"}
    day.live(5)
    day.opened["mousepad"] = "Mousepad"
    day.live(5)
    del day.opened["xterm"]
    day.live(5)
    assert day.told(Kind.OPEN) == [("xterm", 1, 11), ("mousepad", 6, 15)]


def test_what_is_closed_and_opened_again_are_two_periods(day: Day) -> None:
    for names in ({"xterm": "XTerm"}, {}, {"xterm": "XTerm"}):
        day.opened = names
        day.live(3)
    assert day.told(Kind.OPEN) == [("xterm", 1, 4), ("xterm", 7, 9)]


def test_the_foreground_goes_from_one_to_the_other_without_a_gap(day: Day) -> None:
    day.opened = {"xterm": "XTerm", "mousepad": "Mousepad"}
    for day.front in ("xterm", "mousepad", None, "xterm"):
        day.live(10)
    assert day.told(Kind.FOREGROUND) == [("xterm", 1, 11), ("mousepad", 11, 21), ("xterm", 31, 40)]
    assert day.told(Kind.PRESENCE) == [("", 1, 40)]


def test_a_short_pause_counts(day: Day) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    day.live(10).live(IDLE - 1, typing=False).live(10)
    assert day.told(Kind.PRESENCE) == [("", 1, 19 + IDLE)]
    assert day.told(Kind.FOREGROUND) == [("xterm", 1, 19 + IDLE)]


def test_a_long_pause_ends_presence_and_foreground_at_the_last_input(day: Day) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    day.live(10).live(IDLE + 100, typing=False).live(10)
    assert day.told(Kind.PRESENCE) == [("", 1, 10), ("", IDLE + 111, IDLE + 120)]
    assert day.told(Kind.FOREGROUND) == [("xterm", 1, 10), ("xterm", IDLE + 111, IDLE + 120)]
    assert day.told(Kind.OPEN) == [("xterm", 1, IDLE + 120)]


def test_nothing_is_counted_from_before_the_beginning(day: Day) -> None:
    day.idle = 100
    day.live(10, typing=False)
    assert day.told(Kind.PRESENCE) == []
    day.live(5)
    assert day.told(Kind.PRESENCE) == [("", 1, 15)]


def test_sleep_is_no_use(day: Day) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    day.live(10)
    day.time.advance(8 * 3600)
    day.live(10)
    woken = 10 + 8 * 3600
    assert day.told(Kind.OPEN) == [("xterm", 1, 10), ("xterm", woken + 1, woken + 10)]
    assert day.told(Kind.PRESENCE) == [("", 1, 10), ("", woken + 1, woken + 10)]


def test_a_busy_device_that_skips_some_seconds_loses_none(day: Day) -> None:
    day.opened = {"xterm": "XTerm"}
    day.live(5)
    day.time.advance(GAP_MS / 1000 - 2)
    day.live(5)
    assert day.told(Kind.OPEN) == [("xterm", 1, 18)]


@pytest.mark.parametrize("set_by", [-3600, 3600, -86_400 * 365])
def test_a_clock_that_is_set_neither_loses_nor_adds_a_second(day: Day, set_by: int) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    day.live(60)
    day.time.set(set_by)
    day.live(60)
    assert day.told(Kind.OPEN) == [("xterm", 1 + set_by, 120 + set_by)]
    assert day.told(Kind.PRESENCE) == [("", 1 + set_by, 120 + set_by)]


def test_another_run_begins_other_periods_at_the_same_second(day: Day) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    for day.run in (None, "first", "second"):
        day.live(10)
    for kind in (Kind.OPEN, Kind.FOREGROUND):
        assert [span[1:] for span in day.told(kind)] == [(1, 11), (11, 21), (21, 30)]
    assert {one.run for one in day.journal.unsent(100)} == {None, "first", "second"}


def test_nothing_is_recorded_between_stop_and_the_next_look(day: Day) -> None:
    day.opened, day.front = {"xterm": "XTerm"}, "xterm"
    day.live(5)
    day.tracker.stop()
    assert not day.tracker.is_tracking
    day.time.advance(3)
    day.live(5)
    assert day.told(Kind.OPEN) == [("xterm", 1, 5), ("xterm", 9, 13)]
    assert day.told(Kind.PRESENCE) == [("", 1, 5), ("", 9, 13)]


def test_what_is_excluded_is_not_seen() -> None:
    seen = Seen(0, 0, {"xterm": "XTerm", "mousepad": "Mousepad"}, "xterm")
    assert seen.without(frozenset({"xterm"})) == Seen(0, 0, {"mousepad": "Mousepad"}, None)
    assert seen.without(frozenset({"mousepad"})).front == "xterm"


STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.integers(1, 20)), min_size=1, max_size=12)


@given(STEPS)
def test_however_one_works_periods_of_a_kind_never_overlap_and_never_end_before_they_begin(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bool, int]]
) -> None:
    time = DeviceTime()
    journal = Journal(tmp_path_factory.mktemp("day") / "journal.sqlite", time)
    day = Day(journal, time, Tracker(journal), {"a": "A", "b": "B"})
    for day.front, typing, seconds in steps:
        day.live(seconds, typing=typing)
    for kind in (Kind.PRESENCE, Kind.FOREGROUND):
        told = day.told(kind)
        assert all(start < end for _, start, end in told)
        assert all(before[2] <= after[1] for before, after in itertools.pairwise(told))
    assert [span[1:] for span in day.told(Kind.OPEN)] in ([(1, sum(step[2] for step in steps))] * 2, [])
    journal.close()
