"""Windows of an X11 desktop: what its window manager says of them (Extended Window Manager Hints 1.5)."""

import select
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from socket import gethostname
from time import monotonic, sleep

from deskbay.agent.platforms import OpenWindow, Place
from deskbay.agent.platforms.watching import LATER_SECONDS, SOON_SECONDS, Watching
from deskbay.agent.platforms.x11_wire import Happening, Property, Rectangle, Wire
from deskbay.agent.shapes import Monitor, System, WindowState

_ANSWER_SECONDS = 30.0
_FLOAT_SECONDS = 1.0
_STILL_SECONDS = 0.05
_STILL_LOOKS, _MOST_LOOKS = 3, 20
_TRIES = 5

_ASKED = (
    "WM_CLASS",
    "WM_CLIENT_MACHINE",
    "WM_NAME",
    "WM_TRANSIENT_FOR",
    "_NET_FRAME_EXTENTS",
    "_NET_STARTUP_ID",
    "_NET_WM_DESKTOP",
    "_NET_WM_NAME",
    "_NET_WM_STATE",
    "_NET_WM_WINDOW_TYPE",
)
_URGENT = {"_NET_CLIENT_LIST", "_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW", "monitors"}
_RELAXED = {"_NET_WORKAREA", "WM_STATE", "place", *_ASKED}
_STATES = {"_NET_WM_STATE", "WM_STATE"}
_OF_MONITORS = {"_NET_WORKAREA", "_NET_CURRENT_DESKTOP", "monitors"}
_FURNITURE = {
    f"_NET_WM_WINDOW_TYPE_{kind}"
    for kind in ("DESKTOP", "DOCK", "MENU", "NOTIFICATION", "SPLASH", "TOOLBAR", "UTILITY")
}
_MAXIMIZED = ("_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ")
_FULLSCREEN = "_NET_WM_STATE_FULLSCREEN"
_FOLDED = {*_MAXIMIZED, _FULLSCREEN, "_NET_WM_STATE_HIDDEN"}
_ALL_WORKSPACES = 0xFFFFFFFF
_STATIC_GRAVITY, _FROM_A_PAGER = 10, 2
_REMOVE, _ADD = 0, 1
_ICONIC = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """A window with all that it said."""

    id: int
    process: int | None
    where: Rectangle
    said: dict[str, Property]
    words: set[str]

    @property
    def is_furniture(self) -> bool:
        return bool(self.words & _FURNITURE) or "_NET_WM_STATE_SKIP_TASKBAR" in self.words

    def is_of_its_own(self, others: Mapping[int, "_Seen"]) -> bool:
        """Whether it is an application's window, and no dialog of another window."""
        return not self.is_furniture and self.owner not in others

    @property
    def owner(self) -> int | None:
        """The window that this one is a dialog of."""
        return self.said["WM_TRANSIENT_FOR"].number

    @property
    def state(self) -> WindowState:
        if "_NET_WM_STATE_HIDDEN" in self.words:
            return WindowState.MINIMIZED
        if _FULLSCREEN in self.words:
            return WindowState.FULLSCREEN
        return WindowState.MAXIMIZED if self.words.issuperset(_MAXIMIZED) else WindowState.NORMAL

    @property
    def place(self) -> Place:
        where, workspace = self.where, self.said["_NET_WM_DESKTOP"].number
        return Place(
            where.x,
            where.y,
            where.width,
            where.height,
            self.state,
            None if workspace == _ALL_WORKSPACES else workspace,
        )

    def shown(self, foreground: bool) -> OpenWindow:
        instance, _, kind = self.said["WM_CLASS"].text.rstrip("\0").partition("\0")
        left, right, top, bottom, *_ = (*self.said["_NET_FRAME_EXTENTS"].numbers, 0, 0, 0, 0)
        return OpenWindow(
            id=self.id,
            process=self.process if self.said["WM_CLIENT_MACHINE"].text in {"", gethostname()} else None,
            kind=kind,
            instance=instance,
            startup=self.said["_NET_STARTUP_ID"].text,
            title=(self.said["_NET_WM_NAME"] or self.said["WM_NAME"]).text,
            place=self.place,
            frame=(left, right, top, bottom),
            foreground=foreground,
        )


class X11(Watching):
    """The windows of the X server that DISPLAY names, or of another one."""

    system = System.X11

    def __init__(self, display: str | None = None) -> None:
        super().__init__()
        self._wire = Wire(display)
        self._heard: set[int] = set()
        self._seen: dict[int, _Seen] = {}
        self._floating: dict[int, float] = {}
        self._screens: Sequence[Monitor] | None = None
        self._wire.listen(self._wire.root)
        self._wire.listen_to_monitors()
        self.windows()

    def close(self) -> None:
        self._wire.close()

    def idle_seconds(self) -> float:
        return self._wire.idle_seconds()

    def monitors(self) -> Sequence[Monitor]:
        self._note(*self._wire.happenings())
        if self._screens is None:
            self._screens = self._look_at_monitors()
        return self._screens

    def _look_at_monitors(self) -> Sequence[Monitor]:
        areas, current = (self._wire.ask(self._wire.root, name) for name in ("_NET_WORKAREA", "_NET_CURRENT_DESKTOP"))
        of_workspaces = [Rectangle(*area) for area in zip(*[iter(areas().numbers)] * 4, strict=False)]
        area = of_workspaces[(current().number or 0) :][:1]
        whole = self._wire.monitors()
        return [_common(monitor, area[0]) for monitor in whole] if area else whole

    def windows(self) -> Sequence[OpenWindow]:
        self._note(*self._wire.happenings())
        root = self._wire.root
        stacking, active = (self._wire.ask(root, name) for name in ("_NET_CLIENT_LIST_STACKING", "_NET_ACTIVE_WINDOW"))
        ids = stacking().numbers
        self._listen_to(ids)
        self._look_at([window for window in ids if window not in self._seen or window in self._floating])
        self._floating = {window: end for window, end in self._floating.items() if end > monotonic()}
        seen = {window: self._seen[window] for window in ids if window in self._seen}
        front = _owner_of(active().number, seen)
        return [window.shown(window.id == front) for window in seen.values() if window.is_of_its_own(seen)]

    def _listen_to(self, windows: Sequence[int]) -> None:
        """What a window said is known until it tells that something changed."""
        for window in set(windows) - self._heard:
            self._wire.listen(window)
        for window in self._heard - set(windows):
            self._seen.pop(window, None)
        self._heard = set(windows)

    def _look_at(self, windows: Sequence[int]) -> None:
        if windows:
            processes, answers = self._wire.ask_processes(windows), [self._ask(window) for window in windows]
            process_of = processes()
            for window, answer in zip(windows, answers, strict=True):
                if (seen := answer(process_of.get(window))) is not None:
                    self._seen[window] = seen

    def _ask(self, window: int) -> Callable[[int | None], _Seen | None]:
        where, said = self._wire.ask_where(window), {name: self._wire.ask(window, name) for name in _ASKED}

        def answer(process: int | None) -> _Seen | None:
            found, all_said = where(), {name: ask() for name, ask in said.items()}
            numbers = (*all_said["_NET_WM_STATE"].numbers, *all_said["_NET_WM_WINDOW_TYPE"].numbers)
            return None if found is None else _Seen(window, process, found, all_said, self._wire.names(numbers))

        return answer

    def _listen(self, seconds: float, wakers: Sequence[int]) -> bool:
        readable, _, _ = select.select([self._wire.fileno(), *wakers], [], [], seconds)
        self._note(*self._wire.happenings())
        return bool(set(readable) & set(wakers))

    def _note(self, *happenings: Happening) -> None:
        """Remember when what happened is due to be told."""
        for happening in happenings:
            if happening.name in _OF_MONITORS:
                self._screens = None
            if happening.name in _URGENT:
                self._be_due(SOON_SECONDS)
            elif happening.name in _RELAXED:
                self._seen.pop(happening.window, None)
                if happening.name in _STATES:
                    self._floating[happening.window] = monotonic() + _FLOAT_SECONDS
                self._be_due(LATER_SECONDS)

    def lift(self, window: int) -> None:
        self._wire.ask_to_lift(window)

    def activate(self, window: int) -> None:
        self._wire.tell_manager(window, "_NET_ACTIVE_WINDOW", _FROM_A_PAGER, 0, 0)

    def place(self, window: int, place: Place) -> Place | None:
        now = self._place(window)
        if now == place or now is None:
            return now
        with suppress(TimeoutError):
            self._put(window, now.state, place)
        return self._place(window)

    def _put(self, window: int, before: WindowState, place: Place) -> None:
        """Raises TimeoutError when the window manager does not answer."""
        if WindowState.MINIMIZED in {before, place.state}:
            # Openbox takes all on hidden workspaces for put away, and neither puts it away then nor shows it again.
            self._bring_to(window, self._wire.ask(self._wire.root, "_NET_CURRENT_DESKTOP")().number)
        self._unfold(window)
        self._move(window, Rectangle(place.x, place.y, place.width, place.height))
        self._fold(window, place.state)
        self._bring_to(window, place.workspace)

    def _bring_to(self, window: int, workspace: int | None) -> None:
        number = _ALL_WORKSPACES if workspace is None else workspace
        if self._wire.ask(window, "_NET_WM_DESKTOP")().number not in {number, None}:
            self._wire.tell_manager(window, "_NET_WM_DESKTOP", number, _FROM_A_PAGER)
            self._wait_for_manager()

    def _place(self, window: int) -> Place | None:
        seen = self._ask(window)(None)
        return None if seen is None else seen.place

    def _unfold(self, window: int) -> None:
        """Let a window be moved: what fills a screen, or is put away, stays where it is."""
        words = self._wire.names(self._wire.ask(window, "_NET_WM_STATE")().numbers)
        if "_NET_WM_STATE_HIDDEN" in words:
            self._wire.ask_to_map(window)
        if words & set(_MAXIMIZED):
            self._wire.tell_manager(window, "_NET_WM_STATE", _REMOVE, *map(self._wire.atom, _MAXIMIZED), _FROM_A_PAGER)
        if _FULLSCREEN in words:
            self._wire.tell_manager(window, "_NET_WM_STATE", _REMOVE, self._wire.atom(_FULLSCREEN), 0, _FROM_A_PAGER)
        if words & _FOLDED:
            self._at_rest(window)

    def _fold(self, window: int, wanted: WindowState) -> None:
        match wanted:
            case WindowState.MAXIMIZED:
                self._wire.tell_manager(window, "_NET_WM_STATE", _ADD, *map(self._wire.atom, _MAXIMIZED), _FROM_A_PAGER)
            case WindowState.FULLSCREEN:
                self._wire.tell_manager(window, "_NET_WM_STATE", _ADD, self._wire.atom(_FULLSCREEN), 0, _FROM_A_PAGER)
            case WindowState.MINIMIZED:
                self._wire.tell_manager(window, "WM_CHANGE_STATE", _ICONIC)
            case WindowState.NORMAL:
                return
        self._at_rest(window)

    def _move(self, window: int, wanted: Rectangle) -> None:
        """Ask for a place until it is had; for what the last answer lacked, more is asked, and the nearest is kept.

        The place itself is asked for twice: what grows beyond an edge where it lies, Openbox draws back once.
        """
        found = self._wire.ask_where(window)()
        if found not in {wanted, None}:
            found = self._moved(window, wanted, wanted)
        asked, best, nearest = wanted, wanted, None
        for _ in range(_TRIES):
            if found is None or found == wanted:
                return
            found = self._moved(window, asked, wanted)
            if found is not None and (nearest is None or _distance(found, wanted) < nearest):
                best, nearest = asked, _distance(found, wanted)
            elif found is not None:
                break
            asked = asked if found is None else _corrected(asked, found, wanted)
        if found is not None and found != wanted:
            self._moved(window, best, wanted)

    def _moved(self, window: int, asked: Rectangle, wanted: Rectangle) -> Rectangle | None:
        flags = _STATIC_GRAVITY | 0b1111 << 8 | _FROM_A_PAGER << 12
        corner = (asked.x & 0xFFFFFFFF, asked.y & 0xFFFFFFFF)
        self._wire.tell_manager(window, "_NET_MOVERESIZE_WINDOW", flags, *corner, asked.width, asked.height)
        return self._at_rest(window, wanted)

    def _at_rest(self, window: int, wanted: Rectangle | None = None) -> Rectangle | None:
        """Where a window lies when all is done that was asked: as wanted, or where it stays.

        Windows that are put away, or shown again, may float there as in a film.
        """
        self._wait_for_manager()
        looks = deque([self._wire.ask_where(window)()], _STILL_LOOKS)
        for _ in range(_MOST_LOOKS):
            if looks[-1] in {wanted, None} or (len(looks) == _STILL_LOOKS and len(set(looks)) == 1):
                break
            sleep(_STILL_SECONDS)
            self._wait_for_manager()
            looks.append(self._wire.ask_where(window)())
        return looks[-1]

    def _wait_for_manager(self) -> None:
        """Wait until the window manager has done all that it was asked. Raises TimeoutError when it does not answer."""
        has_answered, end = self._wire.ring(), monotonic() + _ANSWER_SECONDS
        while not has_answered():
            if (left := end - monotonic()) < 0:
                raise TimeoutError
            happenings = list(self._wire.happenings())
            self._note(*happenings)
            if not happenings:
                select.select([self._wire.fileno()], [], [], left)


def _common(monitor: Monitor, area: Rectangle) -> Monitor:
    """The part of a monitor that lies in an area; all of it where they don't meet."""
    left, top = max(monitor.x, area.x), max(monitor.y, area.y)
    right = min(monitor.x + monitor.width, area.x + area.width)
    bottom = min(monitor.y + monitor.height, area.y + area.height)
    if right <= left or bottom <= top:
        return monitor
    return Monitor(left, top, right - left, bottom - top, monitor.primary)


def _owner_of(window: int | None, seen: dict[int, _Seen]) -> int | None:
    """The window that a dialog belongs to, or a dialog's dialog; any other window is its own."""
    for _ in range(len(seen)):
        if window not in seen or seen[window].owner not in seen:
            break
        window = seen[window].owner
    return window


def _distance(found: Rectangle, wanted: Rectangle) -> int:
    corner = abs(found.x - wanted.x) + abs(found.y - wanted.y)
    return corner + abs(found.width - wanted.width) + abs(found.height - wanted.height)


def _corrected(asked: Rectangle, found: Rectangle, wanted: Rectangle) -> Rectangle:
    return Rectangle(
        asked.x + wanted.x - found.x,
        asked.y + wanted.y - found.y,
        max(asked.width + wanted.width - found.width, 1),
        max(asked.height + wanted.height - found.height, 1),
    )
