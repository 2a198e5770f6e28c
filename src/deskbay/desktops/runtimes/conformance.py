"""What every runtime has to do, as a class of tests for pytest (with pytest-asyncio).

    class TestMine(RuntimeConformance):
        @pytest.fixture
        def open_runtime(self) -> Callable[[], Runtime]: ...

        @pytest.fixture
        def spec(self) -> LaunchSpec: ...

        @pytest.fixture
        def impossible(self, spec: LaunchSpec) -> LaunchSpec: ...

`open_runtime` gives another object for the same place each time, as a server does that was started again. `spec` is a
desktop that can be launched, `impossible` one that can't. Nothing else may be going on at that place.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from deskbay.desktops.runtimes import (
    Display,
    LaunchError,
    LaunchSpec,
    Observation,
    Presence,
    Runtime,
    TcpDisplay,
    UnixDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.spares import SpareSpec, SpareStore, spare_for, spares_of
from deskbay.desktops.runtimes.volumes import SHARED, STORAGE, Mount, VolumeSpec, store_of
from deskbay.kit.secrets import new_secret

PATIENCE = 60.0
"""Seconds after which a test gives up waiting."""
GREETING = b"RFB 003.008\n"

OpenRuntime = Callable[[], Runtime]


class StepReached(Exception):
    """Ends a launch from within, as a server does that is told to end."""


async def _started(runtime: Runtime, spec: LaunchSpec) -> Observation:
    async with asyncio.timeout(PATIENCE):
        while (seen := await runtime.observe(spec.desktop)).presence is Presence.STARTING:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return seen


async def start(runtime: Runtime, spec: LaunchSpec) -> list[str]:
    """Launch, wait until it is ready, and return the steps."""
    steps: list[str] = []
    await runtime.launch(spec, steps.append)
    assert await _started(runtime, spec) == Observation(Presence.READY), await runtime.log(spec.desktop)
    return steps


async def greeting(runtime: Runtime, spec: LaunchSpec) -> bytes:
    """Return what the desktop's VNC server says first."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await _connect(await runtime.display(spec.desktop))
        try:
            return await reader.readexactly(len(GREETING))
        finally:
            writer.close()


async def _connect(display: Display) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(display, TcpDisplay):
        return await asyncio.open_connection(display.host, display.port)
    return await asyncio.open_unix_connection(display.path)


async def is_gone(runtime: Runtime, spec: LaunchSpec) -> bool:
    """Whether nothing of the desktop runs, or listens."""
    if (await runtime.observe(spec.desktop)).presence is not Presence.ABSENT:
        return False
    try:
        display = await runtime.display(spec.desktop)
        _, writer = await _connect(display)
    except Unreachable:
        return True
    except OSError:
        return not (isinstance(display, UnixDisplay) and display.path.exists())
    writer.close()
    return False


def _with_a_spare(runtime: Runtime, spec: LaunchSpec) -> tuple[SpareStore, LaunchSpec, SpareSpec]:
    """Return what makes spares, a desktop that can begin with one, and that one. Skips where there are none."""
    maker = spares_of(runtime)
    spec = replace(spec, agent_token=new_secret())
    spare = spare_for(spec)
    if maker is None or spare is None:
        pytest.skip("It makes no spares.")
    return maker, spec, spare


class RuntimeConformance:
    """The tests. Each starts with a runtime that has nothing."""

    @pytest.fixture
    def open_runtime(self) -> OpenRuntime:
        pytest.fail("Override the fixture `open_runtime`: it says how the runtime is opened.")

    @pytest.fixture
    def spec(self) -> LaunchSpec:
        pytest.fail("Override the fixture `spec`: it says what can be launched.")

    @pytest.fixture
    def impossible(self) -> LaunchSpec:
        pytest.fail("Override the fixture `impossible`: it says what can't be launched.")

    @pytest.fixture
    async def runtime(self, open_runtime: OpenRuntime) -> AsyncIterator[Runtime]:
        runtime = open_runtime()
        try:
            yield runtime
            for desktop in await runtime.owned():
                await runtime.forget(desktop)
            assert await runtime.owned() == set()
        finally:
            await runtime.close()

    async def test_a_desktop_lives_and_ends_and_lives_again(self, runtime: Runtime, spec: LaunchSpec) -> None:
        assert await runtime.unavailable(spec.profile) is None
        steps = await start(runtime, spec)
        assert steps
        assert len(steps) == len(set(steps))
        assert await greeting(runtime, spec) == GREETING
        assert await runtime.owned() == {spec.desktop}
        await runtime.end(spec.desktop)
        assert await is_gone(runtime, spec)
        assert await start(runtime, spec) == steps
        await runtime.forget(spec.desktop)
        assert await is_gone(runtime, spec)
        assert await runtime.owned() == set()
        assert await runtime.log(spec.desktop) == []

    async def test_what_was_never_there_is_ended_and_forgotten_all_the_same(self, runtime: Runtime) -> None:
        nobody = uuid4()
        await runtime.end(nobody)
        await runtime.forget(nobody)
        assert await runtime.observe(nobody) == Observation(Presence.ABSENT)
        assert await runtime.log(nobody) == []

    async def test_it_is_found_again_by_a_server_that_was_started_again(
        self, open_runtime: OpenRuntime, runtime: Runtime, spec: LaunchSpec
    ) -> None:
        await start(runtime, spec)
        again = open_runtime()
        try:
            assert await again.owned() == {spec.desktop}
            assert await again.observe(spec.desktop) == Observation(Presence.READY)
            assert await greeting(again, spec) == GREETING
            await again.launch(spec, lambda _: None)
            assert await again.owned() == {spec.desktop}
            await again.end(spec.desktop)
        finally:
            await again.close()
        assert await is_gone(runtime, spec)

    async def test_volumes_are_made_grown_had_and_deleted(self, runtime: Runtime, spec: LaunchSpec) -> None:
        store = store_of(runtime)
        if store is None:
            pytest.skip("It offers no volumes.")
        volume, other = VolumeSpec(uuid4(), "Thesis", 64), VolumeSpec(uuid4(), "Data", 64)
        await store.delete(volume.volume)
        for one in (volume, other, replace(volume, size_mb=128), volume):
            await store.make(one)
        assert await store.owned() == {volume.volume, other.volume}
        mounts = (Mount(volume.volume, STORAGE), Mount(other.volume, f"{SHARED}/data", is_read_only=True))
        await start(runtime, replace(spec, volumes=mounts))
        assert await store.measure(volume.volume) in {None, 0}
        await runtime.forget(spec.desktop)
        for one in (volume, other, volume):
            await store.delete(one.volume)
        assert await store.owned() == set()
        with pytest.raises(LaunchError, match=r"\w+ .*\."):
            await runtime.launch(replace(spec, volumes=mounts), lambda _: None)
        assert await store.owned() == set()

    async def test_a_spare_waits_for_its_launch_whatever_becomes_of_the_server(
        self, open_runtime: OpenRuntime, runtime: Runtime, spec: LaunchSpec
    ) -> None:
        maker, spec, spare = _with_a_spare(runtime, spec)
        await maker.prepare(spare)
        again = open_runtime()
        try:
            assert await again.owned() == {spec.desktop}
            assert await again.observe(spec.desktop) == Observation(Presence.SPARE)
            assert await _with_a_spare(again, spec)[0].waiting() == {spec.desktop}
            taking = await start(again, spec)
            assert await greeting(again, spec) == GREETING
        finally:
            await again.close()
        assert await maker.waiting() == set()
        await runtime.end(spec.desktop)
        assert await is_gone(runtime, spec)
        assert await start(runtime, spec) != taking

    async def test_a_spare_that_is_not_what_is_wished_for_is_not_taken(
        self, runtime: Runtime, spec: LaunchSpec
    ) -> None:
        maker, spec, spare = _with_a_spare(runtime, spec)
        anew = await start(runtime, spec)
        await runtime.end(spec.desktop)
        await maker.prepare(spare)
        assert (await start(runtime, replace(spec, memory_mb=spec.memory_mb + 64)))[-len(anew) :] == anew
        assert await maker.waiting() == set()
        await runtime.forget(spec.desktop)
        assert await runtime.owned() == set()

    async def test_a_spare_that_nobody_takes_is_ended(
        self, runtime: Runtime, spec: LaunchSpec, impossible: LaunchSpec
    ) -> None:
        maker, spec, spare = _with_a_spare(runtime, spec)
        await maker.prepare(spare)
        await runtime.end(spec.desktop)
        await runtime.forget(spec.desktop)
        _, _, never = _with_a_spare(runtime, impossible)
        with pytest.raises(LaunchError, match=r"\w+ .*\."):
            await maker.prepare(never)
        making = asyncio.create_task(maker.prepare(spare))
        await asyncio.sleep(0.1)
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        await runtime.forget(spec.desktop)
        assert await maker.waiting() == await runtime.owned() == set()

    async def test_two_desktops_of_a_person_do_not_disturb_each_other(self, runtime: Runtime, spec: LaunchSpec) -> None:
        other = replace(spec, desktop=uuid4())
        await asyncio.gather(start(runtime, spec), start(runtime, other))
        assert await runtime.display(spec.desktop) != await runtime.display(other.desktop)
        await runtime.end(spec.desktop)
        assert await runtime.observe(other.desktop) == Observation(Presence.READY)
        assert await greeting(runtime, other) == GREETING

    async def test_what_can_not_be_launched_is_refused_and_leaves_nothing(
        self, runtime: Runtime, impossible: LaunchSpec
    ) -> None:
        with pytest.raises(LaunchError, match=r"\w+ .*\."):
            await runtime.launch(impossible, lambda _: None)
        assert await is_gone(runtime, impossible)

    async def test_a_launch_that_is_broken_off_leaves_nothing(self, runtime: Runtime, spec: LaunchSpec) -> None:
        for step in await start(runtime, spec):
            await runtime.end(spec.desktop)

            def break_off(begun: str, last: str = step) -> None:
                if begun == last:
                    raise StepReached

            with pytest.raises(StepReached):
                await runtime.launch(spec, break_off)
            assert await is_gone(runtime, spec)

    async def test_a_launch_that_is_cancelled_leaves_nothing(self, runtime: Runtime, spec: LaunchSpec) -> None:
        for milliseconds in (0, 5, 20, 80):
            launching = asyncio.create_task(runtime.launch(spec, lambda _: None))
            await asyncio.sleep(milliseconds / 1000)
            if launching.cancel():
                with pytest.raises(asyncio.CancelledError):
                    await launching
                assert await is_gone(runtime, spec)
            await runtime.end(spec.desktop)
