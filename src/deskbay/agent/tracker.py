"""From what is seen each second to periods: who is there, what is in front, what is open.

seen       . . . . . . . . . . . . .      input  x x . x . . . . . . . x
presence         |--------|         |         begins with input, ends with the last input before a long pause
foreground       |--a-|-b-|         |         only while a person is there
open         |-------a--------------|         from when it is seen open until it is not
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deskbay.agent.journal import Begun, Journal, Kind, new_period

IDLE_MS = 5 * 60 * 1000
"""Without input for so long nobody is there. Shorter pauses count: people read."""
GAP_MS = 10_000
"""Nothing seen for so long: the device slept. What was going on ended before that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on the screen at a moment: applications by id with their names. Times in milliseconds."""

    at: int
    idle: int
    opened: Mapping[str, str]
    front: str | None

    def without(self, excluded: frozenset[str]) -> "Seen":
        """Return the same without what its person doesn't want to be seen."""
        opened = {application: name for application, name in self.opened.items() if application not in excluded}
        return Seen(self.at, self.idle, opened, self.front if self.front in opened else None)


class Tracker:
    """Turns moments into periods and writes them down, once for each moment."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._run: str | None = None
        self._open: dict[str, str] = {}
        self._presence: str | None = None
        self._front: tuple[str, str] | None = None
        self._open_until, self._used_until = -GAP_MS, 0
        self._begun: list[Begun] = []
        self._ended: list[tuple[int, str]] = []

    @property
    def is_tracking(self) -> bool:
        return bool(self._open or self._presence)

    def observe(self, seen: Seen, run: str | None) -> None:
        """Write down a moment. `run` is the activation of the session that is tracked, if one is."""
        if seen.at - self._open_until >= GAP_MS:
            self._end_all()
            self._used_until = seen.at
        elif run != self._run:
            self._cut(seen)
        self._run, self._open_until = run, seen.at
        self._look_what_is_open(seen)
        self._look_who_is_there(seen)
        self._write()

    def stop(self) -> None:
        """End everything at the last moment seen: the rest is not to be recorded."""
        self._end_all()
        if self._ended:
            self._write()
        self._open_until = -GAP_MS

    def _write(self) -> None:
        self._journal.write(self._begun, self._ended, self._open_until, self._used_until)
        self._begun, self._ended = [], []

    def _cut(self, seen: Seen) -> None:
        """End everything now, so that it begins anew without a gap."""
        self._open_until = seen.at
        if seen.idle < IDLE_MS:
            self._used_until = seen.at
        self._end_all()

    def _look_what_is_open(self, seen: Seen) -> None:
        for application in self._open.keys() - seen.opened.keys():
            self._end(self._open.pop(application), seen.at)
        for application, name in seen.opened.items():
            if application not in self._open:
                self._open[application] = self._begin(Kind.OPEN, application, name, seen.at)

    def _look_who_is_there(self, seen: Seen) -> None:
        if seen.idle >= IDLE_MS:
            self._end_use()
            return
        self._used_until = max(self._used_until, seen.at - seen.idle)
        if self._presence is None:
            self._presence = self._begin(Kind.PRESENCE, "", "", self._used_until)
        if seen.front != (self._front[0] if self._front else None):
            self._change_front(seen)

    def _change_front(self, seen: Seen) -> None:
        if self._front:
            self._end(self._front[1], seen.at)
        self._front = None
        if seen.front is not None:
            self._front = seen.front, self._begin(Kind.FOREGROUND, seen.front, seen.opened[seen.front], seen.at)

    def _begin(self, kind: Kind, application: str, name: str, at: int) -> str:
        begun = new_period(kind, application, name, self._run, at)
        self._begun.append(begun)
        return begun.id

    def _end(self, id_: str, at: int) -> None:
        self._ended.append((at, id_))

    def _end_use(self) -> None:
        for id_ in self._in_use():
            self._end(id_, self._used_until)
        self._presence = self._front = None

    def _in_use(self) -> Iterator[str]:
        if self._presence:
            yield self._presence
        if self._front:
            yield self._front[1]

    def _end_all(self) -> None:
        self._end_use()
        for id_ in self._open.values():
            self._end(id_, self._open_until)
        self._open = {}
