"""Tabs of Firefox, from the file in which it keeps its own session: `sessionstore-backups/recovery.jsonlz4`.

It is JSON, compressed as one LZ4 block (LZ4 Block Format Description), behind "mozLz40" and the length of the JSON.
Firefox writes it fifteen seconds after a change at the latest.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deskbay.agent.contents import Shown
from deskbay.agent.contents.browsers import BrowserWindow, assign, read_once
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, open_files
from deskbay.agent.rules import Rule

_MAGIC = b"mozLz40\0"
_MOST_BYTES = 64 * 2**20
_SHORTEST_MATCH = 4
_MORE = 15


def read(process: Process, windows: Sequence[OpenWindow], _: Rule) -> Mapping[int, Shown]:
    """The tabs of each window, from the profile that the process has open."""
    profiles = {Path(path).parent for path in open_files(process.id) if path.endswith("/places.sqlite")}
    remembered: list[BrowserWindow] = []
    for profile in profiles:
        with suppress(OSError, ValueError):
            remembered += read_once(profile / "sessionstore-backups" / "recovery.jsonlz4", parse)
    return assign(windows, remembered)


def parse(raw: bytes) -> list[BrowserWindow]:
    """The windows that have tabs. Raises ValueError where it is no such file."""
    session = json.loads(decompressed(raw))
    windows = session.get("windows", []) if isinstance(session, dict) else []
    return [found for window in windows if (found := _window(window)) is not None]


def _window(window: Mapping[str, object]) -> BrowserWindow | None:
    tabs = window.get("tabs")
    pages = [page for tab in tabs if (page := _page(tab))] if isinstance(tabs, list) else []
    if not pages:
        return None
    front = min(max(_number(window, "selected", 1) - 1, 0), len(pages) - 1)
    left, top, width, height = (_number(window, name, 0) for name in ("screenX", "screenY", "width", "height"))
    return BrowserWindow(tuple(address for address, _ in pages), front, pages[front][1], (left, top, width, height))


def _page(tab: object) -> tuple[str, str] | None:
    """Address and title of what a tab shows; its `index` counts from one."""
    if not isinstance(tab, dict) or not isinstance(entries := tab.get("entries"), list) or not entries:
        return None
    entry = entries[min(max(_number(tab, "index", 1), 1), len(entries)) - 1]
    return str(entry.get("url", "about:blank")), str(entry.get("title", ""))


def _number(fields: Mapping[str, object], name: str, default: int) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) else default


def decompressed(raw: bytes) -> bytes:
    """What such a file holds. Raises ValueError where it is none, or is cut off."""
    if not raw.startswith(_MAGIC):
        raise ValueError("This is no session of Firefox")
    try:
        (length,) = struct.unpack_from("<I", raw, len(_MAGIC))
        out = _block(raw[len(_MAGIC) + 4 :], min(length, _MOST_BYTES))
    except (IndexError, struct.error) as error:
        raise ValueError("This session of Firefox is cut off") from error
    if len(out) != length:
        raise ValueError("This session of Firefox is cut off, or too big")
    return out


def _block(block: bytes, length: int) -> bytes:
    """Sequences of a token, literal bytes, and a match: bytes that were there before, so and so far back."""
    out, position = bytearray(), 0
    while position < len(block) and len(out) <= length:
        token, position = block[position], position + 1
        literal, position = _long(block, position, token >> 4)
        out += block[position : position + literal]
        position += literal
        if position < len(block):
            (back,) = struct.unpack_from("<H", block, position)
            match, position = _long(block, position + 2, token & _MORE)
            out += _repeated(out, back, match + _SHORTEST_MATCH)
    return bytes(out)


def _long(block: bytes, position: int, number: int) -> tuple[int, int]:
    """A number of which a token has the first 15, and the place behind it."""
    while number >= _MORE:
        more, position = block[position], position + 1
        number += more
        if more != 255:  # noqa: PLR2004 - a full byte
            break
    return number, position


def _repeated(out: bytearray, back: int, count: int) -> bytes:
    if not 0 < back <= len(out):
        raise IndexError(back)
    pattern = bytes(out[-back:])
    return (pattern * (count // back + 1))[:count]
