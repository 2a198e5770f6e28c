"""In a desktop that may be stopped by itself: the server is told of input, and its person of the stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deskbay.agent import system
from deskbay.agent.clock import Clock
from deskbay.agent.platforms.banner import Banner
from deskbay.agent.reporter import Reporter

TICK_MS = 1000
KEEP = "/api/v1/agent/keep"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that is coming. Times in milliseconds of the device's steady clock."""

    at: int
    reason: str
    can_be_kept: bool
    told_at: int


class Watch:
    """Follows the server's command `limits`. Without it nothing is told."""

    def __init__(self, clock: Clock, reporter: Reporter, open_banner: Callable[[], Banner | None]) -> None:
        self._clock = clock
        self._reporter = reporter
        self._open_banner = open_banner
        self._banner: Banner | None = None
        self._every: int | None = None
        self._due = 0
        self._stop: Stop | None = None

    def hear(self, data: Mapping[str, object]) -> None:
        """Take what the server says. Raises KeyError, TypeError or ValueError for what can't be understood."""
        every, stop, now = data["report_seconds"], data["stop"], self._clock.elapsed()
        self._every = None if every is None else round(float(str(every)) * 1000)
        self._due = now
        if stop is None:
            self._end_warning()
        elif isinstance(stop, dict):
            at = now + round(float(stop["in_seconds"]) * 1000)
            self._begin_warning(Stop(at, str(stop["reason"]), bool(stop["can_be_kept"]), now))

    def _begin_warning(self, stop: Stop) -> None:
        is_first = self._stop is None
        self._stop = stop
        if self._banner is None:
            self._banner = self._open_banner()
        if self._banner is None and is_first:
            system.notify(f"{self._text(stop)} {stop.reason}")

    def _end_warning(self) -> None:
        if self._stop is not None and self._banner is not None:
            self._banner.hide()
        self._stop = None

    @property
    def wakers(self) -> tuple[int, ...]:
        """Descriptors that can be read when there is something to handle."""
        return () if self._banner is None else self._banner.wakers

    def rest(self, longest: int) -> int:
        """Return after how many milliseconds to look again, at the latest after `longest`."""
        if self._stop is not None:
            longest = min(longest, TICK_MS)
        if self._every is not None:
            longest = min(longest, max(0, self._due - self._clock.elapsed()))
        return longest

    def look(self, idle_seconds: Callable[[], float]) -> None:
        """Tell what is to be told, and show how much time is left."""
        if self._banner is not None and self._banner.kept():
            self._reporter.hand(KEEP, {})
        if self._every is not None:
            self._tell_input(self._every, idle_seconds())
        if self._stop is not None and self._banner is not None:
            self._banner.show(self._text(self._stop), self._stop.reason, can_be_kept=self._stop.can_be_kept)

    def _tell_input(self, every: int, idle: float) -> None:
        now = self._clock.elapsed()
        input_at = now - round(idle * 1000)
        came_back = self._stop is not None and input_at > self._stop.told_at
        if now >= self._due or came_back:
            self._reporter.tell_input(now, input_at)
            self._due = now + every
        if self._stop is not None and now < self._stop.at:
            self._due = min(self._due, self._stop.at)

    def _text(self, stop: Stop) -> str:
        seconds = max(0, stop.at - self._clock.elapsed() + 999) // 1000
        return f"This desktop will be stopped in {seconds // 60}:{seconds % 60:02}."
