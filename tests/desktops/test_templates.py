"""The rules on templates, on every database."""

import asyncio
import json

import pytest
from tests.desktops.conftest import Stage, a_person

from deskbay.accounts.groups.models import Member
from deskbay.accounts.groups.schemas import GroupIn
from deskbay.accounts.groups.service import create_group, delete_group
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import launching, templates
from deskbay.desktops.launching import LaunchWish
from deskbay.desktops.models import Template
from deskbay.desktops.template_schemas import TemplateIn
from deskbay.desktops.templates import brought_along
from deskbay.kit.problems import Problem


def wish(name: str = "Lab", **different: object) -> TemplateIn:
    sizes = {"memory_mb": 512, "least_memory_mb": 256, "most_memory_mb": 1024}
    sizes |= {"cpus": 1, "least_cpus": 1, "most_cpus": 2}
    return TemplateIn.model_validate({"name": name, "category": "Courses", **sizes, **different})


async def add(stage: Stage, new: TemplateIn) -> Template:
    async with stage.database.write() as db:
        return await templates.create_template(db, new)


async def add_person(stage: Stage, username: str) -> User:
    async with stage.database.write() as db:
        person = a_person(stage.clock, username)
        db.add(person)
    return person


async def delete(stage: Stage, template: Template) -> None:
    async with stage.database.write() as db:
        await templates.delete_template(db, stage.clock, await templates.get_template(db, template.id))


async def launch(stage: Stage, slug: str) -> None:
    async with stage.database.write() as db:
        template = await templates.get_launchable(db, Rights(stage.person), slug)
        await launching.launch(db, stage.clock, stage.person, LaunchWish(template))


async def names(stage: Stage, person: User) -> list[str]:
    async with stage.database.read() as db:
        return [template.name for template in await templates.list_launchable(db, Rights(person))]


@pytest.mark.parametrize("template", brought_along(), ids=lambda template: template.slug)
def test_what_is_brought_along_is_what_may_be_wished_for(template: Template) -> None:
    fields = TemplateIn.model_fields.keys() - {
        "environment",
        "password",
        "allowed_users",
        "allowed_groups",
        "is_disabled",
        "is_for_everyone",
    }
    values = {name: value for name in fields if (value := getattr(template, name)) is not None}
    assert TemplateIn.model_validate(values).name == template.name


async def test_those_who_may_launch_are_kept_and_replaced(stage: Stage) -> None:
    bob, eve = await add_person(stage, "bob"), await add_person(stage, "eve")
    lab = await add(stage, wish(is_for_everyone=False, allowed_users=[bob.id, bob.id], environment={"COURSE": "ä"}))
    assert json.loads(lab.environment) == {"COURSE": "ä"}
    assert "Lab" in await names(stage, bob)
    assert "Lab" not in await names(stage, eve)
    async with stage.database.write() as db:
        changed = wish(is_for_everyone=False, allowed_users=[eve.id])
        await templates.change_template(db, await templates.get_template(db, lab.id), changed)
    assert "Lab" not in await names(stage, bob)
    assert "Lab" in await names(stage, eve)


async def test_a_template_for_a_group_is_for_those_who_belong_to_it(stage: Stage) -> None:
    bob, eve = await add_person(stage, "bob"), await add_person(stage, "eve")
    async with stage.database.write() as db:
        group = await create_group(db, stage.clock, GroupIn(name="Class 7b"))
        db.add(Member(group_id=group.id, user_id=bob.id))
    await add(stage, wish(is_for_everyone=False, allowed_users=[eve.id], allowed_groups=[group.id]))
    assert "Lab" in await names(stage, bob)
    assert "Lab" in await names(stage, eve)
    assert "Lab" not in await names(stage, stage.person)
    async with stage.database.write() as db:
        await delete_group(db, group)
    assert "Lab" not in await names(stage, bob)


async def test_people_who_are_unknown_change_nothing(stage: Stage) -> None:
    with pytest.raises(Problem, match=r"There is no user 9999\."):
        await add(stage, wish(allowed_users=[9999]))
    assert "Lab" not in await names(stage, stage.person)


async def test_ten_made_at_once_under_one_name_are_ten(stage: Stage) -> None:
    made = await asyncio.gather(*(add(stage, wish()) for _ in range(10)))
    assert len({template.slug for template in made}) == 10


async def test_what_is_launched_and_deleted_at_once_is_one_of_both(stage: Stage) -> None:
    lab = await add(stage, wish())
    outcomes = await asyncio.gather(launch(stage, "lab"), delete(stage, lab), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert [refusal.kind for refusal in refused] in (["unknown-template"], ["template-in-use"])
    assert outcomes.count(None) == 1


async def test_a_mark_set_by_ten_at_once_is_one(stage: Stage) -> None:
    async def mark(*, is_favourite: bool) -> None:
        async with stage.database.write() as db:
            template = await templates.get_launchable(db, Rights(stage.person), "desktop")
            await templates.mark(db, stage.person, template, is_favourite=is_favourite)

    await asyncio.gather(*(mark(is_favourite=True) for _ in range(10)))
    async with stage.database.read() as db:
        assert len(await templates.favourites(db, stage.person)) == 1
    await mark(is_favourite=False)
    async with stage.database.read() as db:
        assert await templates.favourites(db, stage.person) == set()


async def test_the_last_launch_of_each_template_is_known(stage: Stage) -> None:
    for slug in ("desktop", "browser", "desktop"):
        await launch(stage, slug)
    async with stage.database.read() as db:
        last = await templates.last_launches(db, stage.person)
        found = await templates.list_launchable(db, Rights(stage.person))
    assert [last[template.id].name if template.id in last else None for template in found] == [
        "Desktop 2",
        None,
        "Browser",
    ]
