"""Warned, kept, stopped: on every database."""

from datetime import timedelta

import pytest
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage, a_person
from tests.desktops.doubles import PromptRuntime
from tests.desktops.running import HOUR, limit, running, tell
from tests.desktops.test_driver import drive

from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import service, stops
from deskbay.desktops.models import Desktop, State, StopCause, Wanted
from deskbay.kit.problems import Problem


async def review(stage: Stage, desktop: Desktop) -> Desktop:
    """Look after the desktop as a server does each second."""
    async with stage.database.write() as db:
        locked = await stops.lock_desktop(db, desktop.id)
        assert locked
        stops.review(db, locked, stage.clock.now())
    return await stage.look(desktop)


async def keep(stage: Stage, desktop: Desktop) -> None:
    async with stage.database.write() as db:
        await stops.keep_own(
            db, stage.clock, stage.person, await service.get_desktop(db, Rights(stage.person), desktop.id)
        )


async def warned(stage: Stage) -> Desktop:
    """Return a desktop that nobody used for 55 minutes of the hour that it may stand idle."""
    desktop = await running(stage, idle=HOUR)
    stage.clock.advance(minutes=55)
    await tell(stage, desktop, idle=55)
    return desktop


async def test_who_is_away_is_warned_and_told_why(stage: Stage) -> None:
    with stage.bus.subscribe() as events:
        desktop = await warned(stage)
        stage.bus.break_off()
        names = [event.name async for event in events]
    shown = await stage.look(desktop)
    assert (shown.stop_at, shown.stop_cause) == (stage.clock.now() + timedelta(minutes=5), StopCause.IDLE)
    assert names[-2:] == [service.CHANGED, stops.CHANGED]


@pytest.mark.parametrize(("keeps_home", "wanted"), [(True, Wanted.STOPPED), (False, Wanted.DELETED)])
async def test_at_the_end_of_its_lifetime_one_whose_home_is_its_own_goes(
    stage: Stage, keeps_home: bool, wanted: Wanted
) -> None:
    desktop = await running(stage, lifetime=HOUR)
    async with stage.changing(desktop) as row:
        row.keeps_home = keeps_home
    stage.clock.advance(minutes=55)
    assert (await review(stage, desktop)).wanted is Wanted.RUNNING
    stage.clock.advance(minutes=5)
    over = await review(stage, desktop)
    assert (over.wanted, over.reason) == (wanted, "It ran for 1 hour, as long as it may.")


async def test_nobody_there_stops_one_whose_home_is_its_own(stage: Stage) -> None:
    desktop = await warned(stage)
    async with stage.changing(desktop) as row:
        row.keeps_home = False
    stage.clock.advance(minutes=5)
    await tell(stage, desktop, idle=60)
    assert (await stage.look(desktop)).wanted is Wanted.STOPPED


async def test_after_the_warning_it_is_stopped_with_the_reason(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await warned(stage)
    stage.clock.advance(minutes=4)
    await tell(stage, desktop, idle=59)
    stage.clock.advance(minutes=1)
    assert (await review(stage, desktop)).wanted is Wanted.RUNNING  # who knows what happened since the last report
    await tell(stage, desktop, idle=60)
    stopped = await drive(stage, desktop, runtime)
    assert (stopped.state, stopped.wanted, stopped.reason) == (
        State.STOPPED,
        Wanted.STOPPED,
        "Nobody used it for 1 hour.",
    )


async def test_input_keeps_it(stage: Stage) -> None:
    desktop = await warned(stage)
    stage.clock.advance(minutes=3)
    await tell(stage, desktop, idle=0)
    assert (await stage.look(desktop)).stop_at is None
    stage.clock.advance(minutes=54)
    await tell(stage, desktop, idle=54)
    assert (await stage.look(desktop)).stop_at is None
    stage.clock.advance(minutes=1)
    await tell(stage, desktop, idle=55)
    assert (await stage.look(desktop)).stop_at == stage.clock.now() + timedelta(minutes=5)


async def test_its_person_keeps_it(stage: Stage) -> None:
    desktop = await warned(stage)
    stage.clock.advance(minutes=4)
    await keep(stage, desktop)
    kept = await stage.look(desktop)
    assert (kept.stop_at, kept.stop_cause, kept.active_at) == (None, None, stage.clock.now())
    stage.clock.advance(minutes=2)
    await tell(stage, desktop, idle=61)
    assert (await review(stage, desktop)).wanted is Wanted.RUNNING


async def test_whoever_looks_first_decides_and_the_others_change_nothing(stage: Stage) -> None:
    desktop = await warned(stage)
    first = await review(stage, desktop)
    stage.clock.advance(seconds=30)
    assert (await review(stage, desktop)).stop_at == first.stop_at


async def test_an_agent_that_falls_silent_has_the_warning_taken_back(stage: Stage) -> None:
    desktop = await warned(stage)
    stage.clock.advance(minutes=10)
    assert (await review(stage, desktop)).stop_at is None


async def test_what_comes_late_counts_as_of_when_it_was_seen(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    began = stage.clock.now()
    stage.clock.advance(minutes=30)
    await tell(stage, desktop, idle=0)
    await tell(stage, desktop, idle=10, ago=20)
    known = await stage.look(desktop)
    assert (known.active_at, known.watched_at) == (began + timedelta(minutes=30), began + timedelta(minutes=30))


async def test_the_lifetime_ends_it_however_much_it_is_used(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR, lifetime=2 * HOUR)
    stage.clock.advance(minutes=115)
    await tell(stage, desktop, idle=0)
    assert (await stage.look(desktop)).stop_cause is StopCause.LIFETIME
    with pytest.raises(Problem, match="can't be kept"):
        await keep(stage, desktop)
    stage.clock.advance(minutes=5)
    ended = await review(stage, desktop)
    assert (ended.wanted, ended.reason) == (Wanted.STOPPED, "It ran for 2 hours, as long as it may.")


async def test_the_next_start_begins_anew(stage: Stage) -> None:
    desktop = await warned(stage)
    await stage.stop(desktop)
    await drive(stage, desktop, PromptRuntime())
    await stage.start(desktop)
    again = await stage.look(desktop)
    assert (again.stop_at, again.active_at, again.watched_at) == (None, None, None)


async def test_a_limit_that_is_lifted_takes_the_warning_back(stage: Stage) -> None:
    desktop = await warned(stage)
    await limit(stage)
    assert (await review(stage, desktop)).stop_at is None


async def test_a_stopped_desktop_is_not_warned(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    await stage.stop(desktop)
    stage.clock.advance(minutes=58)
    await tell(stage, desktop, idle=58)
    assert (await stage.look(desktop)).stop_at is None
    with pytest.raises(Problem, match="not running"):
        await keep(stage, desktop)


async def test_another_persons_desktop_is_not_kept(stage: Stage, clock: FrozenClock) -> None:
    desktop = await warned(stage)
    bob = a_person(clock, "bob")
    async with stage.database.write() as db:
        db.add(bob)
    async with stage.database.write() as db:
        row = await service.get_desktop(db, Rights(stage.person), desktop.id)
        with pytest.raises(Problem, match="Only ada"):
            await stops.keep_own(db, clock, bob, row)


async def test_a_device_that_is_no_desktop_is_told_so(stage: Stage) -> None:
    async with stage.database.write() as db:
        with pytest.raises(Problem, match="no desktop"):
            await stops.take_input(db, stage.clock, 999, timedelta(), timedelta())


async def extend(stage: Stage, desktop: Desktop, **later: float) -> Desktop:
    until = (desktop.started_at or stage.clock.now()) + timedelta(**later)
    async with stage.database.write() as db:
        own = await service.get_desktop(db, Rights(stage.person), desktop.id)
        await stops.extend(db, stage.clock, own, until)
    return await stage.look(desktop)


async def test_its_person_extends_it_once_warned(stage: Stage) -> None:
    desktop = await running(stage, lifetime=HOUR, most=3 * HOUR)
    stage.clock.advance(minutes=56)
    assert (await review(stage, desktop)).stop_cause is StopCause.LIFETIME
    assert (await extend(stage, desktop, hours=2)).stop_at is None
    stage.clock.advance(minutes=59)
    assert (await review(stage, desktop)).stop_at == stage.clock.now() + timedelta(minutes=5)
    stage.clock.advance(minutes=5)
    stopped = await drive(stage, await review(stage, desktop), PromptRuntime())
    assert (stopped.state, stopped.reason) == (State.STOPPED, "It ran for 2 hours, as long as it may.")


async def test_a_start_again_has_its_whole_lifetime_and_no_more(stage: Stage) -> None:
    desktop = await running(stage, lifetime=HOUR, most=3 * HOUR)
    await extend(stage, desktop, hours=3)
    await stage.stop(desktop)
    await stage.start(desktop)
    assert (await stage.look(desktop)).ends_at is None


async def test_keeping_one_whose_lifetime_is_over_extends_it_by_as_much_up_to_the_latest_end(stage: Stage) -> None:
    desktop = await running(stage, lifetime=HOUR, most=5400)
    stage.clock.advance(minutes=55)
    await review(stage, desktop)
    await keep(stage, desktop)
    kept = await stage.look(desktop)
    assert (kept.stop_at, kept.ends_at) == (None, stage.clock.now() + timedelta(minutes=35))
    stage.clock.advance(minutes=30)
    await review(stage, desktop)
    with pytest.raises(Problem, match="can't be kept"):
        await keep(stage, desktop)


@pytest.mark.parametrize(
    ("lifetime", "until", "kind"),
    [
        (None, 2, "no-lifetime"),
        (HOUR, 0.5, "end-not-offered"),
        (HOUR, 3.1, "end-not-offered"),
    ],
)
async def test_an_end_that_is_not_offered_changes_nothing(
    stage: Stage, lifetime: int | None, until: float, kind: str
) -> None:
    desktop = await running(stage, lifetime=lifetime, most=3 * HOUR if lifetime else None)
    with pytest.raises(Problem) as refused:
        await extend(stage, desktop, hours=until)
    assert refused.value.kind == kind
    assert (await stage.look(desktop)).ends_at is None


async def test_other_limits_of_a_template_are_told_to_the_agents_in_its_desktops(stage: Stage) -> None:
    desktop, stopped = await running(stage, idle=HOUR), await stage.launch()
    await stage.stop(stopped)
    with stage.bus.subscribe() as events:
        async with stage.database.write() as db:
            await stops.tell_limits(db, (await service.get_desktop(db, Rights(stage.person), desktop.id)).template)
        stage.bus.break_off()
        told = [(event.name, event.subject) async for event in events]
    assert told == [(stops.CHANGED, desktop.device_id)]
