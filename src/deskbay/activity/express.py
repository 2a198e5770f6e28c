"""The express way into PostgreSQL, for what nearly all pings are: about now, and of a sign-in that goes on.

A group takes one statement or two. The first reads without a lock the sign-ins that are not remembered from their last
ping. The second writes what the pings change, of each sign-in whose row is still the one that is known: xmin tells rows
from their successors. All else is left to the general way.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import UUID

from asyncpg import CheckViolationError, DeadlockDetectedError  # type: ignore[import-untyped]

from deskbay.activity.intervals import Difference, Key
from deskbay.activity.pings import KnownSignIn, Outcome, Ping, take
from deskbay.activity.roll_ups import LATE
from deskbay.activity.stretches import DAY, LONGEST_TOLERANCE, Stretch, day_of, microseconds
from deskbay.database.direct import Direct

READ = """
SELECT sign_ins.uuid, sign_ins.id, sign_ins.user_id, sign_ins.device_id,
       (extract(epoch FROM sign_ins.started_at) * 1000000)::bigint,
       (extract(epoch FROM sign_ins.ends_at) * 1000000)::bigint,
       (extract(epoch FROM sign_ins.last_ping_at) * 1000000)::bigint,
       (extract(epoch FROM sign_ins.input_at) * 1000000)::bigint,
       sign_ins.clock_offset_ms, sign_ins.recent_pings, users.username_key, sign_ins.xmin,
       activity.kind, activity.name, activity.starts, activity.ends, activity.reaches, activity.id, activity.day
FROM sign_ins
JOIN users ON users.id = sign_ins.user_id
LEFT JOIN activity ON activity.user_id = sign_ins.user_id AND activity.sign_in_id = sign_ins.id
    AND activity.day BETWEEN $2 AND $3
WHERE sign_ins.uuid = ANY($1::uuid[])
"""
PROLONG = """
WITH prolonged AS (
    UPDATE sign_ins
    SET started_at = 'epoch'::timestamptz + new.started_at * interval '1 microsecond',
        ends_at = 'epoch'::timestamptz + new.ends_at * interval '1 microsecond',
        ends_hour = date_trunc('hour', 'epoch'::timestamptz + new.ends_at * interval '1 microsecond', 'UTC'),
        last_ping_at = 'epoch'::timestamptz + new.last_ping_at * interval '1 microsecond',
        input_at = 'epoch'::timestamptz + new.input_at * interval '1 microsecond',
        clock_offset_ms = new.clock_offset_ms,
        recent_pings = new.recent_pings
    FROM unnest($3::bigint[], $4::xid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                $10::varchar[], $11::varchar[])
        AS new(id, version, started_at, ends_at, last_ping_at, input_at, clock_offset_ms, recent_pings, login),
        users
    WHERE sign_ins.id = new.id AND sign_ins.xmin = new.version
        AND users.id = sign_ins.user_id AND users.username_key = new.login
    RETURNING sign_ins.id, sign_ins.xmin
), lengthened AS (
    UPDATE activity
    SET ends = new.ends, reaches = new.reaches
    FROM unnest($12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
        AS new(id, sign_in_id, ends, reaches)
    JOIN prolonged ON prolonged.id = new.sign_in_id
    WHERE activity.id = new.id AND activity.day BETWEEN $1 AND $2
)
"""
BEGIN = """, begun AS (
    INSERT INTO activity (day, user_id, device_id, sign_in_id, kind, name, starts, ends, reaches)
    SELECT new.*
    FROM unnest($16::date[], $17::bigint[], $18::bigint[], $19::bigint[], $20::varchar[], $21::varchar[],
                $22::bigint[], $23::bigint[], $24::bigint[])
        AS new(day, user_id, device_id, sign_in_id, kind, name, starts, ends, reaches)
    JOIN prolonged ON prolonged.id = new.sign_in_id
)
"""
WRITTEN = "SELECT id, xmin FROM prolonged"
MOST_REMEMBERED = 20_000
"""Sign-ins take some 2 kB of memory each. What is forgotten is read again."""
_Row = tuple[
    UUID, int, int, int, int, int, int, int | None, int, str, str,
    int, str | None, str, int, int, int, int, date,
]  # fmt: skip


class _Window(NamedTuple):
    """The days that are looked at, and between what moments all that a stretch may go on from, or into, is on them."""

    first: date
    last: date
    starts: int
    ends: int

    def holds(self, stretches: Iterable[Stretch]) -> bool:
        return all(self.starts <= one.starts and one.reaches < self.ends for one in stretches)


def _window(now: datetime) -> _Window:
    today = microseconds(now) // DAY * DAY
    return _Window(day_of(today - DAY), day_of(today + DAY), today - DAY + LONGEST_TOLERANCE, today + 2 * DAY)


@dataclass(slots=True)
class _Seen:
    """A sign-in, and the intervals on its tracks in the window."""

    uuid: UUID
    sign_in: KnownSignIn
    version: int
    stored: dict[tuple[str, str], dict[Stretch, Key]] = field(default_factory=dict)
    is_remembered: bool = False
    is_written: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether it may be another by now: memory is true for sure where it could be written to."""
        return self.is_remembered and not self.is_written

    @property
    def is_left(self) -> bool:
        """Whether it changed, and could not be written."""
        return self.sign_in.changed

    def difference(self, window: _Window, rolled_up: int) -> Difference | None:
        """Return what has to be written; None when it goes beyond the window, or is more than what goes on."""
        difference = Difference()
        for track, stretches in self.sign_in.new_stretches():
            if not window.holds(stretches):
                return None
            difference.add(track, self.stored.get((track.kind, track.name), {}), stretches)
        if difference.deletes or difference.begins_before(rolled_up):
            return None
        return difference

    def go_on(self, version: int, difference: Difference) -> None:
        """Be as it was written."""
        self.is_written, self.version = True, version
        for key, track, piece in difference.updates:
            stored = self.stored[track.kind, track.name]
            stored.pop(next(one for one in stored if one.starts == piece.starts))
            stored[piece] = key
        self.sign_in.tracks.clear()
        self.sign_in.changed = False


class _Memory:
    """Sign-ins as their last pings left them, which most of them still are at the next one."""

    def __init__(self) -> None:
        self._window: _Window | None = None
        self._seen: dict[UUID, _Seen] = {}

    def take(self, uuids: Iterable[UUID], window: _Window) -> dict[UUID, _Seen]:
        """Return what is known of sign-ins, and forget it: what becomes of them is not sure before it is written."""
        if window != self._window:
            self._window, self._seen = window, {}
        taken = {uuid: seen for uuid in uuids if (seen := self._seen.pop(uuid, None))}
        for seen in taken.values():
            seen.is_remembered, seen.is_written = True, False
        return taken

    def keep(self, seen: _Seen) -> None:
        self._seen[seen.uuid] = seen
        if len(self._seen) > MOST_REMEMBERED:
            del self._seen[next(iter(self._seen))]


@dataclass(slots=True)
class _Batch:
    """What the second statement writes, a tuple for each row."""

    sign_ins: list[tuple[object, ...]] = field(default_factory=list)
    lengthened: list[tuple[object, ...]] = field(default_factory=list)
    begun: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, seen: _Seen, difference: Difference) -> None:
        one = seen.sign_in
        times = one.started_at, one.ends_at, one.last_ping_at, one.input_at
        self.sign_ins.append((one.id, seen.version, *times, one.clock_offset_ms, one.recent_pings, one.login))
        self.lengthened += (
            (key.id, track.sign_in_id, piece.ends, piece.reaches) for key, track, piece in difference.updates
        )
        self.begun += ((day_of(piece.starts), *track, *piece) for track, piece in difference.inserts)


class Express:
    """Stores groups of pings, as far as they go this way."""

    def __init__(self, direct: Direct) -> None:
        self._direct = direct
        self._memory = _Memory()

    async def store(self, pings: Sequence[Ping], now: datetime) -> list[Outcome | None]:
        """Return what became of each ping once that is on disk; None for those that have to go the general way."""
        window = _window(now)
        seen = await self._look({ping.sign_in for ping in pings}, window)
        whose = [seen.get(ping.sign_in) for ping in pings]
        outcomes = [take(one.sign_in if one else None, ping) for one, ping in zip(whose, pings, strict=True)]
        await self._write(seen.values(), window, microseconds(now - LATE))
        stale = [ping for one, ping in zip(whose, pings, strict=True) if one and one.is_stale]
        again = iter(await self.store(stale, now) if stale else ())
        return [
            next(again) if one and one.is_stale else None if one and one.is_left else outcome
            for one, outcome in zip(whose, outcomes, strict=True)
        ]

    async def _look(self, uuids: AbstractSet[UUID], window: _Window) -> dict[UUID, _Seen]:
        seen = self._memory.take(uuids, window)
        if len(seen) < len(uuids):
            seen |= await self._read(uuids - seen.keys(), window)
        return seen

    async def _read(self, uuids: Iterable[UUID], window: _Window) -> dict[UUID, _Seen]:
        rows = cast("list[_Row]", await self._direct.fetch(READ, list(uuids), window.first, window.last))
        seen: dict[UUID, _Seen] = {}
        for row in rows:
            if (one := seen.get(row[0])) is None:
                one = seen[row[0]] = _Seen(row[0], KnownSignIn(*row[1:11]), row[11])
            if row[12] is not None:
                one.stored.setdefault((row[12], row[13]), {})[Stretch(*row[14:17])] = Key(*row[17:])
        return seen

    async def _write(self, seen: Iterable[_Seen], window: _Window, rolled_up: int) -> None:
        """Write what has changed, where that is possible."""
        differences = [
            (one, found) for one in seen if one.sign_in.changed and (found := one.difference(window, rolled_up))
        ]
        batch = _Batch()
        for one, difference in differences:
            batch.add(one, difference)
        versions = await self._prolong(batch, window)
        for one, difference in differences:
            if version := versions.get(one.sign_in.id):
                one.go_on(version, difference)
                if not difference.inserts:  # their keys are not known
                    self._memory.keep(one)

    async def _prolong(self, batch: _Batch, window: _Window) -> dict[int, int]:
        """Return the rows that were written, and the version that each has now."""
        if not batch.sign_ins:
            return {}
        columns = [*_columns(batch.sign_ins, 9), *_columns(batch.lengthened, 4)]
        statement = PROLONG + WRITTEN
        if batch.begun:
            statement = PROLONG + BEGIN + WRITTEN
            columns += _columns(batch.begun, 9)
        try:
            rows = await self._direct.fetch(statement, window.first, window.last, *columns)
        except (CheckViolationError, DeadlockDetectedError):  # a month is missing, or two groups hold each other up
            return {}
        return dict(cast("list[tuple[int, int]]", rows))


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> Iterable[Sequence[object]]:
    return zip(*rows, strict=True) if rows else [()] * width
