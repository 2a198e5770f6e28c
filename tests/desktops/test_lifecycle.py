"""What to do next with a desktop."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.desktops.lifecycle import (
    HOST_RESTARTED,
    SIGNED_OUT,
    TOO_SLOW_TO_START,
    VANISHED,
    Action,
    Decision,
    Situation,
    decide,
)
from deskbay.desktops.models import State, Wanted
from deskbay.desktops.runtimes import Observation, Presence

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ABSENT = Observation(Presence.ABSENT)
STARTING = Observation(Presence.STARTING)
READY = Observation(Presence.READY)
CRASHED = Observation(Presence.ABSENT, reason="Xvnc: no space left")
LEFT = Observation(Presence.ABSENT, left=True)
SPARE = Observation(Presence.SPARE)


def situation(
    wanted: Wanted,
    state: State,
    seen: Observation,
    *,
    launched: bool = False,
    deadline: datetime | None = None,
) -> Situation:
    return Situation(wanted=wanted, state=state, deadline=deadline, seen=seen, launched=launched, now=NOW)


@pytest.mark.parametrize(
    ("state", "seen", "decision"),
    [
        (State.PENDING, ABSENT, Decision(Action.LAUNCH, State.STARTING, State.STARTING)),
        (State.PENDING, READY, Decision(Action.END, State.PENDING, State.PENDING)),
        (State.PENDING, SPARE, Decision(Action.LAUNCH, State.STARTING, State.STARTING)),
        (State.RUNNING, READY, Decision(Action.REST, State.RUNNING, State.RUNNING)),
        (State.RUNNING, ABSENT, Decision(Action.END, State.RUNNING, State.FAILED, VANISHED)),
        (State.RUNNING, SPARE, Decision(Action.END, State.RUNNING, State.PENDING, HOST_RESTARTED)),
        (State.RUNNING, LEFT, Decision(Action.END, State.RUNNING, State.STOPPED, SIGNED_OUT)),
        (State.STOPPING, READY, Decision(Action.END, State.STOPPING, State.PENDING)),
        (State.STOPPING, ABSENT, Decision(Action.END, State.STOPPING, State.PENDING)),
    ],
)
def test_wanted_running(state: State, seen: Observation, decision: Decision) -> None:
    assert decide(situation(Wanted.RUNNING, state, seen)) == decision


@pytest.mark.parametrize("state", [State.PENDING, State.STARTING, State.RUNNING, State.STOPPING])
@pytest.mark.parametrize("seen", [ABSENT, SPARE, STARTING, READY])
def test_wanted_stopped_ends_whatever_there_is(state: State, seen: Observation) -> None:
    decision = decide(situation(Wanted.STOPPED, state, seen))
    assert decision == Decision(Action.END, State.STOPPING, State.STOPPED)


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED])
def test_at_rest_it_stays_as_it_is_but_nothing_may_run(state: State) -> None:
    assert decide(situation(Wanted.STOPPED, state, ABSENT)) == Decision(Action.REST, state, state)
    for seen in (READY, SPARE):
        assert decide(situation(Wanted.STOPPED, state, seen)) == Decision(Action.END, state, state)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("seen", [ABSENT, READY, CRASHED])
def test_wanted_deleted_deletes_from_anywhere(state: State, seen: Observation) -> None:
    assert decide(situation(Wanted.DELETED, state, seen)).action is Action.DELETE


def test_a_start_that_takes_too_long_fails() -> None:
    late = situation(Wanted.RUNNING, State.STARTING, STARTING, launched=True, deadline=NOW - timedelta(seconds=1))
    assert decide(late) == Decision(Action.END, State.STARTING, State.FAILED, TOO_SLOW_TO_START)


@pytest.mark.parametrize(
    ("seen", "decision"),
    [
        (STARTING, Decision(Action.WAIT, State.STARTING, State.STARTING)),
        (READY, Decision(Action.REST, State.STARTING, State.RUNNING)),
        (CRASHED, Decision(Action.END, State.STARTING, State.FAILED, "Xvnc: no space left")),
        (ABSENT, Decision(Action.END, State.STARTING, State.FAILED, VANISHED)),
    ],
)
def test_a_start_of_our_own(seen: Observation, decision: Decision) -> None:
    assert decide(situation(Wanted.RUNNING, State.STARTING, seen, launched=True)) == decision


@pytest.mark.parametrize("seen", [STARTING, READY])
def test_what_a_server_left_half_started_is_ended_first(seen: Observation) -> None:
    found = situation(Wanted.RUNNING, State.STARTING, seen)
    assert decide(found) == Decision(Action.END, State.PENDING, State.PENDING)


@pytest.mark.parametrize("seen", [ABSENT, SPARE, CRASHED])
def test_a_start_whose_server_died_is_launched_by_the_next(seen: Observation) -> None:
    found = situation(Wanted.RUNNING, State.STARTING, seen)
    assert decide(found) == Decision(Action.LAUNCH, State.STARTING, State.STARTING)


class WillingRuntime:
    """Does at once what it is told."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence

    def act(self, action: Action) -> None:
        if action is Action.LAUNCH:
            self.presence = Presence.STARTING
        elif action is Action.WAIT:
            self.presence = Presence.READY
        elif action in {Action.END, Action.DELETE}:
            self.presence = Presence.ABSENT


GOALS = {
    Wanted.RUNNING: {State.RUNNING, State.STOPPED, State.FAILED},
    Wanted.STOPPED: {State.STOPPED, State.FAILED},
    Wanted.DELETED: {State.STOPPED},
}


@given(st.sampled_from(Wanted), st.sampled_from(State), st.sampled_from(Presence), st.booleans())
def test_it_gets_where_it_is_wanted_from_anywhere(
    wanted: Wanted, state: State, presence: Presence, launched: bool
) -> None:
    runtime = WillingRuntime(presence)
    for _ in range(6):
        decision = decide(situation(wanted, state, Observation(runtime.presence), launched=launched))
        runtime.act(decision.action)
        launched = launched or decision.action is Action.LAUNCH
        state = decision.after
        if decision.action is Action.DELETE or (decision.action is Action.REST and decision.after is decision.during):
            break
    assert state in GOALS[wanted]
    assert (runtime.presence is not Presence.ABSENT) == (state is State.RUNNING)
