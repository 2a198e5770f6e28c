"""When a desktop is to be stopped by itself: pure functions of what its template allows and how it was used.

    started_at          active_at             watched_at     stop_at
        |-------------------|- - - - nobody - - - -|  - - - - -|
                                          warning: |-----------|
        |------------------------ lifetime --------------------------|

Only what its agent has told counts as idle: where it says nothing, nobody knows, and only the lifetime holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbay.desktops.models import Desktop, StopCause

LONGEST_WARNING = timedelta(minutes=5)
WARNING_PART = 4
"""A warning lasts a fourth of a limit, if that is less."""
SLOWEST_REPORTS = timedelta(minutes=1)
REPORTS_PER_WARNING = 3
BUDGET_OVER = "The hours of running desktops that its owner has are used up. Home tells when they start anew."
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
    coming = (_of_idleness(desktop, now), _of_lifetime(desktop, now), *_at_a_time(desktop, now))
    return min((stop for stop in coming if stop is not None), key=lambda stop: stop.at, default=None)


def is_due(desktop: Desktop, now: datetime) -> bool:
    """Tell whether the announced stop has come; one for idleness only once it is told that nobody came until then."""
    stop = announced(desktop)
    if stop is None or stop.at > now or coming_stop(desktop, now) != stop:
        return False
    return stop.cause is not StopCause.IDLE or (desktop.watched_at is not None and desktop.watched_at >= stop.at)


def _of_idleness(desktop: Desktop, now: datetime) -> Stop | None:
    seconds, since, watched = desktop.template.idle_limit_seconds, desktop.active_at, desktop.watched_at
    if seconds is None or since is None or watched is None or now - watched > SILENCE:
        return None
    limit = timedelta(seconds=seconds)
    if watched - since < limit - warning_of(limit):
        return None
    return _warned(desktop, Stop(since + limit, StopCause.IDLE), now + warning_of(limit))


def _of_lifetime(desktop: Desktop, now: datetime) -> Stop | None:
    end = end_of_lifetime(desktop)
    if end is None or desktop.started_at is None:
        return None
    warning = warning_of(end - desktop.started_at)
    return None if now < end - warning else _warned(desktop, Stop(end, StopCause.LIFETIME), now + warning)


def _at_a_time(desktop: Desktop, now: datetime) -> Iterator[Stop]:
    times = ((desktop.budget_ends_at, StopCause.BUDGET), (desktop.scheduled_stop_at, StopCause.SCHEDULE))
    for end, cause in times:
        if end is not None and now >= end - LONGEST_WARNING:
            yield _warned(desktop, Stop(end, cause), now + LONGEST_WARNING)


def _warned(desktop: Desktop, stop: Stop, warned_until: datetime) -> Stop:
    """Return a stop at its time, or when its person has been warned for long enough."""
    known = announced(desktop)
    return Stop(max(stop.at, known.at if known and known.cause is stop.cause else warned_until), stop.cause)


def end_of_lifetime(desktop: Desktop) -> datetime | None:
    """Return when the present launch ends at the latest, as its template and its person have it."""
    latest = latest_end(desktop)
    if latest is None or desktop.started_at is None:
        return None
    first = desktop.started_at + timedelta(seconds=lifetime_of(desktop) or 0)
    return min(latest, max(first, desktop.ends_at or first))


def latest_end(desktop: Desktop) -> datetime | None:
    """Return how far its person may move the end of the present launch."""
    most, since = _most_lifetime_of(desktop), desktop.started_at
    return None if most is None or since is None else since + timedelta(seconds=most)


def lifetime_of(desktop: Desktop) -> int | None:
    """Return after how many seconds a launch ends that nobody extends, as its template says, else the desktop."""
    return desktop.template.lifetime_seconds or desktop.lifetime_seconds


def _most_lifetime_of(desktop: Desktop) -> int | None:
    source = desktop.template if desktop.template.lifetime_seconds else desktop
    return source.most_lifetime_seconds or source.lifetime_seconds


def may_be_kept(desktop: Desktop, cause: StopCause) -> bool:
    """Tell whether the person of a desktop can do something against its stop."""
    extends = cause is StopCause.LIFETIME and end_of_lifetime(desktop) != latest_end(desktop)
    return cause in {StopCause.IDLE, StopCause.SCHEDULE} or extends


def reason_of(desktop: Desktop, cause: StopCause) -> str:
    """Return why a desktop was stopped by itself, as a sentence."""
    if cause is StopCause.IDLE:
        return f"Nobody used it for {_in_words(desktop.template.idle_limit_seconds or 0)}."
    if cause is StopCause.BUDGET:
        return BUDGET_OVER
    if cause is StopCause.SCHEDULE:
        return "Its schedule stopped it."
    return f"It ran for {_length_of(desktop)}, as long as it may."


def warning_reason(desktop: Desktop, cause: StopCause) -> str:
    """Return why a desktop will be stopped by itself, as a sentence."""
    if cause is StopCause.IDLE:
        return f"It is stopped when nobody uses it for {_in_words(desktop.template.idle_limit_seconds or 0)}."
    if cause is StopCause.BUDGET:
        return "The hours of running desktops that its owner has are used up then. Home tells when they start anew."
    if cause is StopCause.SCHEDULE:
        return "Its schedule stops it. Kept, it goes on until the next time."
    if not may_be_kept(desktop, cause):
        return f"It may run for {_length_of(desktop)}, no longer."
    most = _in_words(_most_lifetime_of(desktop) or 0)
    return f"It runs for {_length_of(desktop)}, which its owner may extend to {most}."


def _length_of(desktop: Desktop) -> str:
    end, since = end_of_lifetime(desktop), desktop.started_at
    if desktop.ends_at is None or end is None or since is None:
        return _in_words(lifetime_of(desktop) or 0)
    return _in_words(round((end - since) / timedelta(minutes=1)) * 60)


def _in_words(seconds: int) -> str:
    sizes = ((3600, "hour"), (60, "minute"), (1, "second"))
    size, name = next((size, name) for size, name in sizes if seconds % size == 0)
    number = seconds // size
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
