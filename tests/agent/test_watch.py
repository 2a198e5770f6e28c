"""In a desktop that may be stopped: what the server is told of input, and what its person sees."""

from typing import Any

import pytest
from tests.agent.device_time import DeviceTime

from deskbay.agent import system
from deskbay.agent.platforms.banner import Banner
from deskbay.agent.watch import KEEP, Watch

REASON = "It is stopped when nobody uses it for 1 hour."


class NotingReporter:
    """Notes what it shall tell the server."""

    def __init__(self) -> None:
        self.inputs: list[tuple[int, int]] = []
        self.handed: list[str] = []

    def tell_input(self, looked_at: int, input_at: int) -> None:
        self.inputs.append((looked_at, looked_at - input_at))

    def hand(self, path: str, _: object) -> None:
        self.handed.append(path)


class NotingBanner:
    """Notes what it shows; the test clicks on it."""

    wakers = (7,)

    def __init__(self) -> None:
        self.shown: str | None = None
        self.can_be_kept = False
        self.clicked = False

    def show(self, text: str, reason: str, *, can_be_kept: bool) -> None:
        self.shown, self.can_be_kept = f"{text} {reason}", can_be_kept

    def hide(self) -> None:
        self.shown = None

    def kept(self) -> bool:
        clicked, self.clicked = self.clicked, False
        return clicked


class Desk:
    """A desktop with its watch; `idle` is for how many seconds nobody has touched anything."""

    def __init__(self, *, banner: bool = True) -> None:
        self.time = DeviceTime()
        self.reporter = NotingReporter()
        self.banner = NotingBanner()
        opened: Banner | None = self.banner if banner else None
        self.watch = Watch(self.time, self.reporter, lambda: opened)  # type: ignore[arg-type] # a part of it will do
        self.idle = 0.0

    def pass_seconds(self, seconds: int) -> None:
        """Look each second, while nobody touches anything."""
        for _ in range(seconds):
            self.time.advance(1)
            self.idle += 1
            self.look()

    def look(self) -> None:
        self.watch.look(lambda: self.idle)

    def hear(self, every: float | None = 60, left: float | None = None, *, can_be_kept: bool = True) -> None:
        stop = None if left is None else {"in_seconds": left, "reason": REASON, "can_be_kept": can_be_kept}
        self.watch.hear({"report_seconds": every, "stop": stop})
        self.look()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_without_limits_nothing_is_told(desk: Desk) -> None:
    desk.pass_seconds(200)
    desk.hear(every=None)
    desk.pass_seconds(200)
    assert desk.reporter.inputs == []
    assert desk.watch.rest(5000) == 5000


def test_input_is_told_at_once_and_then_as_often_as_wanted(desk: Desk) -> None:
    desk.hear()
    desk.pass_seconds(125)
    assert desk.reporter.inputs == [(5000, 0), (65_000, 60_000), (125_000, 120_000)]


def test_it_wakes_up_in_time(desk: Desk) -> None:
    desk.hear(every=3)
    assert desk.watch.rest(5000) == 3000
    assert desk.watch.rest(1000) == 1000
    desk.time.advance(10)
    assert desk.watch.rest(5000) == 0


def test_a_warning_counts_down(desk: Desk) -> None:
    desk.hear(left=300)
    assert desk.banner.shown == f"This desktop will be stopped in 5:00. {REASON}"
    desk.pass_seconds(59)
    assert desk.banner.shown == f"This desktop will be stopped in 4:01. {REASON}"
    assert desk.watch.rest(5000) <= 1000
    desk.pass_seconds(300)
    assert desk.banner.shown == f"This desktop will be stopped in 0:00. {REASON}"


def test_a_warning_that_is_taken_back_goes_away(desk: Desk) -> None:
    desk.hear(left=300)
    desk.hear()
    assert desk.banner.shown is None
    desk.pass_seconds(5)
    assert desk.banner.shown is None


def test_input_during_a_warning_is_told_at_once(desk: Desk) -> None:
    desk.idle = 3300
    desk.hear(left=300)
    desk.pass_seconds(10)
    assert desk.reporter.inputs == [(5000, 3_300_000)]
    desk.idle = 0.5
    desk.look()
    assert desk.reporter.inputs[1:] == [(15_000, 500)]


def test_at_the_end_of_a_warning_it_is_told_that_nobody_came(desk: Desk) -> None:
    desk.idle = 3300
    desk.hear(left=45)
    desk.pass_seconds(46)
    assert desk.reporter.inputs == [(5000, 3_300_000), (50_000, 3_345_000)]


def test_the_button_keeps_it(desk: Desk) -> None:
    desk.hear(left=300)
    desk.banner.clicked = True
    desk.pass_seconds(3)
    assert desk.reporter.handed == [KEEP]


def test_a_lifetime_has_no_button(desk: Desk) -> None:
    desk.hear(every=None, left=300, can_be_kept=False)
    assert desk.banner.shown is not None
    assert not desk.banner.can_be_kept
    assert desk.reporter.inputs == []


def test_a_banner_wakes_the_agent_once_it_is_there(desk: Desk) -> None:
    assert not desk.watch.wakers
    desk.hear(left=300)
    assert desk.watch.wakers == (7,)


def test_where_there_is_no_banner_a_message_tells_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(system, "notify", told.append)
    desk = Desk(banner=False)
    desk.hear(left=300)
    desk.hear(left=290)
    desk.pass_seconds(5)
    assert told == [f"This desktop will be stopped in 5:00. {REASON}"]


@pytest.mark.parametrize("data", [{}, {"report_seconds": "often", "stop": None}, {"report_seconds": 1, "stop": {}}])
def test_what_can_not_be_understood_is_refused(desk: Desk, data: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        desk.watch.hear(data)
