"""Writes intervals: what is new is merged with what is stored, and only the difference is written."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.bulk import among, is_postgresql, update_rows
from deskbay.activity.models import Activity, Kind
from deskbay.activity.roll_ups import Touched, roll_up_again
from deskbay.activity.stretches import Stretch, day_of, days_touched, pieces, prolonged
from deskbay.kit.intervals import Period, beginning, following


class Track(NamedTuple):
    """What a person did of one kind, at one sign-in: intervals on a track are merged with each other."""

    user_id: int
    device_id: int
    sign_in_id: int
    kind: Kind
    name: str


class Key(NamedTuple):
    """Where an interval is stored."""

    id: int
    day: date


@dataclass(slots=True)
class Difference:
    """What has to be written: intervals that begin, those that end at another time, and those that are no more."""

    inserts: list[tuple[Track, Stretch]] = field(default_factory=list)
    updates: list[tuple[Key, Track, Stretch]] = field(default_factory=list)
    deletes: list[Key] = field(default_factory=list)

    def add(self, track: Track, stored: Mapping[Stretch, Key], new: Sequence[Stretch]) -> None:
        """Merge what is new on a track with what is stored of it."""
        if stored and len(new) == 1 and (longer := prolonged(last := max(stored), new[0])):
            # So it mostly is, and thousands come each second.
            if longer != last:
                self.updates.append((stored[last], track, longer))
            return
        wanted = pieces([*stored, *new])
        begun = {piece.starts: key for piece, key in stored.items() if piece not in wanted}
        for piece in wanted.difference(stored):
            key = begun.pop(piece.starts, None)
            if key is None:
                self.inserts.append((track, piece))
            else:
                self.updates.append((key, track, piece))
        self.deletes += begun.values()

    def begins_before(self, time: int) -> bool:
        """Tell whether any of it does that is written."""
        inserted = any(piece.starts < time for _, piece in self.inserts)
        return inserted or any(piece.starts < time for _, _, piece in self.updates)

    def touched(self) -> Iterator[Touched]:
        changed = (*self.inserts, *((track, piece) for _, track, piece in self.updates))
        return (Touched(track.user_id, track.device_id, piece.starts, piece.ends) for track, piece in changed)


async def store_stretches(db: AsyncSession, new: Mapping[Track, list[Stretch]], now: datetime) -> None:
    """Merge stretches into what is stored, in whatever order they come. Old days are rolled up again."""
    stored = await _stored(db, new)
    difference = Difference()
    for track, stretches in new.items():
        difference.add(track, stored.get(track, {}), stretches)
    await _write(db, difference)
    await roll_up_again(db, set(difference.touched()), now)


@cache
def _intervals(*, postgresql: bool) -> Select[int, int, int, Kind, str, int, int, int, int, date]:
    return select(
        Activity.user_id,
        Activity.device_id,
        Activity.sign_in_id,
        Activity.kind,
        Activity.name,
        Activity.starts,
        Activity.ends,
        Activity.reaches,
        Activity.id,
        Activity.day,
    ).where(
        among(postgresql=postgresql, column=Activity.user_id, parameter="users"),
        Activity.day.between(bindparam("first"), bindparam("last")),
    )


async def _stored(db: AsyncSession, new: Mapping[Track, list[Stretch]]) -> dict[Track, dict[Stretch, Key]]:
    stored: dict[Track, dict[Stretch, Key]] = defaultdict(dict)
    connection, statement = await db.connection(), _intervals(postgresql=is_postgresql(db))
    for (first, last), users in _ranges(new).items():
        rows = await connection.execute(statement, {"users": list(users), "first": first, "last": last})
        for user, device, sign_in, kind, name, starts, ends, reaches, key, day in rows:
            track = Track(user, device, sign_in, kind, name)
            if track in new:
                stored[track][Stretch(starts, ends, reaches)] = Key(key, day)
    return stored


def _ranges(new: Mapping[Track, list[Stretch]]) -> dict[tuple[date, date], set[int]]:
    """Return the days to look at, and for which users: mostly the same ones for all."""
    days: dict[int, set[date]] = defaultdict(set)
    for track, stretches in new.items():
        days[track.user_id].update(day for stretch in stretches for day in days_touched(stretch))
    ranges: dict[tuple[date, date], set[int]] = defaultdict(set)
    for user, touched in days.items():
        ranges[min(touched), max(touched)].add(user)
    return ranges


async def _write(db: AsyncSession, difference: Difference) -> None:
    updates = [{**key._asdict(), "ends": piece.ends, "reaches": piece.reaches} for key, _, piece in difference.updates]
    await update_rows(db, Activity.__table__, ["id", "day"], updates)  # type: ignore[arg-type]
    for key in difference.deletes:
        await db.execute(delete(Activity).where(Activity.id == key.id, Activity.day == key.day))
    if difference.inserts:
        await make_partitions(db, {day_of(piece.starts) for _, piece in difference.inserts})
        await db.execute(insert(Activity), [_row(track, piece) for track, piece in difference.inserts])


def _row(track: Track, piece: Stretch) -> dict[str, object]:
    return {**track._asdict(), **piece._asdict(), "day": day_of(piece.starts)}


async def make_partitions(db: AsyncSession, days: Collection[date]) -> None:
    """Make the months that are missing in PostgreSQL."""
    if not is_postgresql(db):
        return
    for month in sorted({beginning(day, Period.MONTH) for day in days}):
        name = f"activity_{month:%Y_%m}"
        if await db.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None:
            await _make_partition(db, name, month)


async def _make_partition(db: AsyncSession, name: str, month: date) -> None:
    until = following(month, Period.MONTH)
    bounds = f"FROM ('{month.isoformat()}') TO ('{until.isoformat()}')"
    # Room is left in each page, so that a ping changes a row in its place.
    await db.execute(
        text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF activity FOR VALUES {bounds} WITH (fillfactor = 80)")
    )
