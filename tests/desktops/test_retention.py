"""How long it is kept what became of desktops, on every database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from tests.desktops.conftest import Stage
from tests.desktops.running import run

from deskbay.database.retention import Retention
from deskbay.desktops import budgets, retention
from deskbay.desktops.models import Change, Desktop, State, Step
from deskbay.kit.intervals import Interval
from deskbay.settings import Settings


async def look(stage: Stage, history_days: int | None = 40) -> None:
    settings = Settings(data=Path("/nowhere"), history_days=history_days)
    await Retention(stage.database, stage.clock, list(retention.rules(settings))).look()


async def states(stage: Stage, desktop: Desktop) -> list[State]:
    changes = select(Change.state).where(Change.desktop_id == desktop.id).order_by(Change.id)
    async with stage.database.read() as db:
        return list(await db.scalars(changes))


async def add_step(stage: Stage, desktop: Desktop, launch: int = 1) -> None:
    async with stage.database.write() as db:
        db.add(Step(desktop_id=desktop.id, launch=launch, name="begun", at=stage.clock.now()))


async def steps(stage: Stage) -> list[int]:
    async with stage.database.read() as db:
        return list(await db.scalars(select(Step.launch).order_by(Step.id)))


async def be_gone(stage: Stage, desktop: Desktop) -> None:
    """Have a desktop be deleted, as the driver leaves it."""
    gone = {"deleted_at": stage.clock.now(), "wanted": "deleted", "state": State.STOPPED}
    async with stage.database.write() as db:
        await db.execute(update(Desktop).where(Desktop.id == desktop.id).values(gone))


async def is_there(stage: Stage, desktop: Desktop) -> bool:
    async with stage.database.read() as db:
        return await db.scalar(select(Desktop.id).where(Desktop.id == desktop.id)) is not None


async def test_of_what_is_old_the_state_it_was_in_stays(stage: Stage) -> None:
    desktop = await stage.launch()
    for state in (State.STARTING, State.RUNNING):
        stage.clock.advance(days=1)
        await stage.enter(desktop, state)
    before = await states(stage, desktop)
    await look(stage)
    assert await states(stage, desktop) == before
    stage.clock.advance(days=41)
    await look(stage)
    assert await states(stage, desktop) == [State.RUNNING]


async def test_hours_are_counted_as_before(stage: Stage) -> None:
    running, past = await stage.launch(), await stage.launch()
    await stage.enter(running, State.RUNNING)
    await run(stage, past, hours=3)
    stage.clock.advance(days=50)
    window = Interval(stage.clock.now() - timedelta(days=31), stage.clock.now())
    async with stage.database.read() as db:
        before = await budgets.used_time(db, [stage.person.id], window)
    await look(stage, 32)
    async with stage.database.read() as db:
        assert await budgets.used_time(db, [stage.person.id], window) == before == timedelta(days=31)


async def test_a_deleted_desktop_goes_with_all_that_is_about_it(stage: Stage) -> None:
    gone, stopped = await stage.launch(), await stage.launch()
    await add_step(stage, gone)
    await be_gone(stage, gone)
    stage.clock.advance(days=40)
    await look(stage)
    assert await is_there(stage, gone)
    stage.clock.advance(seconds=1)
    await look(stage)
    assert not await is_there(stage, gone)
    assert (await states(stage, gone), await steps(stage)) == ([], [])
    assert await is_there(stage, stopped)


async def test_steps_of_the_last_launch_stay_as_long_as_the_desktop(stage: Stage) -> None:
    desktop = await stage.launch()
    for launch in (1, 2):
        await add_step(stage, desktop, launch)
    async with stage.database.write() as db:
        await db.execute(update(Desktop).values(launch=2))
    stage.clock.advance(days=41)
    await look(stage)
    assert await steps(stage) == [2]


async def test_without_a_setting_all_stays(stage: Stage) -> None:
    desktop = await stage.launch()
    await be_gone(stage, desktop)
    before = await states(stage, desktop)
    stage.clock.time = datetime(2036, 1, 1, tzinfo=UTC)
    await look(stage, None)
    assert await states(stage, desktop) == before != []
    assert await is_there(stage, desktop)
