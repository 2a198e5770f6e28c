"""How long the applications of a session were open and in the foreground: exact periods, each within its run."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.stretches import microseconds, moment
from deskbay.kit.intervals import Interval, merge
from deskbay.sessions.models import Run, Session, Usage, UsageKind

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Reported:
    """A period as a device tells of it; times in microseconds since 1970 UTC."""

    run: UUID
    id: UUID
    kind: UsageKind
    application: str
    name: str
    began: int
    lasted: int


@dataclass(frozen=True, slots=True)
class Window:
    """What of a run counts: from its start, and to its end where it has one."""

    starts: int
    ends: int | None

    @classmethod
    def of(cls, run: Run) -> "Window":
        last = run.ended_at if run.is_kept else run.flushed_at
        return cls(microseconds(run.started_at), None if last is None else microseconds(last))

    def clip(self, began: int, ended: int) -> tuple[int, int] | None:
        """Return the part of a period that is within, None when there is none.

        began        ended
          |===========|
              |--window--
              |=======|
        """
        starts = max(began, self.starts)
        ends = ended if self.ends is None else min(ended, self.ends)
        return (starts, ends) if starts < ends else None


def begin_run(db: AsyncSession, session: Session, device_id: int, now: datetime) -> None:
    """Count usage from now on."""
    run = Run(id=uuid4(), session_id=session.id, device_id=device_id, started_at=now, flushed_at=now, is_kept=True)
    db.add(run)
    session.run_id = run.id


async def end_run(db: AsyncSession, session: Session, now: datetime, *, keep: bool) -> None:
    """Count no more usage. What came since the last save is forgotten unless it shall be kept."""
    run = await _open_run(db, session)
    if run is None:
        return
    run.ended_at, run.is_kept = now, keep
    session.run_id = None
    await db.flush()
    limit = Window.of(run).ends
    of_run = Usage.run_id == run.id
    await db.execute(delete(Usage).where(of_run, Usage.starts >= limit))
    await db.execute(update(Usage).where(of_run, Usage.ends > limit).values(ends=limit))


async def flush_run(db: AsyncSession, session: Session, now: datetime) -> None:
    """Keep in any case what was counted so far."""
    run = await _open_run(db, session)
    if run is not None:
        run.flushed_at = now


async def _open_run(db: AsyncSession, session: Session) -> Run | None:
    if session.run_id is None:
        return None
    locked = select(Run).where(Run.id == session.run_id).with_for_update(key_share=True)
    run: Run | None = await db.scalar(locked)
    return run


async def lock_runs(db: AsyncSession, ids: Collection[UUID], device_id: int) -> dict[UUID, Run]:
    """Return those runs that took place on the device; they don't end before the transaction does."""
    found = select(Run).where(Run.id.in_(ids), Run.device_id == device_id).order_by(Run.id)
    return {run.id: run for run in await db.scalars(found.with_for_update(key_share=True))}


async def store_usage(db: AsyncSession, runs: Mapping[UUID, Run], periods: Sequence[Reported]) -> None:
    """Write periods down. One that is known may only end later; a repeated or late report changes nothing."""
    known = await _known(db, periods)
    for period in periods:
        run, row = runs[period.run], known.get((period.run, period.id))
        began = row.began if row else period.began
        part = Window.of(run).clip(began, began + period.lasted)
        if part is None:
            continue
        if row is None:
            known[period.run, period.id] = row = _row(period, run.session_id, part)
            db.add(row)
        row.ends = max(row.ends, part[1])
    await db.flush()


async def _known(db: AsyncSession, periods: Sequence[Reported]) -> dict[tuple[UUID, UUID], Usage]:
    runs, ids = {period.run for period in periods}, {period.id for period in periods}
    rows = await db.scalars(select(Usage).where(Usage.run_id.in_(runs), Usage.id.in_(ids)))
    return {(row.run_id, row.id): row for row in rows}


def _row(period: Reported, session_id: int, part: tuple[int, int]) -> Usage:
    return Usage(
        run_id=period.run,
        id=period.id,
        session_id=session_id,
        kind=period.kind,
        application=period.application,
        name=period.name,
        began=period.began,
        starts=part[0],
        ends=part[1],
    )


Periods = Mapping[tuple[str, UsageKind], Sequence[Interval]]


async def usage_of(db: AsyncSession, session_ids: Collection[int]) -> tuple[Periods, dict[str, str]]:
    """Return the periods of each application of some sessions, and the names of the applications."""
    found: defaultdict[tuple[str, UsageKind], list[Interval]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in await db.scalars(select(Usage).where(Usage.session_id.in_(session_ids)).order_by(Usage.starts)):
        found[row.application, row.kind].append(Interval(moment(row.starts), moment(row.ends)))
        names[row.application] = row.name
    return {key: merge(periods) for key, periods in found.items()}, names


async def foreground_seconds(db: AsyncSession, session_ids: Iterable[int]) -> dict[int, float]:
    """Return how long applications of each session were in the foreground."""
    counted = (
        select(Usage.session_id, func.sum(Usage.ends - Usage.starts))
        .where(Usage.session_id.in_(session_ids), Usage.kind == UsageKind.FOREGROUND)
        .group_by(Usage.session_id)
    )
    return {session_id: int(total) / SECOND for session_id, total in await db.execute(counted)}
