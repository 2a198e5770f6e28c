"""Hours of running desktops, from what is told of their changes: on every database."""

from datetime import UTC, datetime, timedelta

from tests.desktops.allowing import somebody
from tests.desktops.conftest import Stage
from tests.desktops.running import run

from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import budgets, life, service
from deskbay.desktops.models import State
from deskbay.kit.intervals import Interval


async def used(stage: Stage, *people: User, since: datetime | None = None) -> float:
    """Return how many hours people have used since then, or ever."""
    window = Interval(since or datetime(2026, 1, 1, tzinfo=UTC), stage.clock.now())
    async with stage.database.read() as db:
        return (await budgets.used_time(db, [one.id for one in people], window)) / timedelta(hours=1)


async def test_it_is_the_time_between_running_and_not(stage: Stage) -> None:
    desktop = await stage.launch()
    stage.clock.advance(hours=5)  # it is pending
    await run(stage, desktop, hours=2)
    stage.clock.advance(hours=5)
    await run(stage, desktop, hours=1.5)
    assert await used(stage, stage.person) == 3.5


async def test_two_at_once_count_twice_and_what_runs_counts_until_now(stage: Stage) -> None:
    for desktop in (await stage.launch(), await stage.launch()):
        await stage.enter(desktop, State.RUNNING)
    stage.clock.advance(hours=3)
    assert await used(stage, stage.person) == 6


async def test_of_what_began_before_only_the_time_since_counts(stage: Stage) -> None:
    running_on, deleted = await stage.launch(), await stage.launch()
    await stage.enter(running_on, State.RUNNING)
    await run(stage, deleted, hours=4)
    since = stage.clock.now() - timedelta(hours=1)
    stage.clock.advance(hours=2)
    assert await used(stage, stage.person, since=since) == 3 + 1


async def test_after_a_transfer_the_hours_stay_with_whom_they_were_used_by(stage: Stage) -> None:
    bob, desktop = await somebody(stage), await stage.launch()
    await run(stage, desktop, hours=2)
    await stage.stop(desktop)
    async with stage.database.write() as db:
        handed_over = await service.get_desktop(db, Rights(stage.person), desktop.id)
        await life.transfer(db, stage.clock, handed_over, bob, by=stage.person, limit=5)
    await run(stage, desktop, hours=1)
    assert (await used(stage, stage.person), await used(stage, bob)) == (2, 1)
    assert await used(stage, stage.person, bob) == 3
