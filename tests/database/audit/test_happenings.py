"""What is told of values, and what is left of several changes."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from deskbay.accounts.models import Role
from deskbay.database.audit.happenings import LONGEST, MASK, Happening, Told, canonical, gathered, told, written
from deskbay.database.audit.models import Action

EAST = timezone(timedelta(hours=2))


def changed(before: dict[str, Told], after: dict[str, Told], number: str = "1") -> Happening:
    return Happening(Action.CHANGED, "groups", number, before=before, after=after)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        ("text", "text"),
        (Role.USER, "user"),
        (datetime(2026, 1, 5, 9, tzinfo=EAST), "2026-01-05T07:00:00+00:00"),
        (date(2026, 1, 5), "2026-01-05"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"abc", "3 bytes"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * LONGEST + "y", f"{'x' * LONGEST}… ({LONGEST + 1} letters)"),
    ],
)
def test_values_are_told_in_json(value: object, said: Told) -> None:
    assert told(value, is_masked=False) == said


@pytest.mark.parametrize("value", ["secret", 7, datetime(2026, 1, 5, tzinfo=UTC), '{"A": "b"}'])
def test_of_a_masked_value_is_told_that_there_is_one(value: object) -> None:
    assert told(value, is_masked=True) == MASK


@pytest.mark.parametrize("value", [None, "", "{}", "[]"])
def test_of_a_masked_value_is_told_that_there_is_none(value: object) -> None:
    assert told(value, is_masked=True) is None


def test_there_is_one_text_for_a_content() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"\\u00e9","b":1}'
    assert (written(None), written({})) == (None, "{}")


def test_changes_of_one_object_are_one_from_the_first_to_the_last() -> None:
    first, then = changed({"a": 1}, {"a": 2}), changed({"a": 2, "b": 1}, {"a": 3, "b": 2})
    assert gathered([first, then]) == [changed({"a": 1, "b": 1}, {"a": 3, "b": 2})]


def test_changes_of_several_objects_stay_apart() -> None:
    both = [changed({"a": 1}, {"a": 2}, "1"), changed({"a": 1}, {"a": 2}, "2")]
    assert gathered(both) == both


def test_what_is_deleted_in_the_end_is_told_as_it_was_at_first() -> None:
    gone = Happening(Action.DELETED, "groups", "1", before={"a": 2, "b": 5})
    assert gathered([changed({"a": 1}, {"a": 2}), gone]) == [
        Happening(Action.DELETED, "groups", "1", before={"a": 1, "b": 5})
    ]


def test_what_was_deleted_and_made_anew_is_changed() -> None:
    gone = Happening(Action.DELETED, "groups", "1", before={"a": 1})
    made = Happening(Action.CREATED, "groups", "1", after={"a": 2})
    assert gathered([gone, made]) == [changed({"a": 1}, {"a": 2})]


def test_the_same_made_anew_is_nothing() -> None:
    gone = Happening(Action.DELETED, "groups", "1", before={"a": 1, "b": 2})
    assert gathered([gone, Happening(Action.CREATED, "groups", "1", after={"a": 1, "b": 2})]) == []


def test_looks_are_never_taken_together() -> None:
    look = Happening(Action.LOOKED, "desktops", "7")
    assert gathered([look, look]) == [look, look]
