from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agent.windows import open_window

from deskbay.agent.contents import Shown, firefox
from deskbay.agent.contents.browsers import BrowserWindow, assign, read_once
from deskbay.agent.platforms import Place


def remembered(tab: str, title: str = "", bounds: tuple[int, int, int, int] = (0, 0, 0, 0)) -> BrowserWindow:
    return BrowserWindow((tab,), 0, title, bounds)


def test_by_the_title_of_the_page_in_front() -> None:
    windows = [open_window(1, "Bread - Chromium"), open_window(2, "Cheese - Chromium")]
    assert assign(windows, [remembered("c:", "Cheese"), remembered("b:", "Bread")]) == {
        1: Shown(("b:",), 0),
        2: Shown(("c:",), 0),
    }


def test_by_its_place_where_titles_are_the_same() -> None:
    windows = [open_window(1, "Bread", place=Place(1, 2, 3, 4)), open_window(2, "Bread", place=Place(5, 6, 7, 8))]
    own = [remembered("b:", "Bread", (5, 6, 7, 8)), remembered("a:", "Bread", (1, 2, 3, 4))]
    assert {id_: shown.contents for id_, shown in assign(windows, own).items()} == {1: ("a:",), 2: ("b:",)}


def test_a_title_speaks_louder_than_a_place() -> None:
    windows = [open_window(1, "Bread", place=Place(1, 2, 3, 4))]
    own = [remembered("a:", "Cheese", (1, 2, 3, 4)), remembered("b:", "Bread", (5, 6, 7, 8))]
    assert assign(windows, own)[1].contents == ("b:",)


def test_the_only_one_is_the_only_one() -> None:
    assert assign([open_window(1, "?")], [remembered("a:", "!")]) == {1: Shown(("a:",), 0)}


def test_a_new_window_that_is_not_written_down_yet_gets_nobody_elses_tabs() -> None:
    assert assign([open_window(1, "New"), open_window(2, "Old")], [remembered("o:", "Old")]) == {2: Shown(("o:",), 0)}


titles = st.sampled_from(["", "Bread", "Cheese"])


@given(st.lists(titles, max_size=5), st.lists(titles, max_size=5))
def test_no_tabs_are_shown_twice(shown: list[str], own: list[str]) -> None:
    windows = [open_window(number, title) for number, title in enumerate(shown)]
    found = assign(windows, [remembered(f"{number}:", title) for number, title in enumerate(own)])
    tabs = [each.contents for each in found.values()]
    assert len(set(tabs)) == len(tabs)


def test_a_file_is_read_anew_only_when_it_has_changed(tmp_path: Path) -> None:
    file, reads = tmp_path / "session", []

    def parse(raw: bytes) -> list[BrowserWindow]:
        reads.append(raw)
        return [remembered(raw.decode())]

    file.write_text("a:")
    for _ in range(3):
        assert read_once(file, parse)[0].tabs == ("a:",)
    file.write_text("new:")
    assert read_once(file, parse)[0].tabs == ("new:",)
    assert reads == [b"a:", b"new:"]


def test_a_file_that_is_broken_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "session"
    file.touch()
    with pytest.raises(ValueError, match="session of Firefox"):
        read_once(file, firefox.parse)
    with pytest.raises(OSError, match="missing"):
        read_once(tmp_path / "missing", firefox.parse)
