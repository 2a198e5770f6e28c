"""Names that are free."""

from itertools import islice

import pytest

from deskbay.kit.names import numbered


@pytest.mark.parametrize(
    ("name", "longest", "joint", "names"),
    [
        ("Desktop", 64, " ", ["Desktop", "Desktop 2", "Desktop 3"]),
        ("class-7b", 32, "-", ["class-7b", "class-7b-2", "class-7b-3"]),
        ("abcdefgh", 6, " ", ["abcdef", "abcd 2", "abcd 3"]),
    ],
)
def test_each_has_a_number_and_is_not_too_long(name: str, longest: int, joint: str, names: list[str]) -> None:
    assert list(islice(numbered(name, longest, joint), 3)) == names


def test_longer_numbers_leave_less_of_the_name() -> None:
    assert next(islice(numbered("abcdefgh", 8), 9, None)) == "abcde 10"
