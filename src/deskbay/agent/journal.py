"""What was used when, kept on disk until the server has it.

Times are milliseconds since the device was started. The time that its clock shows is worked out when a period is
sent: so a clock that was set right meanwhile puts earlier periods right, too.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from deskbay.agent.clock import Clock

MOST_PERIODS = 200_000
"""Kept at the most, some 30 MB: weeks of work without a server. Then the oldest go first."""

_TABLES = """
    CREATE TABLE IF NOT EXISTS periods (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, kind TEXT NOT NULL, application TEXT NOT NULL,
        name TEXT NOT NULL, run TEXT, boot TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER, sent INTEGER
    );
    CREATE UNIQUE INDEX IF NOT EXISTS growing ON periods (id) WHERE ends IS NULL;
    CREATE TABLE IF NOT EXISTS boots (
        boot TEXT PRIMARY KEY, shown_at_start INTEGER NOT NULL, open_until INTEGER NOT NULL, used_until INTEGER NOT NULL
    );
"""
_REACHED = "coalesce(ends, max(starts, CASE kind WHEN 'open' THEN open_until ELSE used_until END))"
"""Up to when a period goes."""
_START = "(CASE boot WHEN :boot THEN :shown_at_start ELSE shown_at_start END)"
_UNSENT = f"""
    SELECT number, id, kind, application, name, run, starts + {_START}, {_REACHED} + {_START}, {_REACHED}
    FROM periods JOIN boots USING (boot) WHERE {_REACHED} > coalesce(sent, starts) ORDER BY number LIMIT :most
"""  # noqa: S608 - nothing comes from outside


class Kind(StrEnum):
    """A person is there, an application is in front, an application is open."""

    PRESENCE = "presence"
    FOREGROUND = "foreground"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Begun:
    """A period that begins: at milliseconds since the device was started."""

    kind: Kind
    application: str
    name: str
    run: str | None
    starts: int
    id: str


def new_period(kind: Kind, application: str, name: str, run: str | None, starts: int) -> Begun:
    return Begun(kind, application, name, run, starts, str(uuid4()))


@dataclass(frozen=True, slots=True)
class Period:
    """A period as the server gets it: in milliseconds since 1970 by the device's clock.

    `number` and `reached`, its end in milliseconds since the device was started, are the journal's own.
    """

    number: int
    id: str
    kind: Kind
    application: str
    name: str
    run: str | None
    starts: int
    ends: int
    reached: int


class Journal:
    """The periods on disk. What a method writes is there before it returns. A journal belongs to one thread."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self._db = sqlite3.connect(file, isolation_level=None, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-64"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)

    def settle(self) -> None:
        """End what an agent before this one left growing: at the last moment that it wrote down."""
        reached = f"SELECT {_REACHED} FROM boots WHERE boots.boot = periods.boot"  # noqa: S608 - as above
        with self._writing():
            self._db.execute(f"UPDATE periods SET ends = ({reached}) WHERE ends IS NULL")  # noqa: S608
            self._db.execute("DELETE FROM boots WHERE boot NOT IN (SELECT boot FROM periods)")

    def write(self, begun: Iterable[Begun], ended: Iterable[tuple[int, str]], open_until: int, used_until: int) -> None:
        """Write what has begun, what has ended (when, and its id), and up to when the others go, all or nothing."""
        with self._writing():
            self._db.execute(
                "INSERT INTO boots VALUES (?, ?, ?, ?) ON CONFLICT (boot) DO UPDATE SET shown_at_start ="
                " excluded.shown_at_start, open_until = excluded.open_until, used_until = excluded.used_until",
                (self._clock.boot, self._shown_at_start(), open_until, used_until),
            )
            for one in begun:
                self._begin(one)
            end = "UPDATE periods SET ends = max(starts, ?) WHERE id = ? AND ends IS NULL"
            self._db.executemany(end, ended)

    def _begin(self, one: Begun) -> None:
        add = "INSERT INTO periods (id, kind, application, name, run, boot, starts) VALUES (?, ?, ?, ?, ?, ?, ?)"
        row = (one.id, one.kind, one.application, one.name, one.run, self._clock.boot, one.starts)
        number = self._db.execute(add, row).lastrowid or 0
        self._db.execute("DELETE FROM periods WHERE number <= ?", [number - MOST_PERIODS])

    def unsent(self, most: int) -> list[Period]:
        """What the server does not have yet, or has shorter than it is by now, oldest first."""
        asked = {"boot": self._clock.boot, "shown_at_start": self._shown_at_start(), "most": most}
        return [_period(*row) for row in self._db.execute(_UNSENT, asked)]

    def _shown_at_start(self) -> int:
        return self._clock.shown() - self._clock.elapsed()

    def forget(self, sent: Sequence[Period]) -> None:
        """The server has these, as far as they went when they were read."""
        with self._writing():
            for one in sent:
                self._db.execute("UPDATE periods SET sent = ? WHERE number = ?", [one.reached, one.number])
            self._db.execute("DELETE FROM periods WHERE ends <= coalesce(sent, starts)")

    def count(self) -> int:
        """How many periods the server doesn't have whole."""
        return int(self._db.execute("SELECT count(*) FROM periods").fetchone()[0])

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Open a transaction that is committed at the end, and taken back on an error."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _period(  # noqa: PLR0917 - as the columns come
    number: int, id_: str, kind: str, application: str, name: str, run: str | None, starts: int, ends: int, reached: int
) -> Period:
    return Period(number, id_, Kind(kind), application, name, run, starts, ends, reached)
