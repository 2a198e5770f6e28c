"""The tests that docs/security.md names are there, and every point of the standard has its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)))
OF_THE_PAGE = sorted(set(re.findall(r"`web/(\S+\.test\.tsx?): ([^`]+)`", PAGE)))
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \|$", re.MULTILINE)
POINTS = {1: 70, 2: 183}
"""How many the standard has of each level."""
TRAPS = 19


def rows(section: str) -> Iterator[str]:
    """Yield the lines of a section's table, without its head."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    yield from [line for line in text.splitlines() if line.startswith("| ") and line.strip("| ")]


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[f"{file}-{name}" for file, name in NAMED])
def test_what_is_named_is_there(file: str, name: str) -> None:
    assert re.search(rf"\bdef {name}\(", (TESTS / file).read_text()), f"{file} has no {name}"


def test_all_are_named_alike() -> None:
    named = [f"{file}::{name}" for file, name in NAMED]
    assert [one for one in re.findall(r"`([^`]+\.py::[^`]+)`", PAGE) if one not in named] == []


@pytest.mark.parametrize(("file", "name"), OF_THE_PAGE, ids=[f"{file}-{name}" for file, name in OF_THE_PAGE])
def test_what_is_named_of_the_page_is_there(file: str, name: str) -> None:
    assert f"it('{name}'" in (TESTS.parent / "web" / "src" / file).read_text(), f"{file} has no “{name}”"


def test_every_point_of_both_levels_has_one_line() -> None:
    lines = LINE.findall(PAGE)
    numbers = [number for number, *_ in lines]
    assert len(set(numbers)) == len(numbers)
    assert {level: sum(told == str(level) for _, told, *_ in lines) for level in POINTS} == POINTS
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


def has_a_test(answer: str) -> bool:
    return ".py::test_" in answer or ".test.tsx: " in answer


def test_every_line_has_a_test_or_an_honest_word() -> None:
    bare = [number for number, _, __, answer in LINE.findall(PAGE) if not has_a_test(answer)]
    words = {number: answer.split()[0].rstrip(":") for number, _, __, answer in LINE.findall(PAGE) if number in bare}
    assert set(words.values()) == {"No", "Not", "Documented", "See"}


def test_every_page_that_is_linked_is_there() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)", PAGE))
    assert linked
    assert all((TESTS.parent / "docs" / page).exists() for page in linked)


def test_every_trap_has_a_test() -> None:
    traps = list(rows("Traps"))
    assert len(traps) == TRAPS
    assert all(".py::test_" in trap for trap in traps)
