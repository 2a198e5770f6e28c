"""Of groups that are too small nothing is told, whatever the hours, and however one subtracts."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.activity.reports import Key
from deskbay.activity.small_groups import NOTHING, Cell, Told, added_up, tell

CELLS = st.dictionaries(
    st.integers(0, 9),
    st.builds(
        Cell,
        st.integers(0, 5000).map(lambda minutes: timedelta(minutes=minutes)),
        st.frozensets(st.integers(0, 11), min_size=1),
    ),
)
LEAST = st.integers(1, 8)


def hours(number: float, *people: int) -> Cell:
    return Cell(timedelta(hours=number), frozenset(people))


def everyone(cells: Mapping[Key, Cell]) -> frozenset[int]:
    return frozenset[int]().union(*(cell.people for cell in cells.values()))


@given(CELLS, LEAST)
def test_each_that_is_told_is_of_enough_people(cells: dict[Key, Cell], least: int) -> None:
    assert all(len(cells[key].people) >= least for key in tell(cells, least).rows)


@given(CELLS, LEAST)
def test_what_is_left_by_subtraction_is_of_enough_people_or_nothing(cells: dict[Key, Cell], least: int) -> None:
    told = tell(cells, least)
    left = {key: cell for key, cell in cells.items() if key not in told.rows}
    assert told == NOTHING or not left or len(everyone(left)) >= least


@given(CELLS, LEAST)
def test_nothing_is_lost_where_anything_is_told(cells: dict[Key, Cell], least: int) -> None:
    whole = sum((cell.spent for cell in cells.values()), timedelta())
    told = tell(cells, least)
    assert told.total == (whole if len(everyone(cells)) >= least else timedelta())
    assert all(told.rows[key] == cells[key].spent for key in told.rows)


@given(CELLS)
def test_of_one_person_at_least_all_is_told(cells: dict[Key, Cell]) -> None:
    told = tell(cells, 1)
    assert dict(told.rows) == {key: cell.spent for key, cell in cells.items()}
    assert told.rest == timedelta()


@given(CELLS, LEAST)
def test_what_is_told_does_not_hang_on_the_order(cells: dict[Key, Cell], least: int) -> None:
    assert tell(dict(reversed(cells.items())), least) == tell(cells, least)


@pytest.mark.parametrize(
    ("cells", "rows", "rest"),
    [
        ({}, {}, 0),
        ({"a": hours(9, 1, 2)}, {}, 0),  # two people in all
        ({"a": hours(9, 1, 2, 3)}, {"a": 9}, 0),
        ({"a": hours(9, 1, 2, 3), "b": hours(1, 1)}, {}, 10),  # b alone would be left
        ({"a": hours(9, 1, 2, 3), "b": hours(1, 1), "c": hours(2, 2, 3)}, {"a": 9}, 3),  # of 1, 2 and 3 together
        ({"a": hours(9, 1, 2, 3), "b": hours(5, 1, 2, 4), "c": hours(1, 1)}, {"a": 9}, 6),  # the smallest goes along
        ({"ada": hours(9, 1), "bob": hours(2, 2), "eve": hours(1, 3)}, {}, 12),  # a row of a person is never told
    ],
)
def test_three_at_least(cells: dict[Key, Cell], rows: dict[Key, float], rest: float) -> None:
    wanted = {key: timedelta(hours=number) for key, number in rows.items()}
    assert tell(cells, 3) == Told(wanted, timedelta(hours=rest))


def test_pieces_of_time_are_added_up_with_the_most_first() -> None:
    a, b = timedelta(hours=1), timedelta(hours=3)
    told = added_up([Told({"a": a, "b": a}, b), NOTHING, Told({"b": b}, a)])
    assert list(told.items()) == [("b", a + b), ("a", a)]
