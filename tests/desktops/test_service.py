"""The rules on desktops."""

import asyncio

import pytest
from sqlalchemy import select, update
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage, a_person
from tests.desktops.first_start import first_start

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Role
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import service
from deskbay.desktops.models import Desktop, State, Step, Wanted
from deskbay.desktops.templates import get_launchable, list_all
from deskbay.kit.paging import Page
from deskbay.kit.problems import Problem


async def test_a_launch_only_says_what_is_wanted(stage: Stage, clock: FrozenClock) -> None:
    desktop = await stage.launch()
    assert (desktop.wanted, desktop.state) == (Wanted.RUNNING, State.PENDING)
    assert desktop.created_at == desktop.started_at == clock.now()


async def test_a_second_one_of_a_template_with_a_long_name(stage: Stage) -> None:
    async with stage.database.write() as db:
        (await get_launchable(db, Rights(stage.person), "desktop")).name = "D" * 64
    assert [(await stage.launch()).name for _ in range(2)] == ["D" * 64, f"{'D' * 62} 2"]


async def test_ten_launches_at_once_under_a_limit_of_one_make_one(stage: Stage) -> None:
    outcomes = await asyncio.gather(*(stage.launch(limit=1) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, Desktop) for outcome in outcomes) == 1
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert [refusal.status for refusal in refusals] == [409] * 9
    assert "Delete one" in refusals[0].detail
    async with stage.database.read() as db:
        assert len((await db.scalars(select(Desktop))).all()) == 1


async def test_a_deleted_desktop_frees_its_place(stage: Stage) -> None:
    await stage.delete(await stage.launch(limit=1))
    assert await stage.launch(limit=1)


async def test_the_same_key_gives_the_same_desktop_also_at_once(stage: Stage) -> None:
    desktops = await asyncio.gather(*(stage.launch(key="a1") for _ in range(5)))
    assert len({desktop.id for desktop in desktops}) == 1
    assert (await stage.launch(key="a2")).id != desktops[0].id


async def test_names_are_told_apart(stage: Stage) -> None:
    names = [(await stage.launch()).name for _ in range(3)]
    assert names == ["Desktop", "Desktop 2", "Desktop 3"]


async def test_an_unknown_template_names_those_there_are(stage: Stage) -> None:
    async with stage.database.read() as db:
        with pytest.raises(Problem, match="Choose one of: desktop, full-desktop, browser") as caught:
            await get_launchable(db, Rights(stage.person), "mainframe")
    assert caught.value.status == 404


async def test_templates_are_added_once_and_stay_as_they_were_edited(stage: Stage) -> None:
    async with stage.database.write() as db:
        (await get_launchable(db, Rights(stage.person), "desktop")).memory_mb = 512
    await first_start(stage.database)
    async with stage.database.read() as db:
        templates = await list_all(db)
    assert [template.slug for template in templates] == ["desktop", "full-desktop", "browser"]
    assert templates[0].memory_mb == 512


@pytest.mark.parametrize(("role", "found"), [(Role.USER, False), (Role.ADMINISTRATOR, True)])
async def test_anothers_desktop(stage: Stage, clock: FrozenClock, role: Role, found: bool) -> None:
    desktop = await stage.launch()
    async with stage.database.write() as db:
        other = a_person(clock, "bob", role)
        db.add(other)
        await db.flush()
        if found:
            assert (await service.get_desktop(db, Rights(other), desktop.id)).id == desktop.id
        else:
            with pytest.raises(Problem, match="or it is not yours") as caught:
                await service.get_desktop(db, Rights(other), desktop.id)
            assert caught.value.status == 404


async def test_lists_go_by_pages_newest_first(stage: Stage) -> None:
    ids = [(await stage.launch()).id for _ in range(5)]
    seen: list[int] = []
    cursor: int | None = None
    async with stage.database.read() as db:
        while True:
            page = Page(limit=2, cursor=cursor)
            desktops, cursor = await service.list_desktops(db, Rights(stage.person), page, everyones=False)
            seen += [desktop.id for desktop in desktops]
            if cursor is None:
                break
    assert seen == ids[::-1]


async def test_only_administrators_list_everyones(stage: Stage, clock: FrozenClock) -> None:
    await stage.launch()
    administrator = a_person(clock, "root", Role.ADMINISTRATOR)
    async with stage.database.write() as db:
        db.add(administrator)
        await db.flush()
        with pytest.raises(Problem) as caught:
            await service.list_desktops(db, Rights(stage.person), Page(), everyones=True)
        assert caught.value.status == 403
        assert len((await service.list_desktops(db, Rights(administrator), Page(), everyones=True))[0]) == 1
        assert not (await service.list_desktops(db, Rights(administrator), Page(), everyones=False))[0]


async def test_who_looks_after_a_group_lists_those_of_its_people(stage: Stage, clock: FrozenClock) -> None:
    joan, bob = a_person(clock, "joan"), a_person(clock, "bob")
    school, course = (Group(name=name, slug=name, created_at=clock.now()) for name in ("school", "course"))
    async with stage.database.write() as db:
        db.add_all([joan, bob, school, course])
        await db.flush()
        db.add(Member(group_id=school.id, user_id=joan.id, is_administrator=True))
        db.add(Member(group_id=course.id, user_id=stage.person.id))
    await stage.nest(school, course)
    theirs = [await stage.launch_for(user) for user in (stage.person, bob)]
    async with stage.database.read() as db:
        found, _ = await service.list_desktops(db, Rights(joan), Page(), everyones=True)
        assert [desktop.id for desktop in found] == [theirs[0].id]
        assert await service.may_use(db, Rights(joan), theirs[0])
        assert not await service.may_use(db, Rights(joan), theirs[1])


async def test_only_the_present_launchs_steps_are_shown(stage: Stage, clock: FrozenClock) -> None:
    desktop = await stage.launch()
    async with stage.database.write() as db:
        for launch, name in ((1, "earlier"), (2, "present"), (2, "next")):
            db.add(Step(desktop_id=desktop.id, launch=launch, name=name, at=clock.now()))
        (await service.get_desktop(db, Rights(stage.person), desktop.id)).launch = 2
    async with stage.database.read() as db:
        shown = (await service.describe(db, [await service.get_desktop(db, Rights(stage.person), desktop.id)]))[0]
    assert [step.name for step in shown.steps] == ["present", "next"]


async def test_starting_what_is_wanted_already_changes_nothing(stage: Stage) -> None:
    desktop = await stage.launch()
    await stage.start(desktop)
    assert (await stage.look(desktop)).launch == 1


async def test_stopping_what_is_deleted_does_not_bring_it_back(stage: Stage) -> None:
    desktop = await stage.launch()
    await stage.delete(desktop)
    async with stage.database.write() as db:
        row = await db.get_one(Desktop, desktop.id)
        await service.stop_desktop(db, row)
        assert row.wanted is Wanted.DELETED


async def test_a_change_is_told_once_it_is_committed(stage: Stage) -> None:
    with stage.bus.subscribe() as events:
        desktop = await stage.launch()
        await stage.delete(desktop)
        stage.bus.break_off()
        told = [event async for event in events]
    assert [event.name for event in told] == ["desktop-wanted", "desktop", "desktop-wanted", "desktop-deleted"]
    assert {(event.subject, event.owner) for event in told} == {(desktop.id, stage.person.id)}


async def test_a_change_that_is_rolled_back_is_not_told(stage: Stage) -> None:
    with stage.bus.subscribe() as events:
        with pytest.raises(Problem):
            await stage.launch_and_fail()
        stage.bus.break_off()
        assert [event async for event in events] == []


async def test_starting_what_was_deleted_meanwhile_does_not_bring_it_back(stage: Stage) -> None:
    desktop = await stage.launch()
    await stage.stop(desktop)
    async with stage.database.write() as db:
        row = await service.get_desktop(db, Rights(stage.person), desktop.id)
        change = update(Desktop).where(Desktop.id == desktop.id).values(wanted=Wanted.DELETED)
        await db.execute(change, execution_options={"synchronize_session": False})  # as another server does
        with pytest.raises(Problem, match=f"There is no desktop {desktop.id}") as refused:
            await service.start_desktop(db, stage.clock, row)
    assert refused.value.status == 404
    assert (await stage.look(desktop)).wanted is Wanted.DELETED


async def test_stopping_what_was_deleted_meanwhile_does_not_bring_it_back(stage: Stage) -> None:
    desktop = await stage.launch()
    async with stage.database.write() as db:
        row = await service.get_desktop(db, Rights(stage.person), desktop.id)
        change = update(Desktop).where(Desktop.id == desktop.id).values(wanted=Wanted.DELETED)
        await db.execute(change, execution_options={"synchronize_session": False})  # as another server does
        await service.stop_desktop(db, row)
    assert (await stage.look(desktop)).wanted is Wanted.DELETED
