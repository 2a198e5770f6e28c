"""Names as they stand in addresses."""

import pytest

from deskbay.kit.slugs import free_slug


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Class 7b", (), "class-7b"),
        ("Été à Paris", (), "ete-a-paris"),
        ("Class 7b", ("class-7b",), "class-7b-2"),
        ("Class 7b", ("class-7b", "class-7b-2"), "class-7b-3"),
        ("../../etc", (), "etc"),
        ("★★", (), "group"),
        ("★★", ("group",), "group-2"),
        ("a" * 100, (), "a" * 24),
        ("a" * 100, ("a" * 24,), "a" * 24 + "-2"),
    ],
)
def test_a_slug_is_free_and_not_too_long(name: str, taken: tuple[str, ...], slug: str) -> None:
    assert free_slug(name, taken, nameless="group", longest=32) == slug
