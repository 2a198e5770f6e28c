"""What a restore has to do for one application, and how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from subprocess import Popen

from deskbay.agent.identity import Catalogue
from deskbay.agent.launching import Start
from deskbay.agent.rules import Rule
from deskbay.agent.shapes import Application, ApplicationState, Progress

_MOST_NAMES = 3
"""So many missing documents are named; a name has up to 255 characters, a reason up to 1,000."""

_FINAL = {
    ApplicationState.ALREADY_RUNNING,
    ApplicationState.PLACED,
    ApplicationState.NOT_FOUND,
    ApplicationState.DENIED,
    ApplicationState.FAILED,
}


@dataclass(slots=True)
class Launched:
    """A start that was made, at `since` on the monotonic clock; without a process where an earlier try made it."""

    start: Start
    since: float
    process: "Popen[bytes] | None"


@dataclass(slots=True)
class Task:
    """An application to bring back.

    `taken` has the open window of each wished one, `lost` why others never came; `to_come` are the starts that still
    have to be made or to add something.
    """

    application: Application
    rule: Rule
    missing: Sequence[str]
    report: Callable[[Progress], None]
    state: ApplicationState = ApplicationState.WAITING
    taken: dict[int, int] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    to_come: set[str] = field(default_factory=set)

    @property
    def is_finished(self) -> bool:
        return self.state in _FINAL or (self.state is ApplicationState.STARTED and not self.application.windows)

    @property
    def open(self) -> list[int]:
        """The wished windows that are still to come."""
        return [index for index in range(len(self.application.windows)) if index not in {**self.taken, **self.lost}]

    def tell(self, state: ApplicationState, reason: str | None = None, suggestion: str | None = None) -> None:
        """Say how far it is, unless that was said."""
        if state is not self.state and not self.is_finished:
            self.state = state
            self.report(Progress(self.application.key, state, reason or self._about_missing(), suggestion))

    def _about_missing(self) -> str | None:
        if not self.missing:
            return None
        names = list(dict.fromkeys(PurePath(path).name for path in self.missing))
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        return f"Not on this device: {', '.join(names[:_MOST_NAMES])}{more}."

    def finish(self, state: ApplicationState) -> None:
        """Say how it ended, once every window has come, with all that is in it, or is given up."""
        if self.open or self.to_come:
            return
        if not self.lost:
            self.tell(state)
            return
        lost, all_ = len(self.lost), len(self.application.windows)
        reason = next(iter(self.lost.values()))
        self.tell(
            ApplicationState.FAILED,
            reason if lost == all_ else f"{lost} of {all_} windows did not open. {reason}",
            "Start it by hand to see what it says.",
        )


def suggestion_for(application: Application, rule: Rule, catalogue: Catalogue) -> str:
    """What a person could do about an application that is not here."""
    install = f"Install {application.name} on this device"
    other = next((name for name in rule.instead if catalogue.command_of(name)), None)
    return f"{install}, or use {catalogue.name_of(other)}, which is here." if other else f"{install}."
