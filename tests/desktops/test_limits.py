"""When a desktop is to be stopped by itself."""

from datetime import datetime, timedelta

import pytest
from tests.clock import FrozenClock

from deskbay.desktops import limits
from deskbay.desktops.limits import SILENCE, Stop, coming_stop, is_due, reason_of, report_seconds, warning_of
from deskbay.desktops.models import Desktop, StopCause, Template

START = FrozenClock().now()
HOUR = 3600


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def desktop(
    *,
    idle: int | None = None,
    lifetime: int | None = None,
    most: int | None = None,
    extended: float | None = None,
    active: float | None = None,
    watched: float | None = None,
    stop: Stop | None = None,
) -> Desktop:
    """Return a desktop that was started at START; limits in seconds, times in minutes after that."""
    return Desktop(
        template=Template(idle_limit_seconds=idle, lifetime_seconds=lifetime, most_lifetime_seconds=most),
        started_at=START,
        ends_at=None if extended is None else after(extended),
        active_at=None if active is None else after(active),
        watched_at=None if watched is None else after(watched),
        stop_at=stop.at if stop else None,
        stop_cause=stop.cause if stop else None,
    )


IDLE_AT_60, OLD_AT_60 = Stop(after(60), StopCause.IDLE), Stop(after(60), StopCause.LIFETIME)


@pytest.mark.parametrize(
    ("limit", "warning", "every"), [(HOUR, 300, 60), (1200, 300, 60), (240, 60, 20), (60, 15, 5), (8 * HOUR, 300, 60)]
)
def test_how_long_before_a_limit_people_are_warned(limit: int, warning: int, every: float) -> None:
    assert warning_of(timedelta(seconds=limit)) == timedelta(seconds=warning)
    assert report_seconds(limit) == every


class TestOwnLifetime:
    """A desktop has one where its template has none."""

    def test_it_ends_and_may_be_extended(self) -> None:
        own = desktop()
        own.lifetime_seconds, own.most_lifetime_seconds = HOUR, 2 * HOUR
        assert (limits.end_of_lifetime(own), limits.latest_end(own)) == (after(60), after(120))
        assert coming_stop(own, after(55)) == OLD_AT_60
        assert limits.may_be_kept(own, StopCause.LIFETIME)
        assert limits.warning_reason(own, StopCause.LIFETIME) == (
            "It runs for 1 hour, which its owner may extend to 2 hours."
        )

    def test_the_templates_goes_before_with_all_that_it_says(self) -> None:
        own = desktop(lifetime=HOUR)
        own.lifetime_seconds, own.most_lifetime_seconds = 3 * HOUR, 4 * HOUR
        assert (limits.end_of_lifetime(own), limits.latest_end(own)) == (after(60), after(60))

    def test_no_most_is_no_more(self) -> None:
        own = desktop()
        own.lifetime_seconds = HOUR
        assert limits.end_of_lifetime(own) == limits.latest_end(own) == after(60)


def test_without_limits_nothing_is_stopped() -> None:
    assert coming_stop(desktop(active=0, watched=9999), after(9999)) is None


@pytest.mark.parametrize(
    ("active", "watched", "now", "stop"),
    [
        (0, 54.9, 54.9, None),
        (0, 55, 55, IDLE_AT_60),
        (0, 55, 56, Stop(after(61), StopCause.IDLE)),
        (30, 84, 84, None),
        (30, 85, 85, Stop(after(90), StopCause.IDLE)),
    ],
)
def test_who_does_not_use_it_is_warned_for_five_minutes(
    active: float, watched: float, now: float, stop: Stop | None
) -> None:
    assert coming_stop(desktop(idle=HOUR, active=active, watched=watched), after(now)) == stop


def test_an_agent_that_never_told_anything_proves_nothing() -> None:
    assert coming_stop(desktop(idle=HOUR), after(999)) is None


def test_an_agent_that_fell_silent_proves_nothing_more() -> None:
    known = desktop(idle=HOUR, active=0, watched=56, stop=IDLE_AT_60)
    assert coming_stop(known, after(56) + SILENCE) == IDLE_AT_60
    assert coming_stop(known, after(56.1) + SILENCE) is None


def test_an_announced_stop_stays_at_its_time() -> None:
    assert coming_stop(desktop(idle=HOUR, active=0, watched=58, stop=IDLE_AT_60), after(58)) == IDLE_AT_60


def test_input_takes_an_announced_stop_back() -> None:
    assert coming_stop(desktop(idle=HOUR, active=57, watched=57, stop=IDLE_AT_60), after(57)) is None


def test_a_server_that_was_away_warns_for_the_whole_time() -> None:
    late = desktop(idle=HOUR, lifetime=None, active=0, watched=200)
    assert coming_stop(late, after(200)) == Stop(after(205), StopCause.IDLE)
    assert coming_stop(desktop(lifetime=HOUR), after(200)) == Stop(after(205), StopCause.LIFETIME)


@pytest.mark.parametrize(("now", "stop"), [(54.9, None), (55, OLD_AT_60), (57, Stop(after(62), StopCause.LIFETIME))])
def test_the_lifetime_holds_however_much_it_is_used(now: float, stop: Stop | None) -> None:
    assert coming_stop(desktop(lifetime=HOUR, active=now, watched=now), after(now)) == stop


def test_the_lifetime_holds_without_an_agent() -> None:
    assert coming_stop(desktop(idle=60, lifetime=HOUR), after(55)) == OLD_AT_60


def test_of_two_stops_the_sooner_one_comes() -> None:
    both = desktop(idle=HOUR, lifetime=2 * HOUR, active=58, watched=115)
    assert coming_stop(both, after(115)) == Stop(after(120), StopCause.IDLE)
    both.active_at = after(115)
    assert coming_stop(both, after(115)) == Stop(after(120), StopCause.LIFETIME)


@pytest.mark.parametrize(
    ("extended", "most", "end", "latest"),
    [
        (None, None, 60, 60),
        (None, 3 * HOUR, 60, 180),
        (90, 3 * HOUR, 90, 180),
        (180, 3 * HOUR, 180, 180),
        (180, 2 * HOUR, 120, 120),  # the most was lowered meanwhile
        (30, 3 * HOUR, 60, 180),  # the lifetime was raised meanwhile
    ],
)
def test_its_person_moves_the_end_of_its_lifetime_up_to_the_latest(
    extended: float | None, most: int | None, end: float, latest: float
) -> None:
    extendable = desktop(lifetime=HOUR, most=most, extended=extended)
    assert (limits.end_of_lifetime(extendable), limits.latest_end(extendable)) == (after(end), after(latest))
    assert limits.may_be_kept(extendable, StopCause.LIFETIME) is (end < latest)
    assert coming_stop(extendable, after(end - 5)) == Stop(after(end), StopCause.LIFETIME)


def test_a_warning_that_goes_on_moves_with_the_end() -> None:
    extended = desktop(lifetime=HOUR, most=2 * HOUR, extended=62, stop=OLD_AT_60)
    assert coming_stop(extended, after(58)) == Stop(after(62), StopCause.LIFETIME)


def test_without_a_lifetime_there_is_no_end() -> None:
    endless = desktop(extended=60)
    assert (limits.end_of_lifetime(endless), limits.latest_end(endless)) == (None, None)


def test_the_reasons_name_what_was_extended() -> None:
    extended = desktop(lifetime=HOUR, most=3 * HOUR, extended=90)
    warning = limits.warning_reason(extended, StopCause.LIFETIME)
    assert warning == "It runs for 90 minutes, which its owner may extend to 3 hours."
    extended.ends_at = after(180)
    assert limits.warning_reason(extended, StopCause.LIFETIME) == "It may run for 3 hours, no longer."
    assert reason_of(extended, StopCause.LIFETIME) == "It ran for 3 hours, as long as it may."


@pytest.mark.parametrize(
    ("watched", "now", "due"),
    [(59.5, 59.9, False), (59.5, 60, False), (59.9, 60.5, False), (60, 60, True), (61, 61, True)],
)
def test_an_idle_desktop_is_stopped_once_it_is_told_that_nobody_came_until_then(
    watched: float, now: float, due: bool
) -> None:
    assert is_due(desktop(idle=HOUR, active=0, watched=watched, stop=IDLE_AT_60), after(now)) is due


def test_an_idle_desktop_that_was_used_in_the_last_moment_goes_on() -> None:
    assert not is_due(desktop(idle=HOUR, active=59.9, watched=60, stop=IDLE_AT_60), after(60))


@pytest.mark.parametrize(("now", "due"), [(59.9, False), (60, True)])
def test_an_old_desktop_is_stopped_at_its_time(now: float, due: bool) -> None:
    assert is_due(desktop(lifetime=HOUR, active=now, watched=now, stop=OLD_AT_60), after(now)) is due


def test_nobody_is_stopped_unannounced() -> None:
    assert not is_due(desktop(idle=HOUR, lifetime=HOUR, active=0, watched=999), after(999))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(HOUR, "1 hour"), (5400, "90 minutes"), (60, "1 minute"), (90, "90 seconds"), (7200, "2 hours")],
)
def test_the_reasons_name_the_limit(seconds: int, words: str) -> None:
    limited = desktop(idle=seconds, lifetime=seconds)
    assert reason_of(limited, StopCause.IDLE) == f"Nobody used it for {words}."
    assert reason_of(limited, StopCause.LIFETIME) == f"It ran for {words}, as long as it may."
    assert words in limits.warning_reason(limited, StopCause.IDLE)
    assert words in limits.warning_reason(limited, StopCause.LIFETIME)
