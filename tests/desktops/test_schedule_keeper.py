"""Desktops that start and stop by their schedules."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from tests.desktops.conftest import Stage, a_person
from tests.desktops.running import running
from tests.servers import Backend

from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import life, service, stops, timetable
from deskbay.desktops.models import Change, Desktop, Schedule, State, StopCause, Wanted
from deskbay.desktops.schedule_keeper import ScheduleKeeper
from deskbay.desktops.schedules import WEEK
from deskbay.desktops.schemas import ScheduleIn
from deskbay.settings import Settings

EIGHT_TO_SIX = ScheduleIn(days=WEEK[:5], starts_at=time(8), stops_at=time(18), zone="UTC")
"""The clock of the tests stands on Monday at nine."""


@pytest.fixture
def backend() -> Backend:
    """The one that needs no server; the tests of stops ask each kind."""
    return Backend.SQLITE


async def plan(stage: Stage, desktop: Desktop, wish: ScheduleIn = EIGHT_TO_SIX) -> None:
    async with stage.database.write() as db:
        await timetable.set_schedule(
            db, stage.clock, await service.get_desktop(db, Rights(stage.person), desktop.id), wish
        )


async def resting(stage: Stage) -> Desktop:
    """Return a stopped desktop with a schedule."""
    desktop = await stage.launch()
    await stage.stop(desktop)
    await stage.enter(desktop, State.STOPPED)
    await plan(stage, desktop)
    return desktop


async def look(stage: Stage, settings: Settings) -> None:
    """Do what a server does each second."""
    await ScheduleKeeper(stage.database, stage.clock, settings).look()
    async with stage.database.write() as db:
        for desktop_id in (await db.scalars(select(Desktop.id))).all():
            if locked := await stops.lock_desktop(db, desktop_id):
                stops.review(db, locked, stage.clock.now())


async def test_it_is_started_once_and_its_history_says_why(stage: Stage, settings: Settings) -> None:
    desktop = await resting(stage)
    stage.clock.advance(hours=22, minutes=59)
    await look(stage, settings)
    assert (await stage.look(desktop)).wanted is Wanted.STOPPED
    stage.clock.advance(minutes=1)
    await look(stage, settings)
    started = await stage.look(desktop)
    assert (started.wanted, started.state, started.wanted_by_id) == (Wanted.RUNNING, State.PENDING, None)
    assert started.scheduled_start_at == stage.clock.now() + timedelta(days=1)
    async with stage.database.read() as db:
        last = await db.scalar(select(Change).order_by(Change.id.desc()).limit(1))
    assert last is not None
    assert (last.state, last.reason) == (State.PENDING, timetable.STARTED)
    await stage.stop(desktop)
    await look(stage, settings)
    assert (await stage.look(desktop)).wanted is Wanted.STOPPED  # who stops it has the last word


@pytest.mark.parametrize(("hours", "wanted"), [(28, Wanted.RUNNING), (33, Wanted.STOPPED)])
async def test_a_start_that_was_missed_is_made_up_within_its_window_alone(
    stage: Stage, settings: Settings, hours: int, wanted: Wanted
) -> None:
    desktop = await resting(stage)
    stage.clock.advance(hours=hours)  # the server was down over eight o'clock
    await look(stage, settings)
    started = await stage.look(desktop)
    assert (started.wanted, started.scheduled_start_at) == (wanted, datetime(2026, 1, 7, 8, tzinfo=UTC))


async def test_its_person_is_warned_of_the_stop_and_it_is_stopped(stage: Stage, settings: Settings) -> None:
    desktop = await running(stage)
    await plan(stage, desktop)
    stage.clock.advance(hours=8, minutes=55)
    await look(stage, settings)
    warned = await stage.look(desktop)
    assert (warned.stop_at, warned.stop_cause) == (stage.clock.now() + timedelta(minutes=5), StopCause.SCHEDULE)
    stage.clock.advance(minutes=5)
    await look(stage, settings)
    stopped = await stage.look(desktop)
    assert (stopped.wanted, stopped.reason) == (Wanted.STOPPED, "Its schedule stopped it.")
    await look(stage, settings)
    assert (await stage.look(desktop)).scheduled_stop_at == stage.clock.now() + timedelta(days=1)


async def test_kept_it_goes_on_until_the_next_time(stage: Stage, settings: Settings) -> None:
    desktop = await running(stage)
    await plan(stage, desktop)
    stage.clock.advance(hours=8, minutes=56)
    await look(stage, settings)
    async with stage.database.write() as db:
        own = await service.get_desktop(db, Rights(stage.person), desktop.id)
        await stops.keep_own(db, stage.clock, stage.person, own)
    stage.clock.advance(minutes=30)
    await look(stage, settings)
    kept = await stage.look(desktop)
    assert (kept.wanted, kept.stop_at) == (Wanted.RUNNING, None)
    assert kept.scheduled_stop_at == datetime(2026, 1, 6, 18, tzinfo=UTC)


async def test_who_starts_it_after_the_stop_has_it_until_the_next(stage: Stage, settings: Settings) -> None:
    desktop = await resting(stage)
    stage.clock.advance(hours=10)
    await stage.start(desktop)
    await stage.enter(desktop, State.RUNNING)
    await look(stage, settings)
    started = await stage.look(desktop)
    assert (started.stop_at, started.scheduled_stop_at) == (None, datetime(2026, 1, 6, 18, tzinfo=UTC))


async def test_a_stop_that_was_missed_is_warned_of_first(stage: Stage, settings: Settings) -> None:
    desktop = await running(stage)
    await plan(stage, desktop)
    stage.clock.advance(hours=11)
    await look(stage, settings)
    assert (await stage.look(desktop)).stop_at == stage.clock.now() + timedelta(minutes=5)


async def test_what_can_not_be_started_says_why_and_is_not_tried_again(stage: Stage, settings: Settings) -> None:
    desktop = await resting(stage)
    full = settings.model_copy(update={"running_desktops_per_user": 0})
    stage.clock.advance(hours=23)
    await look(stage, full)
    told = await stage.look(desktop)
    assert told.wanted is Wanted.STOPPED
    assert told.reason is not None
    assert told.reason.startswith("Its schedule could not start it. You may have 0 desktops running at once")
    assert told.scheduled_start_at == stage.clock.now() + timedelta(days=1)


async def test_two_servers_start_it_once(stage: Stage, settings: Settings) -> None:
    desktop = await resting(stage)
    stage.clock.advance(hours=23)
    await look(stage, settings)
    await look(stage, settings)
    assert (await stage.look(desktop)).launch == 2


async def test_it_ends_with_its_schedule_and_with_its_owner(stage: Stage) -> None:
    desktop, bob = await resting(stage), a_person(stage.clock, "bob")
    async with stage.database.write() as db:
        db.add(bob)
        await db.flush()
        own = await service.get_desktop(db, Rights(stage.person), desktop.id)
        await life.transfer(db, stage.clock, own, bob, by=stage.person, limit=5)
    handed_over = await stage.look(desktop)
    assert (handed_over.scheduled_start_at, handed_over.scheduled_stop_at) == (None, None)
    async with stage.database.read() as db:
        assert await db.get(Schedule, desktop.id) is None
