"""Windows of a Wayland desktop. Of the compositors only sway lets a program see and place those of others.

It tiles windows: one that lies in a tile counts as maximised, since its place is the compositor's to choose; one that
floats has a place of its own. Put away is what is on sway's scratchpad.
"""

import os
import select
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from deskbay.agent.platforms import NoDesktop, OpenWindow, Place
from deskbay.agent.platforms.sway_wire import Message, Node, Wire
from deskbay.agent.platforms.watching import LATER_SECONDS, SOON_SECONDS, Watching
from deskbay.agent.platforms.wayland_idle import WaylandIdle
from deskbay.agent.shapes import Monitor, System, WindowState

_RELAXED = {"title", "move", "floating", "fullscreen_mode", "mark", "urgent", "rename"}
_SCRATCHPAD = "__i3_scratch"
_SETTLE_SECONDS = 1.0
_STILL_SECONDS = 0.3
"""Longer than the 0.2 s that sway waits for a program's answer before it goes on."""
_STEP_SECONDS = 0.01
_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Rectangle:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A window in sway's tree, and where it hangs."""

    node: Node
    workspace: Node
    floats: bool

    @property
    def id(self) -> int:
        return _number(self.node, "id")

    @property
    def inside(self) -> _Rectangle:
        outer, inner = _rectangle(self.node, "rect"), _rectangle(self.node, "window_rect")
        return _Rectangle(outer.x + inner.x, outer.y + inner.y, inner.width, inner.height)

    @property
    def frame(self) -> tuple[int, int, int, int]:
        outer, inner = _rectangle(self.node, "rect"), _rectangle(self.node, "window_rect")
        title = _rectangle(self.node, "deco_rect").height
        right, bottom = outer.width - inner.x - inner.width, outer.height - inner.y - inner.height
        return inner.x, right, title + inner.y, bottom

    @property
    def state(self) -> WindowState:
        if self.workspace["name"] == _SCRATCHPAD:
            return WindowState.MINIMIZED
        if _number(self.node, "fullscreen_mode"):
            return WindowState.FULLSCREEN
        return WindowState.NORMAL if self.floats else WindowState.MAXIMIZED

    @property
    def place(self) -> Place:
        inside, number = self.inside, _number(self.workspace, "num")
        workspace = None if self.node.get("sticky") or number < 1 else number - 1
        return Place(inside.x, inside.y, inside.width, inside.height, self.state, workspace)

    def shown(self) -> OpenWindow:
        properties = self.node.get("window_properties")
        old = properties if isinstance(properties, dict) else {}
        kind = self.node.get("app_id") or old.get("class") or ""
        process = self.node.get("pid")
        return OpenWindow(
            id=self.id,
            process=process if isinstance(process, int) and process > 0 else None,
            kind=str(kind),
            instance=str(old.get("instance") or kind),
            startup="",
            title=str(self.node.get("name") or ""),
            place=self.place,
            frame=self.frame,
            foreground=bool(self.node.get("focused")),
        )


class Wayland(Watching):
    """The windows of the sway that SWAYSOCK names."""

    system = System.WAYLAND

    def __init__(self) -> None:
        super().__init__()
        path = os.environ.get("SWAYSOCK")
        if not path:
            what = "This Wayland desktop does not let programs see or place the windows of others."
            raise NoDesktop(f"{what} Choose an X11 (Xorg) session when you sign in, or use sway.")
        self._wire = Wire(path)
        try:
            self._idle = WaylandIdle()
        except NoDesktop:
            self._wire.close()
            raise

    def close(self) -> None:
        self._wire.close()
        self._idle.close()

    def idle_seconds(self) -> float:
        return self._idle.idle_seconds()

    def monitors(self) -> Sequence[Monitor]:
        """Workspaces have the size that bars leave of a screen."""
        shown = [space for space in _nodes(self._wire.ask(Message.GET_WORKSPACES)) if space.get("visible")]
        areas = [(_rectangle(space, "rect"), bool(space.get("focused"))) for space in shown]
        first = min((area.x, area.y) for area, _ in areas) if areas else (0, 0)
        return [Monitor(area.x, area.y, area.width, area.height, (area.x, area.y) == first) for area, _ in areas]

    def windows(self) -> Sequence[OpenWindow]:
        return [found.shown() for found in self._all()]

    def _all(self) -> list[_Found]:
        """Of each workspace those in tiles first, since what floats lies above; the one in front comes last."""
        tree = self._wire.ask(Message.GET_TREE)
        found = list(_windows_below(tree if isinstance(tree, dict) else {}))
        return sorted(found, key=lambda each: (bool(each.node.get("focused")), each.floats))

    def _found(self, window: int) -> _Found | None:
        return next((each for each in self._all() if each.id == window), None)

    def _listen(self, seconds: float, wakers: Sequence[int]) -> bool:
        readable, _, _ = select.select([self._wire.fileno(), *wakers], [], [], seconds)
        for change in self._wire.happenings():
            self._be_due(LATER_SECONDS if change in _RELAXED else SOON_SECONDS)
        return bool(set(readable) & set(wakers))

    def lift(self, window: int) -> None:
        self.activate(window)  # sway lifts what it gives the keyboard, and nothing else

    def activate(self, window: int) -> None:
        self._wire.run(window, "focus")

    def place(self, window: int, place: Place) -> Place | None:
        found = self._found(window)
        if found is None:
            return None
        self._bring_out(found)
        if place.state is not WindowState.MAXIMIZED:
            self._wire.run(window, "floating enable")
            self._move(window, _Rectangle(place.x, place.y, place.width, place.height))
        final = {
            WindowState.MAXIMIZED: "floating disable",
            WindowState.FULLSCREEN: "fullscreen enable",
            WindowState.MINIMIZED: "move scratchpad",
        }
        if place.workspace is not None:  # last, because a window that is moved comes to the workspace that is seen
            self._wire.run(window, f"move container to workspace number {place.workspace + 1}")
        if place.state in final:
            self._wire.run(window, final[place.state])
        self._settle(lambda: (now := self._found(window)) is None or now.state is place.state)
        return after.place if (after := self._found(window)) else None

    def _bring_out(self, found: _Found) -> None:
        if found.state is WindowState.MINIMIZED:
            self._wire.run(found.id, "scratchpad show")
        if found.state is WindowState.FULLSCREEN:
            self._wire.run(found.id, "fullscreen disable")

    def _move(self, window: int, wanted: _Rectangle) -> None:
        """Ask for a place until it is had, and kept: a late answer to what was asked before undoes what is asked."""
        for _ in range(_TRIES):
            found = self._found(window)
            if found is None:
                return
            outer = _framed(wanted, *found.frame)
            self._wire.run(
                window,
                f"resize set width {outer.width} px height {outer.height} px",
                f"move absolute position {outer.x} px {outer.y} px",
            )
            if self._at_rest(window) in {wanted, None}:
                return

    def _at_rest(self, window: int) -> _Rectangle | None:
        """Where a window lies when that stays so: sway tells at once what was asked, and only then asks the program."""
        lies, since, end = self._inside(window), monotonic(), monotonic() + _SETTLE_SECONDS
        while lies is not None and monotonic() < min(since + _STILL_SECONDS, end):
            select.select([], [], [], _STEP_SECONDS)
            if (now := self._inside(window)) != lies:
                lies, since = now, monotonic()
        return lies

    def _inside(self, window: int) -> _Rectangle | None:
        return found.inside if (found := self._found(window)) else None

    def _settle(self, is_done: Callable[[], bool]) -> None:
        """Wait until a program did what it was asked, or the time is over."""
        end = monotonic() + _SETTLE_SECONDS
        while not is_done() and monotonic() < end:
            select.select([], [], [], _STEP_SECONDS)


def _framed(inside: _Rectangle, left: int, right: int, top: int, bottom: int) -> _Rectangle:
    """A place with its frame: sway counts that with a window."""
    return _Rectangle(inside.x - left, inside.y - top, inside.width + left + right, inside.height + top + bottom)


def _windows_below(node: Node, workspace: Node | None = None, *, floats: bool = False) -> Iterator[_Found]:
    if node.get("type") == "workspace":
        workspace = node
    if node.get("pid") and workspace is not None:
        yield _Found(node, workspace, floats)
    for child in _nodes(node.get("nodes")):
        yield from _windows_below(child, workspace, floats=floats)
    for child in _nodes(node.get("floating_nodes")):
        yield from _windows_below(child, workspace, floats=True)


def _nodes(value: object) -> list[Node]:
    return [node for node in value if isinstance(node, dict)] if isinstance(value, list) else []


def _number(node: Node, name: str) -> int:
    value = node.get(name)
    return value if isinstance(value, int) else 0


def _rectangle(node: Node, name: str) -> _Rectangle:
    area = node.get(name)
    read = area if isinstance(area, dict) else {}
    return _Rectangle(*(_number(read, side) for side in ("x", "y", "width", "height")))
