"""Periods on disk: what is written stays, is sent until the server has it, and never more than is allowed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.device_time import START, DeviceTime

from deskbay.agent import journal as journals
from deskbay.agent.journal import Begun, Journal, Kind, Period

OPEN = Begun(Kind.OPEN, "mousepad", "Mousepad", "run", 5000, "open-1")
FRONT = Begun(Kind.FOREGROUND, "mousepad", "Mousepad", None, 5000, "front-1")


@pytest.fixture
def time() -> DeviceTime:
    return DeviceTime()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(file: Path, time: DeviceTime) -> Iterator[Journal]:
    journal = Journal(file, time)
    yield journal
    journal.close()


def spans(periods: list[Period]) -> list[tuple[str, int, int]]:
    """What goes from when to when, in seconds since the start."""
    return [(one.id, (one.starts - START) // 1000, (one.ends - START) // 1000) for one in periods]


def test_what_grows_is_told_as_far_as_it_goes(journal: Journal, time: DeviceTime) -> None:
    journal.write([OPEN, FRONT], [], 5000, 5000)
    assert journal.unsent(10) == []
    time.advance(10)
    journal.write([], [], 15_000, 12_000)
    assert spans(journal.unsent(10)) == [("open-1", 0, 10), ("front-1", 0, 7)]


def test_what_the_server_has_is_not_sent_again_until_it_grows(journal: Journal, time: DeviceTime) -> None:
    journal.write([OPEN], [], 8000, 5000)
    journal.forget(journal.unsent(10))
    assert (journal.unsent(10), journal.count()) == ([], 1)
    journal.write([], [], 9000, 5000)
    assert spans(journal.unsent(10)) == [("open-1", 0, 4)]
    assert journal.unsent(10)[0].run == "run"
    time.advance(5)
    journal.write([], [(10_000, "open-1")], 10_000, 5000)
    journal.forget(journal.unsent(10))
    assert journal.count() == 0


def test_what_grew_while_it_was_sent_is_sent_again(journal: Journal) -> None:
    journal.write([OPEN], [], 8000, 5000)
    sent = journal.unsent(10)
    journal.write([], [(9000, "open-1")], 9000, 5000)
    journal.forget(sent)
    assert spans(journal.unsent(10)) == [("open-1", 0, 4)]


def test_what_lasted_no_time_is_never_sent(journal: Journal) -> None:
    journal.write([OPEN], [(5000, "open-1")], 5000, 5000)
    assert journal.unsent(10) == []
    journal.forget([])
    assert journal.count() == 0


def test_another_agent_ends_what_the_last_one_left_growing(journal: Journal, file: Path, time: DeviceTime) -> None:
    journal.write([OPEN, FRONT], [], 9000, 7000)
    time.advance(100)
    after = Journal(file, time)
    after.settle()
    after.write([Begun(Kind.OPEN, "xterm", "XTerm", None, 105_000, "open-2")], [], 110_000, 105_000)
    assert spans(after.unsent(10)) == [("open-1", 0, 4), ("front-1", 0, 2), ("open-2", 100, 105)]
    after.close()


def test_a_clock_that_was_set_moves_what_was_before(journal: Journal, time: DeviceTime) -> None:
    """The clock was an hour ahead: what was recorded then happened an hour earlier than it showed."""
    journal.write([OPEN], [(65_000, "open-1")], 65_000, 5000)
    time.advance(60)
    time.set(-3600)
    assert spans(journal.unsent(10)) == [("open-1", -3600, -3540)]


def test_what_was_before_a_restart_stays_where_it_was(journal: Journal, time: DeviceTime) -> None:
    journal.write([OPEN], [], 15_000, 5000)
    time.restart(7200)
    journal.settle()
    journal.write([Begun(Kind.OPEN, "xterm", "XTerm", None, 3000, "open-2")], [], 4000, 3000)
    assert spans(journal.unsent(10)) == [("open-1", 0, 10), ("open-2", 7200, 7201)]


def test_it_gives_the_oldest_first_and_so_many_as_are_asked_for(journal: Journal) -> None:
    many = [Begun(Kind.OPEN, "a", "A", None, 5000, f"open-{number}") for number in range(5)]
    journal.write(many, [], 6000, 5000)
    assert [one.id for one in journal.unsent(2)] == ["open-0", "open-1"]


def test_a_full_journal_loses_the_oldest(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "MOST_PERIODS", 3)
    many = [Begun(Kind.OPEN, "a", "A", None, 5000, f"open-{number}") for number in range(5)]
    journal.write(many, [], 6000, 5000)
    assert [one.id for one in journal.unsent(10)] == ["open-2", "open-3", "open-4"]


def test_what_fails_midway_leaves_nothing(journal: Journal) -> None:
    with pytest.raises(ZeroDivisionError):
        journal.write((OPEN if number else [][1 // number] for number in (1, 0)), [], 9000, 9000)
    assert journal.count() == 0
    journal.write([OPEN], [], 9000, 9000)
    assert journal.count() == 1
