"""Usage is exact: whatever is reported, however often and in whatever order, and on every database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.clock import FrozenClock

from deskbay.accounts.models import Role, User
from deskbay.activity.stretches import MICROSECOND, microseconds
from deskbay.database import Database, create_engine
from deskbay.devices.service import new_device
from deskbay.kit.events import EventBus
from deskbay.kit.intervals import Interval, clip, merge, summed
from deskbay.sessions import usage
from deskbay.sessions.models import Session, Usage, UsageKind
from deskbay.sessions.service import NewSession, create_session

START = FrozenClock().time
MINUTE = timedelta(minutes=1)
minutes = st.integers(min_value=-30, max_value=90)


@pytest.mark.parametrize(
    ("began", "ended", "part"),
    [
        (0, 5, None),
        (0, 10, None),
        (5, 15, (10, 15)),
        (10, 20, (10, 20)),
        (12, 14, (12, 14)),
        (15, 30, (15, 20)),
        (20, 30, None),
        (14, 14, None),
    ],
)
def test_a_period_is_cut_to_its_run(began: int, ended: int, part: tuple[int, int] | None) -> None:
    assert usage.Window(10, 20).clip(began, ended) == part


def test_a_run_that_goes_on_has_no_end() -> None:
    assert usage.Window(10, None).clip(5, 10**12) == (10, 10**12)


class Bench:
    """A session on a device, whose usage is reported in minutes since it was activated."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FrozenClock()
        self.session: Session

    async def open(self) -> "Bench":
        async with self.database.write() as db:
            user = User(uuid=uuid4(), username="ada", role=Role.USER, created_at=self.clock.now())
            device = new_device(self.clock, "laptop")
            db.add_all([user, device])
            await db.flush()
            new = NewSession("Work", "", is_tracking=True)
            self.session = await create_session(db, self.clock, user.id, device.id, new)
        return self

    async def begin(self) -> UUID:
        async with self.database.write() as db:
            session = await db.get_one(Session, self.session.id)
            usage.begin_run(db, session, session.device_id, self.clock.now())
            assert session.run_id is not None
            return session.run_id

    async def end(self, *, keep: bool) -> None:
        async with self.database.write() as db:
            await usage.end_run(db, await db.get_one(Session, self.session.id), self.clock.now(), keep=keep)

    async def flush(self) -> None:
        async with self.database.write() as db:
            await usage.flush_run(db, await db.get_one(Session, self.session.id), self.clock.now())

    async def report(self, *periods: usage.Reported) -> None:
        async with self.database.write() as db:
            runs = await usage.lock_runs(db, {one.run for one in periods}, self.session.device_id)
            await usage.store_usage(db, runs, periods)

    async def stored(self) -> list[Interval]:
        async with self.database.read() as db:
            periods, _ = await usage.usage_of(db, [self.session.id])
        return [one for intervals in periods.values() for one in intervals]

    async def rows(self) -> int:
        async with self.database.read() as db:
            return await db.scalar(select(func.count()).select_from(Usage)) or 0


def reported(
    run: UUID, first: int, last: int, *, uuid: UUID | None = None, name: str = "xterm", kind: UsageKind = UsageKind.OPEN
) -> usage.Reported:
    lasted = (last - first) * MINUTE // MICROSECOND
    return usage.Reported(run, uuid or uuid4(), kind, name, name, microseconds(START + first * MINUTE), lasted)


def between(first: int, last: int) -> Interval:
    return Interval(START + first * MINUTE, START + last * MINUTE)


@asynccontextmanager
async def bench_on(file: Path) -> AsyncIterator[Bench]:
    database = Database(create_engine(f"sqlite+aiosqlite:///{file}"), EventBus())
    try:
        yield await Bench(database).open()
    finally:
        await database.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    periods=st.lists(st.tuples(minutes, minutes).map(sorted), min_size=1, max_size=6),
    flushed=st.integers(0, 60),
    keep=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_the_sum_is_exact_whatever_comes_when(
    migrated_file: Path, tmp_path: Path, *, periods: list[list[int]], flushed: int, keep: bool, seed: int
) -> None:
    """Each period grows in steps; reports are shuffled, repeated, and some come after the session has ended."""
    file = tmp_path / f"{uuid4().hex}.sqlite"
    shutil.copy(migrated_file, file)
    asyncio.run(check_sum(file, periods, flushed, keep=keep, seed=seed))


async def check_sum(file: Path, periods: Sequence[Sequence[int]], flushed: int, *, keep: bool, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same each time
    async with bench_on(file) as bench:
        run = await bench.begin()
        bench.clock.advance(minutes=flushed)
        await bench.flush()
        growing = [(uuid4(), f"app{number}", first, last) for number, (first, last) in enumerate(periods)]
        steps = [
            reported(run, first, first + (last - first) * step // 3, uuid=uuid, name=name)
            for uuid, name, first, last in growing
            for step in (1, 2, 3, 3)
        ]
        random.shuffle(steps)
        middle = random.randint(0, len(steps))
        for step in steps[:middle]:
            await bench.report(step)
        bench.clock.advance(minutes=60 - flushed)
        await bench.end(keep=keep)
        await bench.report(*steps[middle:]) if steps[middle:] else None
        await bench.report(*steps)
        window = between(0, 60 if keep else flushed)
        wanted = [part for _, _, first, last in growing for part in clip([between(first, last)], window)]
        assert sorted(await bench.stored()) == sorted(wanted)
        assert summed(await bench.stored()) == summed(wanted)
        assert await bench.rows() == len(wanted)


@pytest.fixture
async def bench(database: Database) -> Bench:
    return await Bench(database).open()


async def test_a_period_that_grows_is_one_row(bench: Bench) -> None:
    run, uuid = await bench.begin(), uuid4()
    for last in range(1, 30):
        await bench.report(reported(run, 0, last, uuid=uuid))
    assert (await bench.stored(), await bench.rows()) == ([between(0, 29)], 1)


async def test_a_late_and_a_repeated_report_change_nothing(bench: Bench) -> None:
    run, uuid = await bench.begin(), uuid4()
    for last in (10, 4, 10, 1):
        await bench.report(reported(run, 0, last, uuid=uuid))
    assert await bench.stored() == [between(0, 10)]


async def test_a_closed_applications_period_never_grows(bench: Bench) -> None:
    run, closed = await bench.begin(), reported
    first = closed(run, 0, 5)
    await bench.report(first)
    await bench.report(closed(run, 8, 20), first)
    await bench.report(closed(run, 9, 30, name="other"))
    async with bench.database.read() as db:
        periods, _ = await usage.usage_of(db, [bench.session.id])
    assert periods["xterm", UsageKind.OPEN] == [between(0, 5), between(8, 20)]


async def test_open_and_foreground_are_told_apart(bench: Bench) -> None:
    run = await bench.begin()
    await bench.report(reported(run, 0, 30), reported(run, 5, 10, kind=UsageKind.FOREGROUND))
    async with bench.database.read() as db:
        periods, names = await usage.usage_of(db, [bench.session.id])
        in_front = await usage.foreground_seconds(db, [bench.session.id])
    assert summed(periods["xterm", UsageKind.OPEN]) == 30 * MINUTE
    assert (in_front, names) == ({bench.session.id: 300.0}, {"xterm": "xterm"})


async def test_without_usage_only_this_run_is_dropped(bench: Bench) -> None:
    first = await bench.begin()
    await bench.report(reported(first, 0, 10))
    bench.clock.advance(minutes=10)
    await bench.end(keep=True)
    bench.clock.advance(minutes=10)
    second = await bench.begin()
    await bench.report(reported(second, 20, 25))
    bench.clock.advance(minutes=5)
    await bench.end(keep=False)
    await bench.report(reported(first, 0, 10, uuid=uuid4()), reported(second, 20, 30))
    assert merge(await bench.stored()) == [between(0, 10)]


async def test_what_was_saved_is_kept_to_the_microsecond(bench: Bench) -> None:
    run, uuid = await bench.begin(), uuid4()
    bench.clock.advance(minutes=7, microseconds=123_457)
    await bench.flush()
    await bench.report(reported(run, 0, 20, uuid=uuid))
    bench.clock.advance(minutes=20)
    await bench.end(keep=False)
    (kept,) = await bench.stored()
    assert kept.length == timedelta(minutes=7, microseconds=123_457)


async def test_two_periods_at_once_of_two_reports_are_both_there(bench: Bench) -> None:
    run = await bench.begin()
    await asyncio.gather(*(bench.report(reported(run, at, at + 1)) for at in range(0, 20, 2)))
    assert summed(await bench.stored()) == 10 * MINUTE


async def test_a_run_of_another_device_is_unknown(bench: Bench) -> None:
    run = await bench.begin()
    async with bench.database.write() as db:
        assert await usage.lock_runs(db, {run}, bench.session.device_id + 1) == {}


async def test_a_report_races_the_end_of_its_run(bench: Bench) -> None:
    """Whatever wins, nothing is left beyond the end."""
    run: UUID = await bench.begin()
    bench.clock.advance(minutes=10)
    await asyncio.gather(bench.end(keep=True), *(bench.report(reported(run, 0, 30)) for _ in range(5)))
    assert {one.end for one in await bench.stored()} == {datetime.fromisoformat("2026-01-05T09:10:00+00:00")}
