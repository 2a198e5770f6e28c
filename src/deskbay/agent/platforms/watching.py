"""Waiting for a change, the same on every platform: many changes in a short time are told as one."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from time import monotonic
from types import TracebackType
from typing import Self

SOON_SECONDS = 0.02
"""After windows came, went or changed places in the foreground, the time in which more of that is the same change."""

LATER_SECONDS = 1.0
"""The same for titles, sizes and positions, which may change with every keystroke and every move of the mouse."""


class Watching(ABC):
    """A platform that is told of changes, and is let go of at the end of a `with`."""

    def __init__(self) -> None:
        self._due: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the desktop."""

    @abstractmethod
    def _listen(self, seconds: float, wakers: Sequence[int]) -> bool:
        """Note by `_be_due` what happens, and return once something did or the time is over; True for a waker."""

    def wait(self, seconds: float, *wakers: int) -> bool:
        end = monotonic() + seconds
        woken = self._listen(0, wakers)
        while True:
            now = monotonic()
            if self._due is not None and self._due <= now:
                self._due = None
                return True
            if woken or now >= end:
                return False
            woken = self._listen((end if self._due is None else min(self._due, end)) - now, wakers)

    def _be_due(self, seconds: float) -> None:
        due = monotonic() + seconds
        self._due = due if self._due is None else min(self._due, due)
