"""Session files of Chromium: one that Chromium 156 wrote, and such as it might have written."""

import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agent.windows import a_process, open_window

from deskbay.agent.contents import Shown
from deskbay.agent.contents.browsers import BrowserWindow
from deskbay.agent.contents.chromium import parse, read
from deskbay.agent.platforms import Place
from deskbay.agent.processes import Process
from deskbay.agent.rules import Rule

RECORDED = Path(__file__).with_name("recorded") / "chromium-156.snss"
HOST = "http://localhost:8765"


def command(number: int, *values: int) -> bytes:
    return framed(number, struct.pack(f"<{len(values)}i", *values))


def framed(number: int, data: bytes) -> bytes:
    return struct.pack("<HB", len(data) + 1, number) + data


def navigation(tab: int, index: int, address: str, title: str = "") -> bytes:
    url, name = address.encode(), title.encode("utf-16-le")
    data = struct.pack("<ii", tab, index) + struct.pack("<i", len(url)) + url + b"\0" * (-len(url) % 4)
    data += struct.pack("<i", len(name) // 2) + name + b"\0" * (-len(name) % 4)
    return framed(6, struct.pack("<I", len(data)) + data)


def session(*commands: bytes) -> list[BrowserWindow]:
    return parse(b"SNSS" + struct.pack("<i", 3) + b"".join(commands))


def tab(window: int, id_: int, index: int, address: str, title: str = "") -> bytes:
    return command(0, window, id_) + command(2, id_, index) + navigation(id_, 0, address, title) + command(7, id_, 0)


def test_a_recorded_session() -> None:
    """Two windows; a tab was closed, one had gone on to another page, one had gone on and back again.

    Chromium does not write the title of every page.
    """
    assert parse(RECORDED.read_bytes()) == [
        BrowserWindow((f"{HOST}/two-b", f"{HOST}/three"), 1, "Page three – ä", (10, 10, 1050, 780)),
        BrowserWindow((f"{HOST}/four", f"{HOST}/five"), 0, "", (20, 20, 1050, 780)),
    ]


def test_tabs_are_in_their_order_and_the_selected_one_is_in_front() -> None:
    assert session(tab(1, 10, 1, "b:"), tab(1, 11, 0, "a:", "A"), tab(1, 12, 2, "c:"), command(8, 1, 0)) == [
        BrowserWindow(("a:", "b:", "c:"), 0, "A", (0, 0, 0, 0))
    ]


def test_closed_tabs_and_windows_are_gone() -> None:
    commands = [tab(1, 10, 0, "a:"), tab(1, 11, 1, "b:"), tab(2, 20, 0, "c:")]
    closed = [framed(16, struct.pack("<iiq", 10, 0, 5)), framed(17, struct.pack("<iiq", 2, 0, 5))]
    assert [window.tabs for window in session(*commands, *closed)] == [("b:",)]


def test_a_tab_that_moves_to_another_window() -> None:
    moved = session(tab(1, 10, 0, "a:"), tab(2, 20, 0, "b:"), command(0, 2, 10), command(2, 10, 1))
    assert [window.tabs for window in moved] == [("b:", "a:")]


@pytest.mark.parametrize(
    ("pruned", "selected", "shown"),
    [
        (command(5, 10, 2), 1, "1:"),
        (command(11, 10, 2), 0, "2:"),
        (command(24, 10, 1, 1), 1, "2:"),
        (command(24, 10, 0, 3), 0, "3:"),
    ],
)
def test_history_that_is_cut(pruned: bytes, selected: int, shown: str) -> None:
    history = [command(0, 1, 10), *(navigation(10, index, f"{index}:") for index in range(4))]
    assert session(*history, pruned, command(7, 10, selected))[0].tabs == (shown,)


def test_what_was_shown_moves_up_with_the_history() -> None:
    history = [command(0, 1, 10), *(navigation(10, index, f"{index}:") for index in range(4)), command(7, 10, 3)]
    assert session(*history, command(11, 10, 2))[0].tabs == ("3:",)
    assert session(*history, command(24, 10, 0, 1))[0].tabs == ("3:",)


def test_commands_of_other_kinds_are_passed_over() -> None:
    assert session(framed(200, b"x"), framed(255, b""), tab(1, 10, 0, "a:"), framed(7, b"\1"))[0].tabs == ("a:",)


@pytest.mark.parametrize("raw", [b"", b"SNSS", b"PNG", b"SNSS\3\0\0\0", b"SNSS\3\0\0\0\xff\xff\6"])
def test_what_is_no_session_has_no_windows(raw: bytes) -> None:
    assert parse(raw) == []


@given(st.integers(0, 8000))
def test_a_file_that_is_being_written_is_read_as_far_as_it_goes(length: int) -> None:
    assert len(parse(RECORDED.read_bytes()[:length])) <= 2


@given(st.lists(st.tuples(st.integers(0, 30), st.binary(max_size=40)), max_size=20))
def test_no_commands_are_an_error(commands: list[tuple[int, bytes]]) -> None:
    session(*(framed(number, data) for number, data in commands))


def test_the_file_is_the_one_that_the_process_has_open(tmp_path: Path) -> None:
    file = tmp_path / "Default" / "Sessions" / "Session_1"
    file.parent.mkdir(parents=True)
    file.write_bytes(RECORDED.read_bytes())
    with file.open():
        window = open_window(5, "Page four – ä - Chromium", place=Place(20, 20, 1050, 780))
        shown = read(myself(), [window], Rule("chromium"))
    assert shown == {5: Shown((f"{HOST}/four", f"{HOST}/five"), 0)}
    assert read(myself(), [open_window(5)], Rule("chromium")) == {}


def myself() -> Process:
    return a_process("python3", id_=os.getpid())
