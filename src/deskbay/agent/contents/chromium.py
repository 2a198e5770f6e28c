"""Tabs of Chromium and its kin, from the file in which it keeps its own session: `Sessions/Session_*` in its profile.

It is a log of commands (chromium, components/sessions/core/session_service_commands.cc and command_storage_backend.cc):
"SNSS" and a version, then for each command a length of two bytes, a number of one and its data. A browser writes to
it two and a half seconds after a change at the latest.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from deskbay.agent.contents import Shown
from deskbay.agent.contents.browsers import BrowserWindow, assign, read_once
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, open_files
from deskbay.agent.rules import Rule

_HEADER = 8


class _Command(IntEnum):
    """The commands that say which tabs there are."""

    TAB_WINDOW = 0
    TAB_INDEX = 2
    PRUNED_FROM_BACK = 5
    NAVIGATION = 6
    SELECTED_NAVIGATION = 7
    SELECTED_TAB = 8
    PRUNED_FROM_FRONT = 11
    BOUNDS = 14
    TAB_CLOSED = 16
    WINDOW_CLOSED = 17
    PRUNED = 24


@dataclass(slots=True)
class _Tab:
    window: int = 0
    index: int = 0
    selected: int = 0
    navigations: dict[int, tuple[str, str]] = field(default_factory=dict)

    def forget(self, first: int, count: int) -> None:
        """Drop navigations; those behind move up."""
        last = first + count
        kept = {index: page for index, page in self.navigations.items() if index < first or index >= last}
        self.navigations = {index - count * (index >= last): page for index, page in kept.items()}
        if self.selected >= last:
            self.selected -= count
        elif self.selected >= first:
            self.selected = max(first - 1, 0)

    @property
    def page(self) -> tuple[str, str]:
        """Address and title of what it shows."""
        return self.navigations.get(self.selected, ("", ""))


@dataclass(slots=True)
class _Window:
    selected: int = 0
    bounds: tuple[int, int, int, int] = (0, 0, 0, 0)


def read(process: Process, windows: Sequence[OpenWindow], _: Rule) -> Mapping[int, Shown]:
    """The tabs of each window, from the file that the process has open."""
    files = [Path(path) for path in open_files(process.id) if _is_session(Path(path))]
    with suppress(OSError):
        return assign(windows, [window for file in files for window in read_once(file, parse)])
    return {}


def _is_session(path: Path) -> bool:
    return path.parent.name == "Sessions" and path.name.startswith("Session_")


def parse(raw: bytes) -> list[BrowserWindow]:
    """The windows that have tabs. What can't be understood is passed over; of a broken file nothing is left."""
    tabs: dict[int, _Tab] = {}
    windows: dict[int, _Window] = {}
    for number, data in _commands(raw):
        with suppress(struct.error, ValueError, IndexError):
            _follow(_Command(number), data, tabs, windows)
    return [shown for id_, window in windows.items() if (shown := _shown(window, _tabs_in(id_, tabs))) is not None]


def _commands(raw: bytes) -> Iterator[tuple[int, bytes]]:
    if not raw.startswith(b"SNSS"):
        return
    position = _HEADER
    while position + 3 <= len(raw):
        (length,) = struct.unpack_from("<H", raw, position)
        yield raw[position + 2], raw[position + 3 : position + 2 + length]
        position += 2 + length


def _follow(command: _Command, data: bytes, tabs: dict[int, _Tab], windows: dict[int, _Window]) -> None:
    if command is _Command.NAVIGATION:
        id_, index, page = _navigation(data)
        tabs.setdefault(id_, _Tab()).navigations[index] = page
        return
    id_, *values = struct.unpack_from(f"<{len(data) // 4}i", data)
    match command:
        case _Command.TAB_WINDOW:
            windows.setdefault(id_, _Window())
            tabs.setdefault(values[0], _Tab()).window = id_
        case _Command.BOUNDS:
            windows.setdefault(id_, _Window()).bounds = (values[0], values[1], values[2], values[3])
        case _Command.SELECTED_TAB:
            windows.setdefault(id_, _Window()).selected = values[0]
        case _Command.WINDOW_CLOSED:
            windows.pop(id_, None)
        case _Command.TAB_CLOSED:
            tabs.pop(id_, None)
        case _:
            _change(command, tabs.setdefault(id_, _Tab()), values)


def _change(command: _Command, tab: _Tab, values: Sequence[int]) -> None:
    match command:
        case _Command.TAB_INDEX:
            tab.index = values[0]
        case _Command.SELECTED_NAVIGATION:
            tab.selected = values[0]
        case _Command.PRUNED_FROM_BACK:
            tab.forget(values[0], len(tab.navigations))
        case _Command.PRUNED_FROM_FRONT:
            tab.forget(0, values[0])
        case _Command.PRUNED:
            tab.forget(values[0], values[1])


def _navigation(data: bytes) -> tuple[int, int, tuple[str, str]]:
    """Tab, index and page. The data is a pickle: its length, two numbers, the address in bytes, the title in UTF-16."""
    id_, index, length = struct.unpack_from("<4xiii", data)
    address = data[16 : 16 + length].decode()
    position = 16 + length + -length % 4
    (units,) = struct.unpack_from("<i", data, position)
    return id_, index, (address, data[position + 4 : position + 4 + 2 * units].decode("utf-16-le"))


def _tabs_in(window: int, tabs: Mapping[int, _Tab]) -> list[_Tab]:
    return sorted((tab for tab in tabs.values() if tab.window == window and tab.page[0]), key=lambda tab: tab.index)


def _shown(window: _Window, tabs: Sequence[_Tab]) -> BrowserWindow | None:
    if not tabs:
        return None
    front = next((place for place, tab in enumerate(tabs) if tab.index == window.selected), 0)
    return BrowserWindow(tuple(tab.page[0] for tab in tabs), front, tabs[front].page[1], window.bounds)
