"""Names of sessions, and their slugs."""

import re

import pytest

from deskbay.sessions.names import free_slug, name_key, three_words


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


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("active session clone", set(), "active-session-clone"),
        ("Über Größe", set(), "uber-grosse"),
        ("Work", {"work"}, "work-2"),
        ("Work", {"work", "work-2", "work-4"}, "work-3"),
        ("★★", set(), "session"),
        ("★★", {"session"}, "session-2"),
        ("../../etc", set(), "etc"),
        ("x" * 200, set(), "x" * 100),
    ],
)
def test_slugs_are_plain_and_free(name: str, taken: set[str], slug: str) -> None:
    assert free_slug(name, taken) == slug
