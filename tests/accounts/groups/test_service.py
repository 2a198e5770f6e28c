"""Which groups there are, which lie in which, and who belongs to them: on each database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.groups import service
from deskbay.accounts.groups.members import put_members
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.schemas import GroupIn, MemberIn
from deskbay.accounts.groups.service import (
    REGROUPED,
    GroupFilter,
    count_people,
    groups_of,
    list_groups,
    looked_after_by,
    members_of,
    nest,
    take_out,
)
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem
from deskbay.settings import Tracking


@dataclass
class Stage:
    """School › (Class 7a, Class 7b › Readers); ada reads, bob is in 7b, joan in 7a and 7b, mary in the school alone.

    Bob looks after 7b.
    """

    db: AsyncSession
    clock: FrozenClock
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    async def fill(self) -> None:
        for name in ("ada", "bob", "joan", "mary", "zoe"):
            self.people[name] = await create_user(self.db, self.clock, NewUser(username=name))
        root = await create_user(self.db, self.clock, NewUser(username="grace"), role=Role.ADMINISTRATOR)
        for name in ("School", "Class 7a", "Class 7b", "Readers"):
            self.groups[name] = await service.create_group(self.db, self.clock, GroupIn(name=name))
        for outer, inner in (("School", "Class 7a"), ("School", "Class 7b"), ("Class 7b", "Readers")):
            await self.nest(outer, inner)
        belonging = {"Readers": ["ada"], "Class 7b": ["bob", "joan"], "Class 7a": ["joan"], "School": ["mary"]}
        for group, names in belonging.items():
            wanted = [MemberIn(user_id=self.people[name].id, is_administrator=name == "bob") for name in names]
            await put_members(self.db, as_caller(root, Scope.PEOPLE_WRITE), self.groups[group], wanted)

    async def nest(self, outer: str, inner: str) -> None:
        await nest(self.db, self.groups[outer], self.groups[inner])

    async def groups_of(self, name: str) -> list[str]:
        found = await groups_of(self.db, self.people[name].id)
        return [group.name for group in self.groups.values() if group.id in found]

    async def looked_after_by(self, name: str) -> list[str]:
        found = await looked_after_by(self.db, self.people[name].id)
        return [group.name for group in self.groups.values() if group.id in found]

    async def members_of(self, *names: str) -> list[str]:
        found = await members_of(self.db, *(self.groups[name].id for name in names))
        return [person.username for person in self.people.values() if person.id in found]


@pytest.fixture
async def stage(database: Database, clock: FrozenClock) -> AsyncIterator[Stage]:
    async with database.write() as db:
        stage = Stage(db, clock)
        await stage.fill()
        yield stage


async def test_who_is_in_a_nested_group_is_in_those_around_it(stage: Stage) -> None:
    assert await stage.groups_of("ada") == ["School", "Class 7b", "Readers"]
    assert await stage.groups_of("joan") == ["School", "Class 7a", "Class 7b"]
    assert await stage.groups_of("mary") == ["School"]
    assert await stage.groups_of("zoe") == []
    assert await stage.members_of("School") == ["ada", "bob", "joan", "mary"]
    assert await stage.members_of("Class 7b") == ["ada", "bob", "joan"]
    assert await stage.members_of("Readers", "Class 7a") == ["ada", "joan"]
    assert await stage.members_of() == []


async def test_each_person_is_counted_once(stage: Stage) -> None:
    counted = await count_people(stage.db, [group.id for group in stage.groups.values()])
    assert {name: counted[group.id] for name, group in stage.groups.items()} == {
        "School": 4,
        "Class 7a": 1,
        "Class 7b": 3,
        "Readers": 1,
    }


async def test_a_group_administrator_looks_after_what_lies_in_the_group_and_nothing_around_it(stage: Stage) -> None:
    assert await stage.looked_after_by("bob") == ["Class 7b", "Readers"]
    assert await stage.looked_after_by("joan") == []


@pytest.mark.parametrize(
    ("outer", "inner", "why"),
    [
        ("Readers", "School", "“Readers” lies in “School”"),
        ("Class 7b", "School", "“Class 7b” lies in “School”"),
        ("School", "School", "can't lie in itself"),
    ],
)
async def test_groups_never_lie_in_a_circle(stage: Stage, outer: str, inner: str, why: str) -> None:
    with pytest.raises(Problem, match=why):
        await stage.nest(outer, inner)
    assert await stage.members_of("School") == ["ada", "bob", "joan", "mary"]


async def test_a_group_may_lie_in_two_and_leave_one_of_them(stage: Stage) -> None:
    await stage.nest("Class 7a", "Readers")
    await stage.nest("Class 7a", "Readers")  # again changes nothing
    assert await stage.groups_of("ada") == ["School", "Class 7a", "Class 7b", "Readers"]
    await take_out(stage.db, stage.groups["Class 7b"], stage.groups["Readers"])
    assert await stage.groups_of("ada") == ["School", "Class 7a", "Readers"]
    assert [group.name for group in await service.nested_in(stage.db, stage.groups["Class 7a"])] == ["Readers"]
    assert [group.name for group in await service.around(stage.db, stage.groups["Readers"])] == ["Class 7a"]


async def test_a_deleted_group_leaves_its_people_and_what_lay_in_it(stage: Stage) -> None:
    await service.delete_group(stage.db, stage.groups["Class 7b"])
    assert await stage.groups_of("ada") == ["Readers"]
    assert await stage.groups_of("bob") == []
    assert await stage.members_of("School") == ["joan", "mary"]
    with pytest.raises(Problem, match="There is no group"):
        await service.get_group(stage.db, stage.groups["Class 7b"].id)


async def test_names_are_unique_and_slugs_stay(stage: Stage) -> None:
    with pytest.raises(Problem, match="“class 7B” already"):
        await service.create_group(stage.db, stage.clock, GroupIn(name="class 7B"))
    group = stage.groups["Class 7b"]
    await service.change_group(stage.db, group, GroupIn(name="Class 8b", tracking=Tracking.NOTICE, window_titles=True))
    assert (group.slug, group.tracking, group.window_titles) == ("class-7b", Tracking.NOTICE, True)
    other = await service.create_group(stage.db, stage.clock, GroupIn(name="Class 7b"))
    assert (other.slug, other.tracking, other.window_titles) == ("class-7b-2", Tracking.OFF, False)


async def test_groups_are_found_by_words_and_listed_by_name(stage: Stage) -> None:
    await service.change_group(stage.db, stage.groups["Readers"], GroupIn(name="readers", description="Of class 7%"))
    first, cursor, total = await list_groups(stage.db, GroupFilter(limit=3))
    second, end, _ = await list_groups(stage.db, GroupFilter(limit=3, cursor=cursor))
    assert [group.name for group in [*first, *second]] == ["Class 7a", "Class 7b", "readers", "School"]
    assert (total, end) == (4, None)
    found, _, _ = await list_groups(stage.db, GroupFilter(search="CLASS 7%"))
    assert [group.name for group in found] == ["readers"]
    among, _, total = await list_groups(stage.db, GroupFilter(search="class"), {stage.groups["Class 7a"].id})
    assert [group.name for group in among] == ["Class 7a"]
    assert total == 1


async def test_groups_are_found_by_their_ids(stage: Stage) -> None:
    ids = [stage.groups["School"].id, stage.groups["Class 7a"].id]
    assert [group.name for group in await service.find_groups(stage.db, ids)] == ["Class 7a", "School"]
    with pytest.raises(Problem, match="There is no group 2147483000"):
        await service.find_groups(stage.db, [*ids, 2147483000])


async def test_two_who_nest_two_groups_in_each_other_at_once_make_no_circle(
    database: Database, clock: FrozenClock
) -> None:
    async with database.write() as db:
        one, other = [await service.create_group(db, clock, GroupIn(name=name)) for name in ("One", "Other")]

    async def lay(outer: Group, inner: Group) -> None:
        async with database.write() as db:
            await nest(db, outer, inner)

    done = await asyncio.gather(lay(one, other), lay(other, one), return_exceptions=True)
    assert {type(result) for result in done} == {type(None), Problem}
    async with database.read() as db:
        inner = [await service.nested_in(db, group) for group in (one, other)]
    assert sum(len(groups) for groups in inner) == 1


async def test_what_changes_for_people_is_told_once_it_is_committed(database: Database, clock: FrozenClock) -> None:
    with database.bus.subscribe() as events:
        async with database.write() as db:
            group = await service.create_group(db, clock, GroupIn(name="Class 7b"))
        assert await anext(events) == Event(REGROUPED, group.id, 0)
        async with database.write() as db:
            await service.delete_group(db, group)
        assert await anext(events) == Event(REGROUPED, service.EVERY_GROUP, 0)
