"""As many spares wait as a template shall have, whatever happened before, on every database."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from structlog.testing import capture_logs
from tests.desktops.conftest import Stage
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import pool_of
from tests.desktops.stocks import (
    SPARE,
    BrokenStock,
    FailingStock,
    SilentStock,
    StockedRuntime,
    add_runtime,
    spares_of,
    stock,
    template_of,
)

from deskbay.desktops import spares, templates
from deskbay.desktops.driver import Driver, Surroundings
from deskbay.desktops.models import Desktop, Spare, State
from deskbay.desktops.reconciler import Reconciler
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.runtimes.spares import SpareSpec
from deskbay.desktops.spare_keeper import NO_MAKER, TOO_SLOW, UNEXPECTED, SpareKeeper
from deskbay.settings import Settings


def keeper_of(stage: Stage, runtime: Runtime, **settings: int) -> SpareKeeper:
    return SpareKeeper(stage.database, stage.clock, Settings.model_validate(settings), pool_of(docker=runtime))


async def filled(stage: Stage, runtime: StockedRuntime, number: int = 2) -> SpareKeeper:
    """Have so many spares wait on a runtime, and return who sees to that."""
    await add_runtime(stage)
    await stock(stage, spares=number)
    keeper = keeper_of(stage, runtime)
    await keeper.look()
    assert [spare.is_ready for spare in await spares_of(stage)] == [True] * number
    return keeper


async def ready(stage: Stage) -> set[object]:
    return {spare.uuid for spare in await spares_of(stage) if spare.is_ready}


async def drive(stage: Stage, runtime: Runtime, desktop: Desktop) -> None:
    """Bring a desktop to what is wanted of it."""
    around = Surroundings("a server", stage.database, stage.clock, Settings(), pool_of(docker=runtime))
    await Driver(around, desktop.id).run()


async def test_they_wait_are_launched_and_made_anew(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    before = await runtime.waiting()
    assert before == await ready(stage)
    desktop = await stage.launch()
    await drive(stage, runtime, desktop)
    assert desktop.uuid in before
    assert (await stage.look(desktop)).state is State.RUNNING
    assert runtime.launches[0].owner == stage.person.uuid
    await keeper.look()
    assert len(await ready(stage)) == 2
    assert await runtime.waiting() == await ready(stage)
    assert desktop.uuid not in await ready(stage)


async def test_what_is_made_is_of_nobody_and_just_like_the_template(stage: Stage) -> None:
    runtime = StockedRuntime()
    await filled(stage, runtime, 1)
    template = await template_of(stage)
    (made,) = runtime.made
    assert (made.image, made.memory_mb, made.cpus) == ("deskbay/desktop", template.memory_mb, template.cpus)
    told = asdict(made)
    assert isinstance(told.pop("desktop"), UUID)
    assert (stage.person.username in str(told), str(stage.person.uuid) in str(told)) == (False, False)


async def test_nothing_is_written_when_nothing_is_missing(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    spec_count, rows = len(runtime.made), [spare.id for spare in await spares_of(stage)]
    await keeper.look()
    assert (len(runtime.made), [spare.id for spare in await spares_of(stage)]) == (spec_count, rows)


async def test_too_many_are_ended_and_the_older_ones_stay(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime, 3)
    oldest = (await spares_of(stage))[0].uuid
    await stock(stage, spares=1)
    await keeper.look()
    assert await runtime.waiting() == await ready(stage) == {oldest}
    assert len(runtime.forgotten) == 2


async def test_a_changed_template_has_new_ones(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    before = await ready(stage)
    await stock(stage, spares=2, environment='{"LANG": "de_DE.UTF-8"}')
    await keeper.look()
    assert runtime.forgotten == before
    assert {made.environment["LANG"] for made in runtime.made[2:]} == {"de_DE.UTF-8"}
    assert len(await runtime.waiting() & await ready(stage)) == 2


async def test_a_template_that_is_disabled_deleted_or_wants_none_has_none(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    for columns in ({"is_disabled": True}, {"deleted_at": stage.clock.now()}, {"spares": 0}):
        await stock(stage, **columns)
        await keeper.look()
        assert await spares_of(stage) == []
        assert await runtime.waiting() == set()
        await stock(stage, spares=2, is_disabled=False, deleted_at=None)
        await keeper.look()
        assert len(await runtime.waiting()) == 2


async def test_a_drained_runtime_has_none(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    await add_runtime(stage, is_drained=True)
    await keeper.look()
    assert await spares_of(stage) == []
    assert await runtime.waiting() == set()
    assert "Drained, and takes no desktops now: " in ((await template_of(stage)).spare_trouble or "")


async def test_those_that_are_lost_are_made_anew(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    lost = (await spares_of(stage))[0].uuid
    runtime.lose(lost)
    assert await runtime.waiting() != await ready(stage)
    await keeper.look()
    assert lost not in await ready(stage)
    assert len(await runtime.waiting()) == 2


async def test_no_more_are_made_than_there_is_room_for_until_there_is(stage: Stage) -> None:
    runtime = StockedRuntime()
    await add_runtime(stage, desktops=1)
    await stock(stage, spares=2)
    keeper = keeper_of(stage, runtime)
    await keeper.look()
    assert len(await ready(stage)) == 1
    assert (await template_of(stage)).spare_trouble == spares.NO_ROOM
    await add_runtime(stage, desktops=2)
    await keeper.look()
    assert len(await ready(stage)) == 1
    stage.clock.advance(seconds=6)
    await keeper.look()
    assert len(await ready(stage)) == 2
    assert (await template_of(stage)).spare_trouble is None


async def test_what_fails_is_tried_again_later_and_said(stage: Stage) -> None:
    runtime = FailingStock()
    await add_runtime(stage)
    await stock(stage, spares=1)
    keeper = keeper_of(stage, runtime)
    with capture_logs() as logs:
        await keeper.look()
        await keeper.look()
    assert [entry["why"] for entry in logs] == ["The image is not there. Build it."]
    template = await template_of(stage)
    assert (template.spare_failures, template.spare_trouble) == (1, "The image is not there. Build it.")
    assert template.spare_retry_at == stage.clock.now() + timedelta(seconds=5)
    assert await spares_of(stage) == []
    stage.clock.advance(seconds=6)
    runtime.can = True
    await keeper.look()
    assert len(await ready(stage)) == 1
    assert (await template_of(stage)).spare_failures == 0


async def test_a_template_that_is_saved_is_tried_at_once(stage: Stage) -> None:
    runtime = FailingStock()
    await add_runtime(stage)
    await stock(stage, spares=1)
    keeper = keeper_of(stage, runtime)
    await keeper.look()
    runtime.can = True
    async with stage.database.write() as db:
        template = await templates.get_template(db, (await template_of(stage)).id)
        await templates.change_template(db, template, await templates.as_wished(db, template))
    await keeper.look()
    assert len(await ready(stage)) == 1


async def test_a_defect_and_slowness_are_told_in_words(stage: Stage) -> None:
    class SlowStock(StockedRuntime):
        async def prepare(self, spec: SpareSpec) -> None:  # noqa: ARG002
            raise TimeoutError

    await add_runtime(stage)
    await stock(stage, spares=1)
    for runtime, words in ((BrokenStock(), UNEXPECTED), (SlowStock(), TOO_SLOW), (PromptRuntime(), NO_MAKER)):
        with capture_logs():
            await keeper_of(stage, runtime).look()
        assert (await template_of(stage)).spare_trouble == words
        assert await spares_of(stage) == []
        stage.clock.advance(minutes=10)


async def test_what_a_server_made_that_died_over_it_is_ended_when_its_lease_is_over(stage: Stage) -> None:
    class DyingStock(StockedRuntime):
        async def prepare(self, spec: SpareSpec) -> None:
            await super().prepare(spec)
            await asyncio.Event().wait()

    runtime = DyingStock()
    await add_runtime(stage)
    await stock(stage, spares=1)
    making = asyncio.create_task(keeper_of(stage, runtime).look())
    async with asyncio.timeout(30):
        while not runtime.made:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    making.cancel()
    await asyncio.gather(making, return_exceptions=True)
    (left,) = await spares_of(stage)
    other = StockedRuntime()
    other.seen = runtime.seen
    await keeper_of(stage, other).look()
    assert other.made == []  # it may be alive
    stage.clock.advance(minutes=1)
    await keeper_of(stage, other).look()
    assert other.forgotten == {left.uuid}
    assert await other.waiting() == await ready(stage)
    assert len(other.made) == 1


async def test_one_that_nobody_wants_any_more_when_it_is_made_is_ended(stage: Stage) -> None:
    class Meanwhile(StockedRuntime):
        async def prepare(self, spec: SpareSpec) -> None:
            await super().prepare(spec)
            async with stage.database.write() as db:
                await db.execute(update(Spare).values(is_wanted=False))
            await stock(stage, spares=0)

    runtime = Meanwhile()
    await add_runtime(stage)
    await stock(stage, spares=1)
    await keeper_of(stage, runtime).look()
    assert await runtime.waiting() == set()
    assert await spares_of(stage) == []


async def test_a_runtime_that_gives_no_answer_keeps_its_own_until_it_does(stage: Stage) -> None:
    runtime = SilentStock()
    keeper = await filled(stage, runtime)
    runtime.is_silent = True
    await keeper.look()
    assert len(await ready(stage)) == 2
    await stock(stage, spares=0)
    await keeper.look()
    assert [spare.is_wanted for spare in await spares_of(stage)] == [False, False]
    runtime.is_silent = False
    await keeper.look()
    assert await spares_of(stage) == []
    assert await runtime.waiting() == set()


async def test_two_servers_make_no_more_than_are_wanted(stage: Stage) -> None:
    runtime = StockedRuntime()
    await add_runtime(stage)
    await stock(stage, spares=3)
    await asyncio.gather(*(keeper_of(stage, runtime).look() for _ in range(4)))
    assert len(runtime.made) == len(await ready(stage)) == 3


async def test_the_reconciler_knows_spares_and_ends_those_that_the_database_does_not(stage: Stage) -> None:
    runtime = StockedRuntime()
    await filled(stage, runtime, 1)
    (known,) = await ready(stage)
    stray = (await a_stray(stage, runtime)).desktop
    reconciler = Reconciler(stage.database, stage.bus, stage.clock, Settings(), pool_of(docker=runtime))
    running = asyncio.create_task(reconciler.run())
    async with asyncio.timeout(30):
        while stray not in runtime.forgotten:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert runtime.seen == {known: SPARE}


async def test_a_desktop_that_is_a_spare_again_is_started_anew(stage: Stage) -> None:
    runtime = StockedRuntime()
    await filled(stage, runtime, 1)
    desktop = await stage.launch()
    await drive(stage, runtime, desktop)
    runtime.seen[desktop.uuid] = SPARE  # as when its container was restarted from outside
    runtime.launched.clear()
    reconciler = Reconciler(stage.database, stage.bus, stage.clock, Settings(), pool_of(docker=runtime))
    running = asyncio.create_task(reconciler.run())
    async with asyncio.timeout(30):
        await runtime.launched.wait()
        while (await stage.look(desktop)).state is not State.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(runtime.launches) == 2


async def a_stray(stage: Stage, runtime: StockedRuntime) -> SpareSpec:
    """Have a spare wait of which the database knows nothing."""
    template = await template_of(stage)
    async with stage.database.read() as db:
        wish = await spares.wish_for(db, template, 64, 1.0, stage.person.uuid)
    assert wish is not None
    await runtime.prepare(wish)
    return wish


async def test_leaving_it_ends_all_and_makes_no_more(stage: Stage) -> None:
    runtime = StockedRuntime()
    keeper = await filled(stage, runtime)
    await keeper.end_all()
    await keeper.look()
    assert await runtime.waiting() == set()
    assert await spares_of(stage) == []
    await keeper_of(stage, runtime).look()
    assert len(await runtime.waiting()) == 2


async def test_a_spare_that_is_gone_when_it_is_launched_is_done_without(stage: Stage) -> None:
    runtime = StockedRuntime()
    await filled(stage, runtime, 1)
    (spare,) = await ready(stage)
    desktop = await stage.launch()
    runtime.lose(desktop.uuid)
    await drive(stage, runtime, desktop)
    shown = await stage.look(desktop)
    assert (shown.uuid, shown.state) == (spare, State.RUNNING)


async def test_a_desktop_that_is_stopped_before_it_took_its_spare_leaves_none(stage: Stage) -> None:
    runtime = StockedRuntime()
    await filled(stage, runtime, 1)
    desktop = await stage.launch()
    await stage.stop(desktop)
    await drive(stage, runtime, desktop)
    assert (await stage.look(desktop)).state is State.STOPPED
    assert await runtime.waiting() == set()
