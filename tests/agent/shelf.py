"""A platform whose windows a test sets out."""

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from deskbay.agent.platforms import OpenWindow, Place
from deskbay.agent.shapes import Monitor, System


class Shelf:
    """Shows what was put on it; a window lies where it was placed last."""

    system = System.X11

    def __init__(self, *windows: OpenWindow, monitors: Sequence[Monitor] = (Monitor(0, 0, 1000, 800),)) -> None:
        self.shown = list(windows)
        self.screens = monitors

    def monitors(self) -> Sequence[Monitor]:
        return self.screens

    def windows(self) -> Sequence[OpenWindow]:
        return list(self.shown)

    def wait(self, seconds: float, *wakers: int) -> bool:
        return bool(seconds or wakers)

    def idle_seconds(self) -> float:
        return 0.0

    def place(self, window: int, place: Place) -> Place | None:
        self.shown = [replace(each, place=place) if each.id == window else each for each in self.shown]
        return place if window in [each.id for each in self.shown] else None

    def lift(self, window: int) -> None:
        self.shown.sort(key=lambda each: each.id == window)

    def activate(self, window: int) -> None:
        self.shown = [replace(each, foreground=each.id == window) for each in self.shown]

    def close(self) -> None:
        self.shown = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
