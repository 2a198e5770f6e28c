"""Hours of running desktops: counted, warned of, used up."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.desktops.allowing import allow, in_group, launch, somebody
from tests.desktops.conftest import Stage
from tests.desktops.running import run, running
from tests.servers import Backend

from deskbay.accounts.models import User
from deskbay.desktops import budgets, limits, stops
from deskbay.desktops.budget_keeper import BudgetKeeper
from deskbay.desktops.models import Desktop, State, StopCause, Wanted
from deskbay.kit.intervals import Interval, Period
from deskbay.kit.problems import Problem
from deskbay.settings import Settings


@pytest.fixture
def backend() -> Backend:
    """The one that needs no server; the tests of used time ask each kind."""
    return Backend.SQLITE


async def up(stage: Stage) -> Desktop:
    """Return a desktop that runs since now."""
    desktop = await stage.launch()
    await stage.enter(desktop, State.RUNNING)
    return desktop


async def look(stage: Stage, settings: Settings) -> None:
    await BudgetKeeper(stage.database, stage.clock, settings).look()


@pytest.mark.parametrize(
    ("period", "zone", "start", "end"),
    [
        (Period.WEEK, "UTC", "2026-01-05T00:00+00:00", "2026-01-12T00:00+00:00"),
        (Period.MONTH, "Europe/Berlin", "2025-12-31T23:00+00:00", "2026-01-31T23:00+00:00"),
        (Period.WEEK, "Asia/Tokyo", "2026-01-04T15:00+00:00", "2026-01-11T15:00+00:00"),
    ],
)
def test_weeks_and_months_begin_in_their_zone(period: Period, zone: str, start: str, end: str) -> None:
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    whole = Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert budgets.present(period, ZoneInfo(zone), now) == whole


async def test_without_hours_left_nothing_is_launched_or_started_until_they_start_anew(stage: Stage) -> None:
    await allow(stage, stage.person, hours=2)
    desktop = await stage.launch()
    await run(stage, desktop, hours=2)
    await stage.stop(desktop)
    with pytest.raises(Problem) as refused:
        await stage.launch()
    assert refused.value.detail == ("Your 2 hours of this week are used up. They start anew at 2026-01-12 00:00 (UTC).")
    with pytest.raises(Problem, match="used up"):
        await stage.start(desktop)
    stage.clock.advance(days=7)
    await stage.start(desktop)


async def test_the_reset_is_told_in_the_persons_zone(stage: Stage) -> None:
    await allow(stage, stage.person, hours=0)
    async with stage.database.write() as db:
        person = await db.get_one(User, stage.person.id)
        person.zone = "America/New_York"
    with pytest.raises(Problem, match=r"2026-01-11 19:00 \(America/New_York\)"):
        await launch(stage, person)


async def test_members_use_the_hours_that_they_share(stage: Stage) -> None:
    bob = await somebody(stage)
    await allow(stage, await in_group(stage, stage.person, bob), shared=True, hours=3)
    for who in (stage.person, bob):
        await run(stage, await launch(stage, who), hours=1.5)
    with pytest.raises(Problem, match="The 3 hours that the group “Lab” shares of this week are used up"):
        await launch(stage, bob)


async def test_of_several_groups_the_most_generous_counts(stage: Stage) -> None:
    await allow(stage, await in_group(stage, stage.person, name="Lab"), hours=1)
    await allow(stage, await in_group(stage, stage.person, name="Staff"), hours=20, period=Period.MONTH)
    await run(stage, await launch(stage), hours=2)
    await launch(stage)


async def test_the_end_comes_sooner_the_more_run_and_later_when_one_stops(stage: Stage, settings: Settings) -> None:
    await allow(stage, stage.person, hours=4)
    one, other = await up(stage), await up(stage)
    stage.clock.advance(hours=1)
    await look(stage, settings)
    assert (await stage.look(one)).budget_ends_at == stage.clock.now() + timedelta(hours=1)
    await stage.enter(other, State.STOPPED)
    await look(stage, settings)
    assert (await stage.look(one)).budget_ends_at == stage.clock.now() + timedelta(hours=2)


async def test_a_budget_that_lasts_beyond_its_end_stops_nothing(stage: Stage, settings: Settings) -> None:
    await allow(stage, stage.person, hours=24 * 7)
    desktop = await up(stage)
    await look(stage, settings)
    assert (await stage.look(desktop)).budget_ends_at is None


async def test_a_rule_that_is_taken_away_stops_nothing_any_more(stage: Stage, settings: Settings) -> None:
    rule = await allow(stage, stage.person, hours=4)
    desktop = await up(stage)
    await look(stage, settings)
    assert (await stage.look(desktop)).budget_ends_at is not None
    async with stage.database.write() as db:
        await db.delete(await db.merge(rule))
    await look(stage, settings)
    assert (await stage.look(desktop)).budget_ends_at is None


async def test_its_person_is_told_once_when_few_are_left_and_warned_before_the_end(
    stage: Stage, settings: Settings
) -> None:
    await allow(stage, stage.person, hours=10)
    desktop = await up(stage)
    stage.clock.advance(hours=7.9)
    await look(stage, settings)
    assert (await stage.look(desktop)).message is None
    stage.clock.advance(hours=0.1)
    await look(stage, settings)
    told = (await stage.look(desktop)).message
    assert told == (
        "Your 10 hours of this week are nearly used up: 2.0 are left. Then desktops are stopped. "
        "They start anew at 2026-01-12 00:00 (UTC)."
    )
    async with stage.changing(desktop) as row:
        row.message = None  # it was read
    stage.clock.advance(minutes=115)
    await look(stage, settings)
    async with stage.database.write() as db:
        locked = await stops.lock_desktop(db, desktop.id)
        assert locked
        stops.review(db, locked, stage.clock.now())
        with pytest.raises(Problem, match="can't be kept"):
            await stops.keep(db, stage.clock, locked)
    warned = await stage.look(desktop)
    assert (warned.message, warned.stop_cause) == (None, StopCause.BUDGET)
    assert warned.stop_at == stage.clock.now() + timedelta(minutes=5)


async def test_it_is_stopped_with_the_reason(stage: Stage) -> None:
    desktop = await running(stage)
    async with stage.changing(desktop) as row:
        row.budget_ends_at = row.stop_at = stage.clock.now()
        row.stop_cause = StopCause.BUDGET
    async with stage.database.write() as db:
        locked = await stops.lock_desktop(db, desktop.id)
        assert locked
        stops.review(db, locked, stage.clock.now())
    stopped = await stage.look(desktop)
    assert (stopped.wanted, stopped.reason) == (Wanted.STOPPED, limits.BUDGET_OVER)
