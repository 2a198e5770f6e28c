"""What a device reports: how long its person was there and used what, and what is open now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from deskbay.activity.intervals import Track, store_stretches
from deskbay.activity.models import Kind, SignIn
from deskbay.activity.ping_routes import LEAD
from deskbay.activity.pings import MILLISECOND, STEADY_CLOCK_MS, earliest_kept
from deskbay.activity.reported import add_reported, prolong
from deskbay.activity.sign_ins import NewSignIn
from deskbay.activity.stretches import MICROSECOND, Stretch, microseconds, moment
from deskbay.devices.models import Device
from deskbay.kit.clock import Clock
from deskbay.kit.intervals import Interval
from deskbay.sessions import usage
from deskbay.sessions.agent_schemas import PeriodIn, PeriodKind, PeriodOutcome, ReportIn
from deskbay.sessions.life import follow
from deskbay.sessions.models import LONGEST_NAME, Run, UsageKind
from deskbay.sessions.policy import Allowance, allowance_of
from deskbay.sessions.saves import keep_snapshot
from deskbay.sessions.service import lock_device
from deskbay.sessions.snapshots import without
from deskbay.settings import Settings

PROMISE_SECONDS = 120
"""An agent reports each minute while the person is there: who is on now is known until then, and a little longer."""
KINDS = {
    PeriodKind.PRESENCE: Kind.PRESENCE,
    PeriodKind.FOREGROUND: Kind.APPLICATION,
    PeriodKind.OPEN: Kind.OPEN_APPLICATION,
}
USAGE = {PeriodKind.FOREGROUND: UsageKind.FOREGROUND, PeriodKind.OPEN: UsageKind.OPEN}


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says of each period whether it is taken. The offset is by how much the device's clock is ahead."""

    now: datetime
    earliest: datetime
    offset: timedelta
    allowed: Allowance
    runs: dict[UUID, Run]

    def judge(self, period: PeriodIn) -> PeriodOutcome:
        when = self.corrected(period)
        if when.end < when.start or (period.kind is not PeriodKind.PRESENCE and not period.application):
            return PeriodOutcome.INVALID
        if when.end > self.now + LEAD:
            return PeriodOutcome.IN_FUTURE
        if when.start < self.earliest:
            return PeriodOutcome.TOO_OLD
        return self._permission(period)

    def _permission(self, period: PeriodIn) -> PeriodOutcome:
        if not self.allowed.tracking:
            return PeriodOutcome.NOT_ALLOWED
        if period.application in self.allowed.excluded:
            return PeriodOutcome.EXCLUDED
        if period.run is not None and period.run not in self.runs:
            return PeriodOutcome.UNKNOWN_RUN
        return PeriodOutcome.STORED

    def corrected(self, period: PeriodIn) -> Interval:
        return Interval(period.starts - self.offset, period.ends - self.offset)


async def take_report(
    db: AsyncSession, clock: Clock, settings: Settings, device_id: int, report: ReportIn
) -> list[PeriodOutcome]:
    """Write down what a device reports, and return what became of each period. The same again changes nothing."""
    await lock_device(db, device_id)
    await db.execute(update(Device).where(Device.id == device_id).values(seen_at=clock.now()))
    sign_in = await _known_sign_in(db, device_id, report) or await _first_report(db, clock, settings, device_id, report)
    if isinstance(sign_in, PeriodOutcome):
        return [sign_in] * len(report.periods)
    allowed = await allowance_of(db, settings, sign_in.user_id)
    runs = await usage.lock_runs(db, {period.run for period in report.periods if period.run}, device_id)
    earliest = moment(earliest_kept(microseconds(clock.now()), settings.activity_days))
    judge = _Judge(clock.now(), earliest, _offset(sign_in, report, clock.now()), allowed, runs)
    outcomes = [judge.judge(period) for period in report.periods]
    taken = [one for one, outcome in zip(report.periods, outcomes, strict=True) if outcome is PeriodOutcome.STORED]
    await _store(db, sign_in, taken, judge)
    if report.snapshot is not None and allowed.tracking:
        seen = without(report.snapshot, allowed.excluded, titles=allowed.titles)
        await keep_snapshot(db, clock.now(), device_id, sign_in.user_id, seen)
        await follow(db, device_id, sign_in.user_id, seen)
    return outcomes


async def _known_sign_in(db: AsyncSession, device_id: int, report: ReportIn) -> SignIn | PeriodOutcome | None:
    """Return the sign-in that is reported, None where it is new; one at another device is unknown here."""
    found = select(SignIn).where(SignIn.uuid == report.sign_in).with_for_update()
    sign_in: SignIn | None = await db.scalar(found)
    elsewhere = sign_in is not None and sign_in.device_id != device_id
    return PeriodOutcome.UNKNOWN_SIGN_IN if elsewhere else sign_in


async def _first_report(
    db: AsyncSession, clock: Clock, settings: Settings, device_id: int, report: ReportIn
) -> SignIn | PeriodOutcome:
    """Begin a sign-in on a person's own device; not even that is kept where nothing may be tracked."""
    owner_id: int | None = await db.scalar(select(Device.owner_id).where(Device.id == device_id))
    if owner_id is None:
        return PeriodOutcome.UNKNOWN_SIGN_IN
    if not (await allowance_of(db, settings, owner_id)).tracking:
        return PeriodOutcome.NOT_ALLOWED
    offset_ms = (report.sent_at - clock.now()) // MILLISECOND
    new = NewSignIn(report.sign_in, clock.now(), PROMISE_SECONDS, None, offset_ms)
    return await add_reported(db, new, owner_id, device_id)


def _offset(sign_in: SignIn, report: ReportIn, now: datetime) -> timedelta:
    """Measure by how much the device's clock is ahead; a little more or less is only the way of the report."""
    measured = (report.sent_at - now) // MILLISECOND
    if abs(measured - sign_in.clock_offset_ms) > STEADY_CLOCK_MS:
        sign_in.clock_offset_ms = measured
    known = sign_in.clock_offset_ms
    return known * MILLISECOND if abs(known) > STEADY_CLOCK_MS else timedelta()


async def _store(db: AsyncSession, sign_in: SignIn, periods: Sequence[PeriodIn], judge: _Judge) -> None:
    for period in periods:
        if period.kind is PeriodKind.PRESENCE:
            when = judge.corrected(period)
            is_recent = judge.now - when.end < timedelta(seconds=PROMISE_SECONDS)
            prolong(sign_in, when, PROMISE_SECONDS if is_recent else 0)
    flag_modified(sign_in, "last_ping_at")  # by that others see that its intervals change
    await db.flush()
    await store_stretches(db, _stretches(sign_in, periods, judge), judge.now)
    await usage.store_usage(db, judge.runs, list(_used(periods, judge)))


def _stretches(sign_in: SignIn, periods: Sequence[PeriodIn], judge: _Judge) -> dict[Track, list[Stretch]]:
    tracks: defaultdict[Track, list[Stretch]] = defaultdict(list)
    for period in periods:
        when = judge.corrected(period)
        starts, ends = microseconds(when.start), microseconds(when.end)
        name = "" if period.kind is PeriodKind.PRESENCE else _name(period)
        if starts < ends:
            track = Track(sign_in.user_id, sign_in.device_id, sign_in.id, KINDS[period.kind], name)
            tracks[track].append(Stretch(starts, ends, ends))
    return tracks


def _name(period: PeriodIn) -> str:
    return period.name or period.application[:LONGEST_NAME]


def _used(periods: Sequence[PeriodIn], judge: _Judge) -> Iterator[usage.Reported]:
    for period in periods:
        kind = USAGE.get(period.kind)
        if period.run is not None and kind is not None:
            when = judge.corrected(period)
            lasted = when.length // MICROSECOND
            yield usage.Reported(
                period.run, period.id, kind, period.application, _name(period), microseconds(when.start), lasted
            )
