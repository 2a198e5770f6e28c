"""Stores a group of pings: a person is still there, and did this meanwhile."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.activity.bulk import among, is_postgresql, update_rows
from deskbay.activity.intervals import Track, store_stretches
from deskbay.activity.models import Kind, SignIn
from deskbay.activity.stretches import DAY, MS, SECOND, Stretch, microseconds, moment, promised

DIGEST_BYTES = 8
DIGEST_LENGTH = 2 * DIGEST_BYTES
REMEMBERED = 16 * DIGEST_LENGTH
MILLISECOND = timedelta(milliseconds=1)
STEADY_CLOCK_MS = 2000
"""A clock's offset is measured anew when it has changed by more: the way of a ping takes time, too."""


class Outcome(StrEnum):
    """What became of a ping."""

    STORED = "stored"
    REPEATED = "repeated"
    UNKNOWN = "unknown-sign-in"
    TOO_OLD = "too-old"
    IN_FUTURE = "in-future"


class Ping(NamedTuple):
    """Someone is at a device `at` a time, by its clock, and promises another ping within so many seconds.

    Times are in microseconds since 1970. `device_id` and `login` are whose sign-in it has to be, where they are known.
    The clock's offset says by how many milliseconds the device's clock is ahead. `in_order` refuses what is older than
    the last ping, and takes the time as it stands; otherwise it is corrected by the offset, and merged wherever it
    belongs.
    """

    sign_in: UUID
    at: int
    promise_seconds: int
    latest: int
    earliest: int = 0
    event: str = ""
    application: str = ""
    open_applications: tuple[str, ...] = ()
    idle_seconds: int | None = None
    device_id: int | None = None
    login: str | None = None
    clock_offset_ms: int | None = None
    in_order: bool = False

    @property
    def digest(self) -> str:
        told = "\0".join((str(self.at), self.event, self.application, *self.open_applications))
        return blake2b(told.encode(), digest_size=DIGEST_BYTES).hexdigest()

    @property
    def doings(self) -> Iterator[tuple[Kind, str]]:
        yield Kind.PRESENCE, ""
        if self.event:
            yield Kind.EVENT, self.event
        if self.application:
            yield Kind.APPLICATION, self.application
        for name in self.open_applications:
            yield Kind.OPEN_APPLICATION, name


@dataclass(slots=True)
class KnownSignIn:
    """A sign-in as it is before the group, and after the pings that were taken so far."""

    id: int
    user_id: int
    device_id: int
    started_at: int
    ends_at: int
    last_ping_at: int
    input_at: int | None
    clock_offset_ms: int
    recent_pings: str
    login: str | None = None
    tracks: defaultdict[tuple[Kind, str], list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    changed: bool = False

    def take(self, ping: Ping) -> Outcome:
        digest = ping.digest
        if self._remembers(digest):
            return Outcome.REPEATED
        self._measure_clock(ping)
        at = ping.at if ping.in_order else ping.at - self._offset
        stretch = promised(at, ping.promise_seconds * SECOND)
        if at > ping.latest:
            return Outcome.IN_FUTURE
        if at < ping.earliest or (ping.in_order and self._is_older(at, stretch.ends)):
            return Outcome.TOO_OLD
        self.recent_pings = (digest + self.recent_pings)[:REMEMBERED]
        self._prolong(ping, at, stretch.ends)
        for doing in ping.doings:
            self.tracks[doing].append(stretch)
        return Outcome.STORED

    def _is_older(self, at: int, ends_at: int) -> bool:
        return at < self.last_ping_at or ends_at < self.ends_at or (ends_at == self.ends_at and at > self.last_ping_at)

    def _prolong(self, ping: Ping, at: int, ends_at: int) -> None:
        self.changed = True
        self.started_at = min(self.started_at, at)
        self.ends_at = max(self.ends_at, ends_at)
        if at >= self.last_ping_at and ping.idle_seconds is not None:
            self.input_at = at - ping.idle_seconds * SECOND
        self.last_ping_at = max(self.last_ping_at, at)

    def _measure_clock(self, ping: Ping) -> None:
        measured = ping.clock_offset_ms
        if measured is not None and (ping.in_order or abs(measured - self.clock_offset_ms) > STEADY_CLOCK_MS):
            self.changed |= measured != self.clock_offset_ms
            self.clock_offset_ms = measured

    @property
    def _offset(self) -> int:
        return self.clock_offset_ms * MS if abs(self.clock_offset_ms) > STEADY_CLOCK_MS else 0

    def new_stretches(self) -> Iterator[tuple[Track, list[Stretch]]]:
        """Yield what the pings say that was done, to be merged with what is stored."""
        for (kind, name), stretches in self.tracks.items():
            yield Track(self.user_id, self.device_id, self.id, kind, name), stretches

    def _remembers(self, digest: str) -> bool:
        at = self.recent_pings.find(digest)
        while at % DIGEST_LENGTH and at >= 0:  # halves of two digests are none
            at = self.recent_pings.find(digest, at + 1)
        return at >= 0


async def store_pings(db: AsyncSession, pings: Sequence[Ping], now: datetime) -> list[Outcome]:
    """Store pings, and return what became of each. The sign-ins stay locked until the transaction ends."""
    known = await _lock_sign_ins(db, pings)
    outcomes = [take(known.get(ping.sign_in), ping) for ping in pings]
    changed = [sign_in for sign_in in known.values() if sign_in.changed]
    await update_rows(db, SignIn.__table__, ["id"], [_row(sign_in) for sign_in in changed])  # type: ignore[arg-type]
    await store_stretches(db, dict(track for sign_in in changed for track in sign_in.new_stretches()), now)
    return outcomes


def take(sign_in: KnownSignIn | None, ping: Ping) -> Outcome:
    """Have a sign-in take a ping, if it is known and the ping may speak of it."""
    if sign_in is None or (ping.device_id is not None and ping.device_id != sign_in.device_id):
        return Outcome.UNKNOWN
    if ping.login is not None and ping.login != sign_in.login:
        return Outcome.UNKNOWN
    return sign_in.take(ping)


@cache
def _sign_ins(
    *, postgresql: bool
) -> Select[UUID, int, int, int, datetime, datetime, datetime, datetime | None, int, str]:
    return (
        select(
            SignIn.uuid,
            SignIn.id,
            SignIn.user_id,
            SignIn.device_id,
            SignIn.started_at,
            SignIn.ends_at,
            SignIn.last_ping_at,
            SignIn.input_at,
            SignIn.clock_offset_ms,
            SignIn.recent_pings,
        )
        .where(among(postgresql=postgresql, column=SignIn.uuid, parameter="uuids"))
        .order_by(SignIn.id)
        .with_for_update()
    )


@cache
def _logins(*, postgresql: bool) -> Select[int, str]:
    return select(User.id, User.username_key).where(among(postgresql=postgresql, column=User.id, parameter="ids"))


async def _lock_sign_ins(db: AsyncSession, pings: Sequence[Ping]) -> dict[UUID, KnownSignIn]:
    connection = await db.connection()
    uuids = list({ping.sign_in for ping in pings})
    rows = await connection.execute(_sign_ins(postgresql=is_postgresql(db)), {"uuids": uuids})
    known = {row.uuid: _known(*row[1:]) for row in rows}
    if any(ping.login is not None for ping in pings):
        await _add_logins(db, known)
    return known


def _known(  # noqa: PLR0917 - a row of `_sign_ins`
    key: int,
    user_id: int,
    device_id: int,
    started_at: datetime,
    ends_at: datetime,
    last_ping_at: datetime,
    input_at: datetime | None,
    clock_offset_ms: int,
    recent_pings: str,
) -> KnownSignIn:
    times = microseconds(started_at), microseconds(ends_at), microseconds(last_ping_at)
    input_us = microseconds(input_at) if input_at else None
    return KnownSignIn(key, user_id, device_id, *times, input_us, clock_offset_ms, recent_pings)


async def _add_logins(db: AsyncSession, known: dict[UUID, KnownSignIn]) -> None:
    ids = list({sign_in.user_id for sign_in in known.values()})
    connection = await db.connection()
    logins = dict((await connection.execute(_logins(postgresql=is_postgresql(db)), {"ids": ids})).all())
    for sign_in in known.values():
        sign_in.login = logins[sign_in.user_id]


def _row(sign_in: KnownSignIn) -> dict[str, object]:
    ends_at = moment(sign_in.ends_at)
    return {
        "id": sign_in.id,
        "started_at": moment(sign_in.started_at),
        "ends_at": ends_at,
        "ends_hour": hour_of(ends_at),
        "last_ping_at": moment(sign_in.last_ping_at),
        "input_at": None if sign_in.input_at is None else moment(sign_in.input_at),
        "clock_offset_ms": sign_in.clock_offset_ms,
        "recent_pings": sign_in.recent_pings,
    }


def hour_of(time: datetime) -> datetime:
    """Return when the hour began."""
    return time.replace(minute=0, second=0, microsecond=0)


def earliest_kept(now: int, activity_days: int | None) -> int:
    """Return since when intervals are kept. An older ping is refused: its day is only a total by now."""
    return now - (activity_days - 1) * DAY if activity_days else 0
