"""Pings become intervals, in whatever order they come."""

from datetime import UTC, date, datetime
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from deskbay.activity.stretches import (
    DAY,
    LONGEST_TOLERANCE,
    SECOND,
    Stretch,
    cut_at_midnight,
    day_of,
    days_touched,
    merge,
    microseconds,
    moment,
    pieces,
    prolonged,
    promised,
)

FIRST = microseconds(datetime(2026, 1, 5, 21, tzinfo=UTC))
pings = st.tuples(st.integers(0, 6 * 3600), st.integers(1, 3600)).map(
    lambda ping: promised(FIRST + ping[0] * SECOND, ping[1] * SECOND)
)


@given(st.lists(pings), st.randoms(use_true_random=False))
def test_pieces_do_not_depend_on_the_order(said: list[Stretch], random: Random) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)
    one_by_one: set[Stretch] = set()
    for stretch in shuffled:
        one_by_one = pieces([*one_by_one, stretch])
    assert one_by_one == pieces(said)


@example(promised(FIRST, 4 * 3600 * SECOND), promised(FIRST, SECOND))  # over midnight
@given(pings, pings)
def test_what_is_prolonged_is_what_both_are_together(said: Stretch, new: Stretch) -> None:
    stored = max(pieces([said]))
    longer = prolonged(stored, new)
    together = pieces([stored, new])
    assert longer is None or together == {longer}
    goes_on_today = len(together) == 1 and new.starts >= stored.starts
    assert (longer is not None) == goes_on_today


@given(st.lists(pings, min_size=1))
def test_a_ping_again_changes_nothing(said: list[Stretch]) -> None:
    assert pieces([*pieces(said), said[0]]) == pieces(said)


@given(st.lists(pings))
def test_no_piece_goes_over_midnight_and_none_is_lost(said: list[Stretch]) -> None:
    found = pieces(said)
    assert all(piece.starts // DAY == (piece.ends - 1) // DAY for piece in found)
    assert sum(one.ends - one.starts for one in found) == sum(one.ends - one.starts for one in merge(said))


@given(st.lists(pings, min_size=1), pings)
def test_whatever_goes_on_into_a_ping_begins_on_a_day_that_is_looked_at(said: list[Stretch], ping: Stretch) -> None:
    looked_at = set(days_touched(ping))
    touching = (one for one in pieces(said) if one.starts <= ping.reaches and one.reaches >= ping.starts)
    assert all(day_of(piece.starts) in looked_at for piece in touching)


def test_a_ping_in_time_goes_on_and_a_late_one_begins_anew() -> None:
    first = promised(FIRST, 60 * SECOND)
    in_time = promised(FIRST + 90 * SECOND, 60 * SECOND)
    late = promised(FIRST + 91 * SECOND, 60 * SECOND)
    assert [(one.starts, one.ends) for one in merge([first, in_time])] == [(FIRST, FIRST + 150 * SECOND)]
    assert len(merge([first, late])) == 2


def test_a_late_ping_closes_the_gap_between_two_intervals() -> None:
    apart = [promised(FIRST, 60 * SECOND), promised(FIRST + 180 * SECOND, 60 * SECOND)]
    assert len(merge(apart)) == 2
    assert len(merge([*apart, promised(FIRST + 90 * SECOND, 60 * SECOND)])) == 1


def test_tolerance_has_a_floor_and_a_ceiling() -> None:
    assert promised(0, SECOND).reaches == 11 * SECOND
    assert promised(0, 30 * DAY).reaches == 30 * DAY + LONGEST_TOLERANCE


def test_a_long_promise_is_cut_at_each_midnight() -> None:
    cut = list(cut_at_midnight(promised(FIRST, 2 * DAY)))
    assert [day_of(piece.starts) for piece in cut] == [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)]
    assert cut[0].ends == cut[0].reaches == cut[1].starts


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_moments_and_microseconds_are_the_same(time: datetime) -> None:
    assert moment(microseconds(time)) == time
    assert day_of(microseconds(time)) == time.date()
