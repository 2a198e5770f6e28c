"""Every desktop is brought to what is wanted of it, by whoever notices first."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

import pytest
from tests.desktops.conftest import Stage
from tests.desktops.doubles import NeverReadyRuntime, PromptRuntime, SilentRuntime, StubbornRuntime
from tests.desktops.kinds import pool_of

from deskbay.desktops import reconciler as module
from deskbay.desktops.driver import Driver
from deskbay.desktops.lifecycle import VANISHED
from deskbay.desktops.models import Desktop, RuntimeRow, State, Wanted
from deskbay.desktops.reconciler import SERVER_ENDED, Reconciler
from deskbay.desktops.runtimes import Observation, Presence
from deskbay.settings import Settings

PATIENCE = 60.0
SETTINGS = Settings(start_seconds=5, stop_seconds=5, lease_seconds=10)


@asynccontextmanager
async def reconciling(stage: Stage, runtime: PromptRuntime, settings: Settings = SETTINGS) -> AsyncIterator[Reconciler]:
    reconciler = Reconciler(stage.database, stage.database.bus, stage.clock, settings, pool_of(local=runtime))
    running = asyncio.create_task(reconciler.run())
    await asyncio.sleep(0)
    try:
        yield reconciler
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def reach(stage: Stage, desktop: Desktop, holds: Callable[[Desktop], bool]) -> Desktop:
    """Wait until something holds of a desktop."""
    async with asyncio.timeout(PATIENCE):
        while not holds(found := await stage.look(desktop)):  # noqa: ASYNC110 - the truth is in the database
            await asyncio.sleep(0.01)
    return found


def is_in(state: State) -> Callable[[Desktop], bool]:
    return lambda desktop: desktop.state is state


@pytest.fixture
def rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens happens because it was told, not because it was looked for."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600.0)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)


@pytest.mark.usefixtures("rarely")
async def test_a_wish_is_heard_at_once(stage: Stage) -> None:
    runtime = PromptRuntime()
    async with reconciling(stage, runtime):
        await asyncio.sleep(0.1)
        desktop = await stage.launch()
        await reach(stage, desktop, is_in(State.RUNNING))
        await stage.stop(desktop)
        await reach(stage, desktop, is_in(State.STOPPED))
        await stage.start(desktop)
        await reach(stage, desktop, is_in(State.RUNNING))
        await stage.delete(desktop)
        await reach(stage, desktop, lambda found: found.deleted_at is not None)
    assert not runtime.seen


@pytest.mark.usefixtures("rarely")
async def test_wishes_that_follow_each_other_closely_are_all_heard(stage: Stage) -> None:
    async with reconciling(stage, PromptRuntime()):
        await asyncio.sleep(0.1)
        desktop = await stage.launch()
        for _ in range(10):
            await stage.stop(desktop)
            await stage.start(desktop)
        await stage.stop(desktop)
        await reach(stage, desktop, is_in(State.STOPPED))


async def test_what_was_wanted_while_no_server_ran_is_found(stage: Stage) -> None:
    desktop = await stage.launch()
    async with reconciling(stage, PromptRuntime()):
        await reach(stage, desktop, is_in(State.RUNNING))


@pytest.mark.usefixtures("often")
async def test_a_desktop_that_vanishes_is_noticed(stage: Stage) -> None:
    runtime = PromptRuntime()
    async with reconciling(stage, runtime):
        desktop = await stage.launch()
        await reach(stage, desktop, is_in(State.RUNNING))
        del runtime.seen[desktop.uuid]
        assert (await reach(stage, desktop, is_in(State.FAILED))).reason == VANISHED


@pytest.mark.usefixtures("often")
async def test_an_end_that_failed_is_tried_again(stage: Stage) -> None:
    runtime = StubbornRuntime()
    async with reconciling(stage, runtime, SETTINGS.model_copy(update={"stop_seconds": 0.05})):
        desktop = await stage.launch()
        await reach(stage, desktop, is_in(State.RUNNING))
        await stage.stop(desktop)
        await reach(stage, desktop, is_in(State.STOPPED))
    assert runtime.asked == 2


@pytest.mark.usefixtures("often")
async def test_what_nobody_wants_is_ended_and_what_is_wanted_is_not(stage: Stage) -> None:
    runtime = PromptRuntime()
    async with reconciling(stage, runtime):
        desktop = await stage.launch()
        await reach(stage, desktop, is_in(State.RUNNING))
        stray = uuid4()
        runtime.seen[stray] = Observation(Presence.READY)
        async with asyncio.timeout(PATIENCE):
            while stray not in runtime.forgotten:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
        assert set(runtime.seen) == {desktop.uuid}
        assert runtime.forgotten == {stray}


@pytest.mark.usefixtures("often")
async def test_what_a_failed_start_has_left_is_ended_when_its_runtime_answers_again(stage: Stage) -> None:
    runtime = SilentRuntime()
    async with reconciling(stage, runtime):
        desktop = await stage.launch()
        await reach(stage, desktop, is_in(State.FAILED))
        runtime.seen[desktop.uuid] = Observation(Presence.READY)
        runtime.is_silent = False
        async with asyncio.timeout(PATIENCE):
            while runtime.seen:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
        assert (await reach(stage, desktop, is_in(State.FAILED))).reason == "It is switched off. Switch it on."


class HangingRuntime(PromptRuntime):
    """Never says what it has."""

    async def owned(self) -> set[UUID]:
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.usefixtures("often")
async def test_a_runtime_that_hangs_does_not_hold_up_the_others(stage: Stage) -> None:
    hanging, prompt = HangingRuntime(), PromptRuntime()
    async with stage.database.write() as db:
        db.add(RuntimeRow(slug="a-hanging-one", kind="hanging"))
    pool = pool_of(local=prompt, hanging=hanging)
    reconciler = Reconciler(stage.database, stage.database.bus, stage.clock, SETTINGS, pool)
    running = asyncio.create_task(reconciler.run())
    desktop = await stage.launch()
    await reach(stage, desktop, is_in(State.RUNNING))
    del prompt.seen[desktop.uuid]
    await reach(stage, desktop, is_in(State.FAILED))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


class DefectiveAtFirstRuntime(PromptRuntime):
    """Fails in an unforeseen way when it is first asked what it has."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def owned(self) -> set[UUID]:
        self.asked += 1
        if self.asked == 1:
            raise ZeroDivisionError
        return await super().owned()


@pytest.mark.usefixtures("often")
async def test_a_look_that_fails_is_not_the_last(stage: Stage) -> None:
    runtime = DefectiveAtFirstRuntime()
    desktop = await stage.launch()
    async with reconciling(stage, runtime):
        await reach(stage, desktop, is_in(State.RUNNING))


async def test_ending_the_server_may_end_its_desktops(stage: Stage) -> None:
    runtime = PromptRuntime()
    async with reconciling(stage, runtime) as reconciler:
        desktops = [await stage.launch() for _ in range(2)]
        for desktop in desktops:
            await reach(stage, desktop, is_in(State.RUNNING))
        await reconciler.stop_all()
    assert not runtime.seen
    for desktop in desktops:
        ended = await stage.look(desktop)
        assert (ended.state, ended.wanted, ended.reason) == (State.STOPPED, Wanted.STOPPED, SERVER_ENDED)


async def test_a_cancelled_reconciler_leaves_no_lease(stage: Stage) -> None:
    runtime = NeverReadyRuntime()
    desktop = await stage.launch()
    async with reconciling(stage, runtime):
        await runtime.launched.wait()
    left = await stage.look(desktop)
    assert (left.state, left.lease_owner) == (State.STARTING, None)


class PokedWhileItReleases(Driver):
    """Something about its desktop changes, and its server is ended, while it gives its lease back."""

    server: asyncio.Task[None]

    async def _release(self) -> None:
        self.poke()
        self.server.cancel()
        await asyncio.sleep(0)
        await super()._release()


@pytest.mark.usefixtures("rarely")
async def test_a_cancelled_reconciler_begins_nothing_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Driver", PokedWhileItReleases)
    await stage.launch()
    reconciler = Reconciler(stage.database, stage.bus, stage.clock, SETTINGS, pool_of(local=PromptRuntime()))
    PokedWhileItReleases.server = asyncio.create_task(reconciler.run())
    await asyncio.wait([PokedWhileItReleases.server])
    assert PokedWhileItReleases.server.cancelled()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_two_servers_share_the_work(stage: Stage) -> None:
    runtime = PromptRuntime()
    async with reconciling(stage, runtime), reconciling(stage, runtime):
        desktops = [await stage.launch() for _ in range(5)]
        for desktop in desktops:
            await reach(stage, desktop, is_in(State.RUNNING))
    assert sorted(spec.desktop for spec in runtime.launches) == sorted(desktop.uuid for desktop in desktops)
