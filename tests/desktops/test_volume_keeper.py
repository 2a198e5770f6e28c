"""What is wanted of a volume comes about on its runtime, whatever happened before, on every database."""

import asyncio
from uuid import uuid4

from structlog.testing import capture_logs
from tests.desktops.conftest import Stage
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import pool_of
from tests.desktops.stores import (
    BrokenVolumes,
    FullVolumes,
    HangingVolumes,
    MemoryVolumes,
    SilentVolumes,
    StoringRuntime,
)

from deskbay.accounts.rights.rights import Rights
from deskbay.database import Database
from deskbay.desktops import mounting
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes.volumes import VolumeSpec
from deskbay.desktops.volume_keeper import EVERY, NO_VOLUMES, PAUSE, UNEXPECTED, VolumeKeeper
from deskbay.volumes import service
from deskbay.volumes.models import Volume, VolumeState
from deskbay.volumes.schemas import VolumeChange

MB = 2**20


def keeper_of(stage: Stage, volumes: MemoryVolumes) -> VolumeKeeper:
    return VolumeKeeper(stage.database, stage.clock, pool_of(local=StoringRuntime(volumes)))


async def wish(stage: Stage, name: str = "Thesis", size_mb: int = 100) -> Volume:
    async with stage.database.write() as db:
        return await service.create_volume(
            db, stage.clock, stage.person, name=name, size_mb=size_mb, runtime_id=await runtime_id(stage), limit_gb=None
        )


async def runtime_id(stage: Stage) -> int:
    desktop = await stage.launch(limit=100)
    assert desktop.runtime_id
    return desktop.runtime_id


async def now(database: Database, volume: Volume) -> Volume:
    async with database.read() as db:
        return await db.get_one(Volume, volume.id)


async def change(stage: Stage, volume: Volume, **columns: object) -> None:
    async with stage.database.write() as db:
        row = await db.get_one(Volume, volume.id)
        for name, value in columns.items():
            setattr(row, name, value)


async def test_it_is_made_measured_grown_and_taken_away(stage: Stage) -> None:
    store = MemoryVolumes()
    keeper, volume = keeper_of(stage, store), await wish(stage)
    assert volume.state is VolumeState.PENDING
    await keeper.look()
    assert store.sizes == {volume.uuid: 100}
    store.used[volume.uuid] = MB + 1
    await keeper.look()
    made = await now(stage.database, volume)
    assert (made.state, made.made_mb, made.used_mb, made.measured_at) == (VolumeState.READY, 100, 2, stage.clock.now())
    await change(stage, volume, size_mb=200)
    assert (await now(stage.database, volume)).state is VolumeState.PENDING
    await keeper.look()
    assert store.sizes == {volume.uuid: 200}
    await change(stage, volume, is_wanted=False)
    await keeper.look()
    assert store.sizes == {}
    assert (await now(stage.database, volume)).deleted_at == stage.clock.now()


async def test_what_a_killed_server_left_half_done_is_done_by_the_next(stage: Stage) -> None:
    store = MemoryVolumes()
    made, deleted = await wish(stage, "made"), await wish(stage, "deleted")
    await store.make(VolumeSpec(made.uuid, "made", 100))  # and then it was killed, before it could write that down
    await keeper_of(stage, store).look()
    await change(stage, deleted, is_wanted=False)
    await store.delete(deleted.uuid)  # likewise
    await keeper_of(stage, store).look()
    assert store.sizes == {made.uuid: 100}
    assert (await now(stage.database, made)).state is VolumeState.READY
    assert (await now(stage.database, deleted)).deleted_at is not None


async def test_what_has_no_room_fails_with_the_reason_and_is_tried_again(stage: Stage) -> None:
    store = FullVolumes()
    keeper, volume = keeper_of(stage, store), await wish(stage)
    await keeper.look()
    failed = await now(stage.database, volume)
    assert (failed.state, failed.reason) == (VolumeState.FAILED, "The disk is full. Free some space.")
    store.is_full = False
    await keeper.look()
    assert store.sizes == {}  # not at once
    stage.clock.advance(seconds=PAUSE.total_seconds())
    await keeper.look()
    made = await now(stage.database, volume)
    assert (made.state, made.reason) == (VolumeState.READY, None)


async def test_what_can_not_grow_keeps_its_size_and_says_why(stage: Stage) -> None:
    store = FullVolumes()
    store.is_full = False
    keeper, volume = keeper_of(stage, store), await wish(stage)
    await keeper.look()
    store.is_full = True
    async with stage.database.write() as db:
        row = await service.get_managed(db, Rights(stage.person), volume.id)
        await service.change_volume(db, row, VolumeChange(size_mb=200), None)
    await keeper.look()
    kept = await now(stage.database, volume)
    assert (kept.state, kept.size_mb) == (VolumeState.READY, 100)
    assert kept.reason == "The disk is full. Free some space."


async def test_a_runtime_that_is_silent_is_waited_for(stage: Stage) -> None:
    store = SilentVolumes()
    keeper, volume = keeper_of(stage, store), await wish(stage)
    await keeper.look()
    assert (await now(stage.database, volume)).reason == "It is switched off. Switch it on."
    await change(stage, volume, is_wanted=False, retry_at=None)
    await keeper.look()
    assert (await now(stage.database, volume)).state is VolumeState.DELETING
    store.is_silent = False
    stage.clock.advance(seconds=PAUSE.total_seconds())
    await keeper.look()
    assert (await now(stage.database, volume)).deleted_at is not None


async def test_a_defect_is_told_and_holds_up_nobody(stage: Stage) -> None:
    first, other = await wish(stage, "first"), await wish(stage, "other")
    with capture_logs() as said:
        await keeper_of(stage, BrokenVolumes()).look()
    assert [(await now(stage.database, one)).reason for one in (first, other)] == [UNEXPECTED, UNEXPECTED]
    assert [line["log_level"] for line in said] == ["error", "error"]


async def test_a_runtime_without_volumes_says_so(stage: Stage) -> None:
    volume = await wish(stage)
    await VolumeKeeper(stage.database, stage.clock, pool_of(local=PromptRuntime())).look()
    assert (await now(stage.database, volume)).reason == NO_VOLUMES


async def test_one_that_hangs_does_not_hold_up_the_others(stage: Stage) -> None:
    store = HangingVolumes()
    first, keeper = await wish(stage, "first"), keeper_of(stage, store)
    running = asyncio.create_task(keeper.run())
    try:
        await asyncio.wait_for(store.begun.wait(), 60)
        second = await wish(stage, "second")
        await change(stage, second, is_wanted=False)
        async with asyncio.timeout(60):
            while (await now(stage.database, second)).deleted_at is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (await now(stage.database, first)).state is VolumeState.PENDING
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_it_is_measured_again_while_a_desktop_writes_to_it(stage: Stage) -> None:
    store = MemoryVolumes()
    keeper, volume = keeper_of(stage, store), await wish(stage)
    desktop = await stage.launch(limit=100)
    for _ in range(2):
        await keeper.look()
    store.used[volume.uuid] = 5 * MB
    stage.clock.advance(seconds=EVERY.total_seconds())
    await keeper.look()
    assert (await now(stage.database, volume)).used_mb == 0
    async with stage.database.write() as db:
        row = await db.get_one(Desktop, desktop.id)
        row.state = State.RUNNING
        await db.refresh(row, ["owner"])
        known = await service.get_usable(db, Rights(stage.person), volume.id)
        await mounting.attach_at_launch(db, row, known)
    await keeper.look()
    assert (await now(stage.database, volume)).used_mb == 5


async def test_while_a_runtime_is_silent_the_last_figure_stays_and_it_is_asked_now_and_then(stage: Stage) -> None:
    store = SilentVolumes()
    store.is_silent = False
    keeper, volume = keeper_of(stage, store), await wish(stage)
    await keeper.look()
    store.is_silent = True
    for _ in range(3):
        await keeper.look()
    assert store.asked == 1
    unknown = await now(stage.database, volume)
    assert (unknown.state, unknown.reason, unknown.used_mb) == (VolumeState.READY, None, None)
    store.is_silent = False
    stage.clock.advance(seconds=PAUSE.total_seconds())
    await keeper.look()
    assert (await now(stage.database, volume)).used_mb == 0


async def test_what_was_deleted_and_is_there_all_the_same_is_taken_away_and_strangers_stay(stage: Stage) -> None:
    store = MemoryVolumes()
    keeper, volume, stranger = keeper_of(stage, store), await wish(stage), uuid4()
    await change(stage, volume, is_wanted=False, deleted_at=stage.clock.now())
    store.sizes = {volume.uuid: 100, stranger: 100}
    with capture_logs() as said:
        await keeper.look()
        await keeper.look()
    assert store.sizes == {stranger: 100}
    assert [(line["event"], line["volume"]) for line in said] == [
        ("a volume is there that the database does not know", str(stranger))
    ]
