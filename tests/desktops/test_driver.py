"""One desktop on its way to what is wanted of it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage
from tests.desktops.doubles import (
    BrokenRuntime,
    DiesAtOnceRuntime,
    NeverReadyRuntime,
    PromptRuntime,
    RefusingRuntime,
    SilentRuntime,
    SlowRuntime,
    StubbornRuntime,
)
from tests.desktops.kinds import kinds_of, pool_of

from deskbay.accounts.models import User
from deskbay.desktops.driver import WAITING, Driver, Surroundings
from deskbay.desktops.lifecycle import HOST_RESTARTED, SIGNED_OUT, TOO_SLOW_TO_START, TOO_SLOW_TO_STOP, VANISHED
from deskbay.desktops.models import Change, Desktop, State, Step, Template, Wanted
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Observation, Presence, Runtime
from deskbay.kit.vault import Vault, new_key
from deskbay.settings import Settings

SETTINGS = Settings(start_seconds=5, stop_seconds=5, lease_seconds=10)


def driver(stage: Stage, desktop: Desktop, runtime: Runtime, *, server: str = "server-1") -> Driver:
    around = Surroundings(server, stage.database, stage.clock, SETTINGS, pool_of(local=runtime))
    return Driver(around, desktop.id)


async def drive(stage: Stage, desktop: Desktop, runtime: Runtime) -> Desktop:
    await driver(stage, desktop, runtime).run()
    return await stage.look(desktop)


async def test_a_wish_comes_true(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    assert (desktop.state, desktop.reason, desktop.deadline) == (State.RUNNING, None, None)
    assert [spec.desktop for spec in runtime.launches] == [desktop.uuid]
    assert runtime.launches[0].owner == stage.person.uuid


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("{}", {"DESKBAY_LANGUAGE": "de-AT"}),
        ('{"A": "b"}', {"A": "b", "DESKBAY_LANGUAGE": "de-AT"}),
        ('{"LANG": "fr_FR.UTF-8"}', {"LANG": "fr_FR.UTF-8"}),
        ('{"LC_ALL": "C.UTF-8"}', {"LC_ALL": "C.UTF-8"}),
    ],
)
async def test_it_knows_its_owners_language_where_its_template_says_none(
    stage: Stage, said: str, wanted: dict[str, str]
) -> None:
    runtime, desktop = PromptRuntime(), await stage.launch()
    async with stage.database.write() as db:
        await db.execute(update(Template).where(Template.slug == "desktop").values(environment=said))
        await db.execute(update(User).values(language="de-AT"))
    await drive(stage, desktop, runtime)
    assert runtime.launches[0].environment == wanted


async def with_password(stage: Stage, sealed: str) -> Desktop:
    """Launch a desktop with a password that its person chose, of a template that takes one."""
    desktop = await stage.launch()
    async with stage.changing(desktop) as row:
        row.sealed_password = sealed
    async with stage.database.write() as db:
        await db.execute(update(Template).where(Template.slug == "desktop").values(password_variable="VNC_PASSWORD"))
    return desktop


async def test_a_password_that_was_chosen_is_told_and_forgotten_with_the_desktop(stage: Stage) -> None:
    runtime, vault = PromptRuntime(), Vault([new_key()])
    pool = RuntimePool(kinds_of({"local": runtime}), Path("/nonexistent"), "secret", vault)
    desktop = await with_password(stage, vault.seal("chosen1"))
    around = Surroundings("server-1", stage.database, stage.clock, SETTINGS, pool)
    await Driver(around, desktop.id).run()
    assert runtime.launches[0].environment == {"VNC_PASSWORD": "chosen1"}
    await stage.delete(desktop)
    await Driver(around, desktop.id).run()
    gone = await stage.look(desktop)
    assert (gone.deleted_at is None, gone.sealed_password) == (False, None)


async def test_one_that_was_sealed_with_another_key_fails_the_launch_and_says_so(stage: Stage) -> None:
    desktop = await drive(stage, await with_password(stage, Vault([new_key()]).seal("chosen1")), PromptRuntime())
    assert desktop.state is State.FAILED
    assert desktop.reason
    assert desktop.reason.startswith("A secret was sealed with another key.")


async def test_the_steps_of_a_launch_are_kept(stage: Stage, clock: FrozenClock) -> None:
    desktop = await drive(stage, await stage.launch(), PromptRuntime())
    async with stage.database.read() as db:
        steps = (await db.scalars(select(Step).order_by(Step.id))).all()
    assert [(step.desktop_id, step.launch, step.name, step.at) for step in steps] == [
        (desktop.id, 1, "Starting", clock.now()),
        (desktop.id, 1, WAITING, clock.now()),
    ]


async def test_a_launch_begun_by_a_server_that_died_begins_anew(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await stage.launch()
    async with stage.database.write() as db:
        db.add(Step(desktop_id=desktop.id, launch=1, name="as far as it got", at=stage.clock.now()))
        (await db.get_one(Desktop, desktop.id)).state = State.STARTING
    runtime.seen[desktop.uuid] = Observation(Presence.READY)
    assert (await drive(stage, desktop, runtime)).state is State.RUNNING
    assert len(runtime.launches) == 1
    async with stage.database.read() as db:
        assert list(await db.scalars(select(Step.name).order_by(Step.id))) == ["Starting", WAITING]


async def test_stopped_and_started_again(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.stop(desktop)
    assert (await drive(stage, desktop, runtime)).state is State.STOPPED
    assert not runtime.seen
    await stage.start(desktop)
    again = await drive(stage, desktop, runtime)
    assert (again.state, again.launch, len(runtime.launches)) == (State.RUNNING, 2, 2)


async def test_deleted_is_ended_and_forgotten(stage: Stage, clock: FrozenClock) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.delete(desktop)
    gone = await drive(stage, desktop, runtime)
    assert gone.deleted_at == clock.now()
    assert not runtime.seen
    assert runtime.forgotten == {desktop.uuid}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (RefusingRuntime, "The disk is full"),
        (BrokenRuntime, "unexpected error"),
        (DiesAtOnceRuntime, "Xvnc: cannot open display"),
    ],
)
async def test_a_failed_launch_says_why_and_wants_no_more(stage: Stage, kind: type[PromptRuntime], reason: str) -> None:
    runtime = kind()
    desktop = await drive(stage, await stage.launch(), runtime)
    assert (desktop.state, desktop.wanted) == (State.FAILED, Wanted.STOPPED)
    assert desktop.reason is not None
    assert reason in desktop.reason
    assert not runtime.seen


async def test_after_a_failure_it_can_be_started_again(stage: Stage) -> None:
    desktop = await drive(stage, await stage.launch(), RefusingRuntime())
    await stage.start(desktop)
    again = await drive(stage, desktop, PromptRuntime())
    assert (again.state, again.reason) == (State.RUNNING, None)


async def test_a_launch_that_never_gets_ready_fails_at_its_deadline(stage: Stage, clock: FrozenClock) -> None:
    runtime = NeverReadyRuntime()
    desktop = await stage.launch()
    driving = asyncio.create_task(driver(stage, desktop, runtime).run())
    await runtime.launched.wait()
    assert (await stage.look(desktop)).deadline == clock.now() + timedelta(seconds=5)
    clock.advance(seconds=6)
    await driving
    failed = await stage.look(desktop)
    assert (failed.state, failed.reason) == (State.FAILED, TOO_SLOW_TO_START)
    assert not runtime.seen


async def test_a_start_can_be_cancelled_while_it_waits(stage: Stage) -> None:
    runtime = NeverReadyRuntime()
    desktop = await stage.launch()
    looking_after = driver(stage, desktop, runtime)
    driving = asyncio.create_task(looking_after.run())
    await runtime.launched.wait()
    await stage.stop(desktop)
    looking_after.poke()
    await driving
    assert (await stage.look(desktop)).state is State.STOPPED
    assert not runtime.seen


async def test_stopped_during_the_launch_itself(stage: Stage) -> None:
    runtime = SlowRuntime()
    desktop = await stage.launch()
    driving = asyncio.create_task(driver(stage, desktop, runtime).run())
    await runtime.begun.wait()
    await stage.stop(desktop)
    runtime.go_on.set()
    await driving
    assert (await stage.look(desktop)).state is State.STOPPED
    assert not runtime.seen


async def test_stopped_and_started_while_it_is_ending(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    async with stage.changing(desktop) as row:
        row.state = State.STOPPING
        row.wanted = Wanted.STOPPED
    await stage.start(desktop)
    again = await drive(stage, desktop, runtime)
    assert (again.state, len(runtime.launches)) == (State.RUNNING, 2)


@pytest.mark.parametrize(
    ("seen", "state", "reason"),
    [
        (Observation(Presence.ABSENT), State.FAILED, VANISHED),
        (Observation(Presence.ABSENT, reason="Out of memory"), State.FAILED, "Out of memory"),
        (Observation(Presence.ABSENT, left=True), State.STOPPED, SIGNED_OUT),
    ],
)
async def test_a_desktop_that_ended_by_itself(stage: Stage, seen: Observation, state: State, reason: str) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    runtime.seen[desktop.uuid] = seen
    ended = await drive(stage, desktop, runtime)
    assert (ended.state, ended.reason, ended.wanted) == (state, reason, Wanted.STOPPED)


async def test_an_end_that_hangs_is_told_and_tried_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = StubbornRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.stop(desktop, "The lab closes.")
    monkeypatch.setattr("tests.desktops.test_driver.SETTINGS", SETTINGS.model_copy(update={"stop_seconds": 0.05}))
    stuck = await drive(stage, desktop, runtime)
    assert (stuck.state, stuck.reason) == (State.STOPPING, TOO_SLOW_TO_STOP)
    stopped = await drive(stage, desktop, runtime)
    assert (stopped.state, stopped.reason) == (State.STOPPED, "The lab closes.")


async def test_another_servers_lease_is_respected_until_it_ends(stage: Stage, clock: FrozenClock) -> None:
    desktop = await stage.launch()
    async with stage.database.write() as db:
        until = clock.now() + timedelta(seconds=10)
        await db.execute(update(Desktop).values(lease_owner="server-2", lease_until=until))
    runtime = PromptRuntime()
    assert (await drive(stage, desktop, runtime)).state is State.PENDING
    clock.advance(seconds=11)
    assert (await drive(stage, desktop, runtime)).state is State.RUNNING


async def test_the_lease_is_given_back(stage: Stage) -> None:
    desktop = await drive(stage, await stage.launch(), PromptRuntime())
    assert (desktop.lease_owner, desktop.lease_until) == (None, None)


async def test_two_servers_at_once_launch_it_once(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await stage.launch()
    await asyncio.gather(*(driver(stage, desktop, runtime, server=f"server-{n}").run() for n in range(4)))
    assert len(runtime.launches) == 1
    assert (await drive(stage, desktop, runtime)).state is State.RUNNING


class SlowToRelease(Driver):
    """Tells when it begins to give its lease back, and takes a while over it."""

    def __init__(self, surroundings: Surroundings, desktop_id: int) -> None:
        super().__init__(surroundings, desktop_id)
        self.releasing = asyncio.Event()

    async def _release(self) -> None:
        self.releasing.set()
        await asyncio.sleep(0.05)
        await super()._release()


async def test_the_lease_is_given_back_even_when_the_server_ends_meanwhile(stage: Stage) -> None:
    desktop = await stage.launch()
    around = Surroundings("server-1", stage.database, stage.clock, SETTINGS, pool_of(local=PromptRuntime()))
    slow = SlowToRelease(around, desktop.id)
    driving = asyncio.create_task(slow.run())
    await slow.releasing.wait()
    driving.cancel()
    await asyncio.wait([driving])
    assert driving.cancelled()
    assert (await stage.look(desktop)).lease_until is None


async def test_a_start_on_a_runtime_that_gives_no_answer_fails_and_says_why(stage: Stage) -> None:
    runtime = SilentRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    assert (desktop.state, desktop.wanted) == (State.FAILED, Wanted.STOPPED)
    assert desktop.reason == "It is switched off. Switch it on."
    runtime.is_silent = False
    await stage.start(desktop)
    assert (await drive(stage, desktop, runtime)).state is State.RUNNING


async def test_what_runs_is_left_alone_while_its_runtime_gives_no_answer(stage: Stage) -> None:
    runtime = SilentRuntime()
    runtime.is_silent = False
    desktop = await drive(stage, await stage.launch(), runtime)
    runtime.is_silent = True
    silent = await drive(stage, desktop, runtime)
    assert (silent.state, silent.reason) == (State.RUNNING, None)


@pytest.mark.parametrize("wish", ["stop", "delete"])
async def test_a_stop_and_a_delete_wait_for_a_runtime_that_gives_no_answer(stage: Stage, wish: str) -> None:
    runtime = SilentRuntime()
    runtime.is_silent = False
    desktop = await drive(stage, await stage.launch(), runtime)
    runtime.is_silent = True
    await (stage.stop(desktop, "The lab closes.") if wish == "stop" else stage.delete(desktop))
    waiting = await drive(stage, desktop, runtime)
    assert waiting.deleted_at is None
    if wish == "stop":
        assert (waiting.state, waiting.reason) == (State.STOPPING, "It is switched off. Switch it on.")
    runtime.is_silent = False
    ended = await drive(stage, desktop, runtime)
    stopped = (ended.state, ended.reason) == (State.STOPPED, "The lab closes.")
    assert stopped or ended.deleted_at is not None
    assert not runtime.seen


async def test_a_desktop_that_went_down_with_its_host_is_started_again_and_its_history_says_why(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    runtime.seen[desktop.uuid] = Observation(Presence.ABSENT, lost=True)
    again = await drive(stage, desktop, runtime)
    assert (again.state, again.wanted, again.reason) == (State.RUNNING, Wanted.RUNNING, None)
    assert len(runtime.launches) == 2
    async with stage.database.read() as db:
        changes = await db.scalars(select(Change).where(Change.desktop_id == desktop.id).order_by(Change.id))
        told = [(change.state, change.reason) for change in changes]
    assert told[-3:] == [
        (State.PENDING, HOST_RESTARTED),
        (State.STARTING, HOST_RESTARTED),
        (State.RUNNING, None),
    ]


async def test_a_stopped_desktop_stays_so_when_its_host_is_restarted(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.stop(desktop)
    runtime.seen[desktop.uuid] = Observation(Presence.ABSENT, lost=True)
    assert (await drive(stage, desktop, runtime)).state is State.STOPPED
