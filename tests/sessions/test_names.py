"""Names of sessions."""

import re

import pytest

from deskbay.sessions.names import name_key, three_words


def test_a_name_has_three_words() -> None:
    names = {three_words() for _ in range(200)}
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", name) for name in names)
    assert len(names) > 150


@pytest.mark.parametrize(
    ("one", "other"), [("Thesis", "THESIS"), ("Café", "Cafe\u0301"), ("Straße", "STRASSE"), ("a b", "a b")]
)
def test_what_people_take_for_the_same_is_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Café", "Cafe"), ("a b", "a-b"), ("C++", "C#")])
def test_what_people_tell_apart_is_not(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
