"""What the agent asks of a desktop's windows, whatever the system; a file for each system."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from deskbay.agent.shapes import Monitor, System, WindowState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window's inside lies, in pixels, and how it fills its screen. `workspace` is None where it is on all."""

    x: int
    y: int
    width: int
    height: int
    state: WindowState = WindowState.NORMAL
    workspace: int | None = None


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window as the system shows it. `kind` is what its program calls itself (the class), `startup` the id of the
    start that it belongs to; both are empty where the program says nothing. `frame` is what the window manager adds at
    the left, right, top and bottom."""

    id: int
    process: int | None
    kind: str
    instance: str
    startup: str
    title: str
    place: Place
    frame: tuple[int, int, int, int]
    foreground: bool


class NoDesktop(Exception):
    """There is no desktop that windows could be seen on; the message says what to do."""


class Platform(Protocol):
    """The windows of one desktop. It belongs to one thread: another thread opens another."""

    system: System

    def monitors(self) -> Sequence[Monitor]:
        """The screens, without what panels take."""

    def windows(self) -> Sequence[OpenWindow]:
        """The windows that belong to applications, the lowest first. No panels, docks or desktop backgrounds."""

    def wait(self, seconds: float, *wakers: int) -> bool:
        """True once windows, titles, the one in front or monitors changed; many changes at once are one.

        False when the time is over, or a descriptor of `wakers` can be read. Raises NoDesktop when the desktop ended.
        """

    def idle_seconds(self) -> float:
        """How long neither keyboard nor mouse was touched."""

    def place(self, window: int, place: Place) -> Place | None:
        """Put a window there, as near as it lets itself be put; where it is then, None when it is gone."""

    def lift(self, window: int) -> None:
        """Put a window above the others; some systems give it the keyboard, too."""

    def activate(self, window: int) -> None:
        """Bring a window to the front, with the keyboard."""

    def close(self) -> None:
        """Let go of the desktop."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
