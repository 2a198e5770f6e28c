"""When a desktop is to be stopped by itself: pure functions of what its template allows and how it was used.

    started_at          active_at             watched_at     stop_at
        |-------------------|- - - - nobody - - - -|  - - - - -|
                                          warning: |-----------|
        |------------------------ lifetime --------------------------|

Only what its agent has told counts as idle: where it says nothing, nobody knows, and only the lifetime holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbay.desktops.models import Desktop, StopCause

LONGEST_WARNING = timedelta(minutes=5)
WARNING_PART = 4
"""A warning lasts a fourth of a limit, if that is less."""
SLOWEST_REPORTS = timedelta(minutes=1)
REPORTS_PER_WARNING = 3
SILENCE = timedelta(minutes=3)
"""An agent that has said nothing for so long may not know any more whether somebody is there."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A desktop will be stopped at a time, for a cause."""

    at: datetime
    cause: StopCause


def warning_of(limit: timedelta) -> timedelta:
    """Return how long before the end of a limit a person is warned."""
    return min(LONGEST_WARNING, limit / WARNING_PART)


def report_seconds(idle_limit_seconds: int) -> float:
    """Return how often an agent has to tell of input, so that a warning comes in time."""
    warning = warning_of(timedelta(seconds=idle_limit_seconds))
    return min(SLOWEST_REPORTS, warning / REPORTS_PER_WARNING).total_seconds()


def announced(desktop: Desktop) -> Stop | None:
    """Return the stop that the desktop's person was warned of."""
    return Stop(desktop.stop_at, desktop.stop_cause) if desktop.stop_at and desktop.stop_cause else None


def coming_stop(desktop: Desktop, now: datetime) -> Stop | None:
    """Return the stop that its person has to know of now, the sooner one; None while there is time.

    One that was announced stays at its time. Nobody is stopped without having been warned for the whole time.
    """
    known = announced(desktop)
    coming = [stop for stop in (_of_idleness(desktop, now), _of_lifetime(desktop, now)) if stop is not None]
    stops = [known if known and known.cause is stop.cause else stop for stop in coming]
    return min(stops, key=lambda stop: stop.at, default=None)


def is_due(desktop: Desktop, now: datetime) -> bool:
    """Tell whether the announced stop has come; one for idleness only once it is told that nobody came until then."""
    stop = announced(desktop)
    if stop is None or stop.at > now or coming_stop(desktop, now) != stop:
        return False
    return stop.cause is StopCause.LIFETIME or (desktop.watched_at is not None and desktop.watched_at >= stop.at)


def _of_idleness(desktop: Desktop, now: datetime) -> Stop | None:
    seconds, since, watched = desktop.template.idle_limit_seconds, desktop.active_at, desktop.watched_at
    if seconds is None or since is None or watched is None or now - watched > SILENCE:
        return None
    limit = timedelta(seconds=seconds)
    if watched - since < limit - warning_of(limit):
        return None
    return Stop(max(since + limit, now + warning_of(limit)), StopCause.IDLE)


def _of_lifetime(desktop: Desktop, now: datetime) -> Stop | None:
    seconds, since = desktop.template.lifetime_seconds, desktop.started_at
    if seconds is None or since is None:
        return None
    limit = timedelta(seconds=seconds)
    if now < since + limit - warning_of(limit):
        return None
    return Stop(max(since + limit, now + warning_of(limit)), StopCause.LIFETIME)


def reason_of(desktop: Desktop, cause: StopCause) -> str:
    """Return why a desktop was stopped by itself, as a sentence."""
    if cause is StopCause.IDLE:
        return f"Nobody used it for {_in_words(desktop.template.idle_limit_seconds or 0)}."
    return f"It ran for {_in_words(desktop.template.lifetime_seconds or 0)}, as long as it may."


def warning_reason(desktop: Desktop, cause: StopCause) -> str:
    """Return why a desktop will be stopped by itself, as a sentence."""
    if cause is StopCause.IDLE:
        return f"It is stopped when nobody uses it for {_in_words(desktop.template.idle_limit_seconds or 0)}."
    return f"It may run for {_in_words(desktop.template.lifetime_seconds or 0)}, no longer."


def _in_words(seconds: int) -> str:
    sizes = ((3600, "hour"), (60, "minute"), (1, "second"))
    size, name = next((size, name) for size, name in sizes if seconds % size == 0)
    number = seconds // size
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
