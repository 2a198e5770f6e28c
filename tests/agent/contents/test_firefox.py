"""Session files of Firefox: one that Firefox 153 wrote, and such as it might have written."""

import json
import os
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agent.windows import a_process, open_window

from deskbay.agent.contents import Shown
from deskbay.agent.contents.browsers import BrowserWindow
from deskbay.agent.contents.firefox import decompressed, parse, read
from deskbay.agent.rules import Rule

RECORDED = Path(__file__).with_name("recorded") / "firefox-153.jsonlz4"
HOST = "http://localhost:8765"


def compressed(data: bytes) -> bytes:
    """As one LZ4 block, with a match wherever the last four bytes came once before."""
    out, literal, position = b"", 0, 0
    while position < len(data):
        earlier = data.rfind(data[position : position + 4], max(0, position - 0xFFFF), position)
        length = common(data, earlier, position) if earlier >= 0 else 0
        if length < 4:
            position += 1
            continue
        out += sequence(data[literal:position], length) + struct.pack("<H", position - earlier) + more(length - 4)
        literal = position = position + length
    return b"mozLz40\0" + struct.pack("<I", len(data)) + out + sequence(data[literal:], 4)


def common(data: bytes, earlier: int, position: int) -> int:
    length = 0
    while position + length < len(data) and data[earlier + length] == data[position + length]:
        length += 1
    return length


def sequence(literal: bytes, match: int) -> bytes:
    return bytes([min(len(literal), 15) << 4 | min(match - 4, 15)]) + more(len(literal)) + literal


def more(length: int) -> bytes:
    return b"" if length < 15 else b"\xff" * ((length - 15) // 255) + bytes([(length - 15) % 255])


def session(*windows: object) -> bytes:
    return compressed(json.dumps({"windows": windows}).encode())


def tab(*addresses: str, index: int = 1) -> dict[str, object]:
    return {"entries": [{"url": each, "title": each.upper()} for each in addresses], "index": index}


def test_a_recorded_session() -> None:
    assert parse(RECORDED.read_bytes()) == [
        BrowserWindow((f"{HOST}/one", f"{HOST}/two", f"{HOST}/three"), 2, "Page three – ä", (4, 4, 1152, 720)),
        BrowserWindow((f"{HOST}/four", f"{HOST}/five"), 1, "Page five – ä", (4, 4, 1152, 720)),
    ]


def test_the_page_of_a_tab_is_the_one_in_its_history_where_it_is_now() -> None:
    window = {"tabs": [tab("a:", "b:", "c:", index=2), tab("d:")], "selected": 1, "width": 5}
    assert parse(session(window)) == [BrowserWindow(("b:", "d:"), 0, "B:", (0, 0, 5, 0))]


@pytest.mark.parametrize(
    "window", [{}, {"tabs": []}, {"tabs": [{"entries": []}]}, {"tabs": [3, {"entries": "x"}]}, {"tabs": {}}]
)
def test_a_window_without_pages_is_none(window: object) -> None:
    assert parse(session(window)) == []


def test_numbers_that_lead_nowhere_lead_to_what_is_there() -> None:
    window = {"tabs": [tab("a:", "b:", index=9), tab("c:", index=-3)], "selected": 77, "screenX": "far"}
    assert parse(session(window)) == [BrowserWindow(("b:", "c:"), 1, "C:", (0, 0, 0, 0))]


@given(
    st.binary(max_size=2000) | st.lists(st.sampled_from([b"abcdefgh", b"a", b"xyz" * 30]), max_size=60).map(b"".join)
)
def test_what_was_compressed_comes_out(data: bytes) -> None:
    assert decompressed(compressed(data)) == data


@given(st.integers(0, 1698))
def test_a_file_that_is_cut_off_is_told(length: int) -> None:
    raw = RECORDED.read_bytes()
    with pytest.raises(ValueError, match="session of Firefox"):
        decompressed(raw[: min(length, len(raw) - 1)])


@given(st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_nothing_but_a_value_error_comes_of_nonsense(data: bytes, length: int) -> None:
    with suppress(ValueError):
        assert len(decompressed(b"mozLz40\0" + struct.pack("<I", length) + data)) == length


def test_the_profile_is_the_one_that_the_process_has_open(tmp_path: Path) -> None:
    (tmp_path / "sessionstore-backups").mkdir()
    (tmp_path / "sessionstore-backups" / "recovery.jsonlz4").write_bytes(RECORDED.read_bytes())
    process = a_process("firefox", id_=os.getpid())
    windows = [open_window(5, "Page five – ä — Mozilla Firefox"), open_window(6, "Page three – ä — Mozilla Firefox")]
    with (tmp_path / "places.sqlite").open("w"):
        shown = read(process, windows, Rule("firefox"))
        (tmp_path / "sessionstore-backups" / "recovery.jsonlz4").write_bytes(b"half")
        assert read(process, windows, Rule("firefox")) == {}
    assert shown[5] == Shown((f"{HOST}/four", f"{HOST}/five"), 1)
    assert shown[6].contents == (f"{HOST}/one", f"{HOST}/two", f"{HOST}/three")
