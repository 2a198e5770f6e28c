"""Desktops are placed where they fit, and nowhere twice, on every database."""

import asyncio

import pytest
from sqlalchemy import delete, select, update
from tests.desktops.conftest import Stage

from deskbay.desktops import placing
from deskbay.desktops.models import Desktop, RuntimeRow, Template
from deskbay.kit.problems import Problem


async def describe(stage: Stage, slug: str, **columns: object) -> int:
    """Add a local runtime, or change the one of that name."""
    async with stage.database.write() as db:
        row = await db.scalar(select(RuntimeRow).where(RuntimeRow.slug == slug))
        row = row or RuntimeRow(slug=slug, kind="local")
        for name, value in columns.items():
            setattr(row, name, value)
        db.add(row)
        await db.flush()
        return row.id


async def ask_for(stage: Stage, **columns: object) -> None:
    """Change the template."""
    async with stage.database.write() as db:
        await db.execute(update(Template).where(Template.slug == "desktop").values(**columns))


async def where(stage: Stage, desktop: Desktop) -> int | None:
    return (await stage.look(desktop)).runtime_id


async def test_the_first_runtime_is_local_and_takes_what_was_there_before(stage: Stage) -> None:
    desktop = await stage.launch()
    async with stage.database.write() as db:
        await db.execute(update(Desktop).values(runtime_id=None))
        await db.execute(delete(RuntimeRow))
        await placing.add_first_runtime(db)
        await placing.add_first_runtime(db)
        (row,) = (await db.scalars(select(RuntimeRow))).all()
    assert (row.slug, row.kind, row.id) == ("local", "local", await where(stage, desktop))


async def test_what_is_least_full_is_taken(stage: Stage) -> None:
    local = await describe(stage, "local", desktops=4)
    other = await describe(stage, "other", desktops=2)
    places = [await where(stage, await stage.launch()) for _ in range(5)]
    assert places == [local, other, local, other, local]


async def test_without_limits_the_one_with_fewer_desktops_is_taken(stage: Stage) -> None:
    rows = {await describe(stage, "local"), await describe(stage, "other")}
    assert {await where(stage, await stage.launch()) for _ in range(2)} == rows


@pytest.mark.parametrize("limit", [{"desktops": 2}, {"memory_mb": 4096}, {"cpus": 4.0}])
async def test_no_more_are_placed_than_fit(stage: Stage, limit: dict[str, float]) -> None:
    await describe(stage, "local", **limit)
    first = await stage.launch()
    await stage.launch()
    with pytest.raises(Problem, match="no room for it just now on local"):
        await stage.launch()
    async with stage.database.read() as db:
        assert len((await db.scalars(select(Desktop))).all()) == 2
    await stage.delete(first)
    with pytest.raises(Problem, match="no room"):
        await stage.launch()  # it runs until it is ended
    async with stage.database.write() as db:
        await db.execute(update(Desktop).where(Desktop.id == first.id).values(deleted_at=stage.clock.now()))
    assert await stage.launch()


async def test_the_last_place_is_given_once(stage: Stage) -> None:
    await describe(stage, "local", desktops=1)
    answers = await asyncio.gather(*(stage.launch() for _ in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Desktop", "Problem", "Problem", "Problem"]


async def test_labels_and_kind_are_asked_for(stage: Stage) -> None:
    await ask_for(stage, labels='["gpu", "fast"]')
    await describe(stage, "local", labels='["gpu"]')
    with pytest.raises(Problem, match=r"kind “local” with the labels gpu, fast that takes desktops"):
        await stage.launch()
    suitable = await describe(stage, "other", labels='["fast", "gpu", "near"]')
    assert await where(stage, await stage.launch()) == suitable
    await ask_for(stage, runtime="docker", labels="[]")
    with pytest.raises(Problem, match="no runtime of the kind “docker” that takes"):
        await stage.launch()


async def test_a_drained_runtime_gets_no_more_and_starts_none(stage: Stage) -> None:
    desktop = await stage.launch()
    await describe(stage, "local", is_drained=True)
    with pytest.raises(Problem, match=r"Drained, and takes no desktops now: local\. An administrator lets it"):
        await stage.launch()
    await stage.stop(desktop)
    with pytest.raises(Problem, match="local, on which the desktop is, takes no desktops now"):
        await stage.start(desktop)
    await describe(stage, "local", is_drained=False)
    await stage.start(desktop)


async def test_a_desktop_that_is_at_rest_leaves_its_place_and_needs_one_again(stage: Stage) -> None:
    await describe(stage, "local", desktops=1)
    first = await stage.launch()
    await stage.stop(first)
    with pytest.raises(Problem, match="no room"):
        await stage.launch()  # it was not ended yet
    async with stage.database.write() as db:
        await db.execute(update(Desktop).values(state="stopped"))
    second = await stage.launch()
    with pytest.raises(Problem, match="no room for it just now on local"):
        await stage.start(first)
    assert await where(stage, second) == await where(stage, first)
