"""A spare becomes one launch's desktop, and only if it is just what is wished for: on every database."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from tests.desktops.allowing import allow, launch
from tests.desktops.conftest import Stage
from tests.desktops.stocks import add_runtime, spares_of, stock, template_of

from deskbay.desktops import placing, runtime_rows, spares
from deskbay.desktops.launching import Size
from deskbay.desktops.models import Desktop, RuntimeRow, Spare
from deskbay.kit.problems import Problem
from deskbay.volumes.models import TemplateVolume, Volume


async def make(stage: Stage, number: int, runtime_id: int, **columns: object) -> set[UUID]:
    """Have so many spares wait, as the template is now."""
    async with stage.database.write() as db:
        template = await template_of(stage)
        wish = await spares.wish_for(db, template, template.memory_mb, template.cpus, uuid4())
        assert wish is not None
        common = {
            "template_id": template.id,
            "runtime_id": runtime_id,
            "recipe": wish.recipe,
            "memory_mb": wish.memory_mb,
            "cpus": wish.cpus,
            "created_at": stage.clock.now(),
            "is_ready": True,
        }
        made = [Spare(uuid=uuid4(), **{**common, **columns}) for _ in range(number)]
        db.add_all(made)
        return {spare.uuid for spare in made}


async def give_volume(stage: Stage, runtime_id: int) -> None:
    """Have every desktop of the template have a volume."""
    async with stage.database.write() as db:
        volume = Volume(uuid=uuid4(), owner_id=stage.person.id, runtime_id=runtime_id, name="Data", size_mb=64)
        volume.made_mb, volume.created_at = 64, stage.clock.now()
        db.add(volume)
        await db.flush()
        db.add(TemplateVolume(template_id=(await template_of(stage)).id, volume_id=volume.id, is_read_only=True))


async def test_of_ten_launches_at_once_three_have_the_three_spares(stage: Stage) -> None:
    box = await add_runtime(stage)
    await stock(stage, spares=3)
    waiting = await make(stage, 3, box)
    launched = await asyncio.gather(*(stage.launch(limit=10) for _ in range(10)))
    desktops = {desktop.uuid for desktop in launched}
    assert len(desktops) == 10
    assert waiting <= desktops
    assert await spares_of(stage) == []


async def test_the_desktop_is_the_spare_where_it_waits(stage: Stage) -> None:
    await add_runtime(stage, "emptier")
    box = await add_runtime(stage)
    await stock(stage, spares=1)
    (uuid,) = await make(stage, 1, box)
    desktop = await stage.look(await stage.launch())
    assert (desktop.uuid, desktop.runtime_id) == (uuid, box)
    again = await stage.launch()
    assert again.uuid != uuid


async def test_a_launch_that_fails_leaves_the_spare(stage: Stage) -> None:
    waiting = await make_one(stage)
    with pytest.raises(Problem):
        await stage.launch_and_fail()
    assert {spare.uuid for spare in await spares_of(stage)} == waiting


async def make_one(stage: Stage, **columns: object) -> set[UUID]:
    box = await add_runtime(stage)
    await stock(stage, spares=1)
    return await make(stage, 1, box, **columns)


@pytest.mark.parametrize(
    "columns",
    [{"is_ready": False}, {"is_wanted": False}, {"recipe": "another"}],
    ids=lambda columns: next(iter(columns)),
)
async def test_one_that_is_not_ready_not_wanted_or_unlike_is_not_taken(
    stage: Stage, columns: dict[str, object]
) -> None:
    waiting = await make_one(stage, **columns)
    assert (await stage.launch()).uuid not in waiting
    assert len(await spares_of(stage)) == 1


async def test_another_size_is_made_anew_and_the_same_said_aloud_is_not(stage: Stage) -> None:
    waiting = await make_one(stage)
    template = await template_of(stage)
    assert (await launch(stage, size=Size(memory_mb=template.most_memory_mb))).uuid not in waiting
    assert (await launch(stage, size=Size(cpus=template.least_cpus))).uuid not in waiting
    assert (await launch(stage, size=Size(template.memory_mb, template.cpus))).uuid in waiting


@pytest.mark.parametrize(
    "change",
    [
        {"image": "deskbay/browser"},
        {"environment": '{"LANG": "de_DE.UTF-8"}'},
        {"network": "none"},
        {"memory_mb": 1024},
        {"cpus": 1.0},
        {"spares": 0},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_one_of_a_template_that_was_changed_is_not_taken(stage: Stage, change: dict[str, object]) -> None:
    waiting = await make_one(stage)
    await stock(stage, **change)
    assert (await stage.launch()).uuid not in waiting


async def test_one_on_a_runtime_that_is_drained_or_lacks_a_label_is_not_taken(stage: Stage) -> None:
    waiting = await make_one(stage)
    await add_runtime(stage, "other", labels='["gpu"]')
    await stock(stage, labels='["gpu"]')
    assert (await stage.launch()).uuid not in waiting
    await stock(stage, labels="[]")
    await add_runtime(stage, is_drained=True)
    assert (await stage.launch()).uuid not in waiting


async def test_one_made_before_the_template_gave_a_volume_is_not_taken(stage: Stage) -> None:
    box = await add_runtime(stage)
    await stock(stage, spares=2)
    without = await make(stage, 1, box)
    await give_volume(stage, box)
    (having,) = await make(stage, 1, box)
    assert (await stage.launch()).uuid == having
    assert (await stage.launch()).uuid not in without


async def test_spares_count_for_their_runtime_and_for_no_person(stage: Stage) -> None:
    box = await add_runtime(stage, desktops=3)
    await stock(stage, spares=2)
    await make(stage, 2, box)
    template = await template_of(stage)
    async with stage.database.read() as db:
        load = (await placing.loads_of(db))[box]
    assert load == placing.Load(2, 2 * template.memory_mb, 2 * template.cpus)
    await allow(stage, stage.person, desktops=1)
    await launch(stage)
    async with stage.database.read() as db:
        assert (await placing.loads_of(db))[box] == load  # what was a spare is a desktop


async def test_spares_give_way_to_people(stage: Stage) -> None:
    box = await add_runtime(stage, desktops=2)
    await stock(stage, spares=2)
    older, newer = sorted(await make(stage, 1, box)), sorted(await make(stage, 1, box))
    bigger = Size(memory_mb=4096)
    await launch(stage, size=bigger)
    assert [(spare.uuid, spare.is_wanted) for spare in await spares_of(stage)] == [(*older, True), (*newer, False)]
    at_rest = await launch(stage)  # it is the other spare
    await stage.stop(at_rest)
    await stage.settle(at_rest)
    await make(stage, 1, box)
    await stage.start(at_rest)
    assert not any(spare.is_wanted for spare in await spares_of(stage))
    with pytest.raises(Problem, match="no room for it just now on box"):
        await stage.launch()


async def test_what_has_no_room_in_any_case_ends_no_spare(stage: Stage) -> None:
    box = await add_runtime(stage, memory_mb=4096)
    await stock(stage, spares=2)
    await make(stage, 2, box)
    with pytest.raises(Problem, match="no room"):
        await launch(stage, size=Size(memory_mb=8192))
    assert all(spare.is_wanted for spare in await spares_of(stage))


async def test_a_runtime_with_spares_is_not_removed(stage: Stage) -> None:
    await make_one(stage)
    async with stage.database.write() as db:
        row = (await db.scalars(select(RuntimeRow).where(RuntimeRow.slug == "box"))).one()
        with pytest.raises(Problem, match=r"1 spare desktop is on box\. Drain it"):
            await runtime_rows.remove_runtime(db, row)


async def test_trouble_is_waited_out_twice_as_long_each_time(stage: Stage) -> None:
    template, now = await template_of(stage), stage.clock.now()
    template.spare_failures = 0
    pauses = []
    for _ in range(8):
        spares.note_trouble(template, "The image is not there.", now)
        assert template.spare_retry_at
        pauses.append((template.spare_retry_at - now).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300]
    spares.forget_trouble(template)
    assert (template.spare_failures, template.spare_trouble, template.spare_retry_at) == (0, None, None)


async def test_the_device_is_the_spares(stage: Stage) -> None:
    waiting = await make_one(stage)
    await stage.launch()
    async with stage.database.read() as db:
        desktop = (await db.scalars(select(Desktop).options(joinedload(Desktop.device)))).one()
    assert desktop.device is not None
    assert {desktop.device.uuid} == waiting
