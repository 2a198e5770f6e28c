"""What to do next with a desktop: a pure function of what is wanted, what is known and what is seen.

pending ──► starting ──► running ──► stopping ──► stopped
   ▲            │           │            │           │
   │            └──────► failed ◄────────┘           │
   └───────────────── start again ◄──────────────────┘
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from deskbay.desktops.models import State, Wanted
from deskbay.desktops.runtimes import Observation, Presence

SIGNED_OUT = "You signed out of the desktop."
TOO_SLOW_TO_START = "The desktop did not come up in time. Its log says how far it got; try again."
TOO_SLOW_TO_STOP = "The desktop could not be ended yet. The server keeps trying."
HOST_RESTARTED = "The host was restarted, and the desktop with it. It is started again; its home is there."
VANISHED = "The desktop's processes are gone: they crashed, or ran out of memory. Start it again."


class Action(StrEnum):
    """What the reconciler does to the runtime."""

    REST = "rest"
    WAIT = "wait"
    LAUNCH = "launch"
    END = "end"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Situation:
    """A desktop at one moment. `launched`: whether who asks has itself begun the present launch."""

    wanted: Wanted
    state: State
    deadline: datetime | None
    seen: Observation
    launched: bool
    now: datetime

    @property
    def present(self) -> bool:
        return self.seen.presence is not Presence.ABSENT

    @property
    def is_spare(self) -> bool:
        return self.seen.presence is Presence.SPARE

    @property
    def overdue(self) -> bool:
        return self.deadline is not None and self.now > self.deadline


@dataclass(frozen=True, slots=True)
class Decision:
    """The next action, the states that the desktop is in while and after it is done, and the reason for the latter."""

    action: Action
    during: State
    after: State
    reason: str | None = None


def decide(situation: Situation) -> Decision:
    """Return what to do next. Asked again and again, it leads from anywhere to what is wanted."""
    if situation.wanted is Wanted.DELETED:
        return Decision(Action.DELETE, State.STOPPING, State.STOPPED)
    if situation.wanted is Wanted.STOPPED:
        return _TOWARD_STOPPED.get(situation.state, _stop)(situation)
    return _TOWARD_RUNNING[situation.state](situation)


def _stop(_: Situation) -> Decision:
    return Decision(Action.END, State.STOPPING, State.STOPPED)


def _stay(situation: Situation) -> Decision:
    action = Action.END if situation.present else Action.REST
    return Decision(action, situation.state, situation.state)


def _launch(situation: Situation) -> Decision:
    if situation.present and not situation.is_spare:
        return Decision(Action.END, State.PENDING, State.PENDING)  # what is left of an earlier launch
    return Decision(Action.LAUNCH, State.STARTING, State.STARTING)


def _follow_start(situation: Situation) -> Decision:
    if not situation.launched:
        return _launch(situation)  # who began it died over it, and nobody knows how far it got
    if situation.seen.presence is Presence.READY:
        return Decision(Action.REST, State.STARTING, State.RUNNING)
    if situation.overdue:
        return Decision(Action.END, State.STARTING, State.FAILED, TOO_SLOW_TO_START)
    if situation.present:
        return Decision(Action.WAIT, State.STARTING, State.STARTING)
    return Decision(Action.END, State.STARTING, State.FAILED, situation.seen.reason or VANISHED)


def _watch(situation: Situation) -> Decision:
    if situation.present and not situation.is_spare:
        return Decision(Action.REST, State.RUNNING, State.RUNNING)
    if situation.seen.left:
        return Decision(Action.END, State.RUNNING, State.STOPPED, SIGNED_OUT)
    if situation.seen.lost or situation.is_spare:  # what was a spare once is one again when it is restarted
        return Decision(Action.END, State.RUNNING, State.PENDING, HOST_RESTARTED)
    return Decision(Action.END, State.RUNNING, State.FAILED, situation.seen.reason or VANISHED)


def _turn_round(_: Situation) -> Decision:
    return Decision(Action.END, State.STOPPING, State.PENDING)


_TOWARD_STOPPED = {State.STOPPED: _stay, State.FAILED: _stay}

_TOWARD_RUNNING = {
    State.PENDING: _launch,
    State.STARTING: _follow_start,
    State.RUNNING: _watch,
    State.STOPPING: _turn_round,
    State.STOPPED: _stay,
    State.FAILED: _stay,
}
