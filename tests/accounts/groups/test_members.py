"""Who is in a group, and who may say so: on each database."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.access import Caller
from deskbay.accounts.directory import UserFilter
from deskbay.accounts.groups import members, service
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.schemas import GroupIn, MemberIn
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.kit.problems import Problem


@dataclass
class Stage:
    """A class that bob looks after, with ada. Joan and zoe are in a group that lies in it, eve and grace in none.

    Grace is an administrator of the server.
    """

    db: AsyncSession
    group: Group
    people: dict[str, User] = field(default_factory=dict)

    def caller(self, name: str) -> Caller:
        return as_caller(self.people[name], Scope.PEOPLE_WRITE)

    async def put(self, by: str, *names: str, is_administrator: bool = False) -> None:
        wanted = [MemberIn(user_id=self.people[name].id, is_administrator=is_administrator) for name in names]
        await members.put_members(self.db, self.caller(by), self.group, wanted)

    async def take_away(self, by: str, name: str) -> None:
        await members.take_away(self.db, self.caller(by), self.group, self.people[name].id)

    async def there(self) -> list[str]:
        found, _, total = await members.list_members(self.db, self.group, UserFilter())
        assert total == len(found)
        return [f"{one.username}*" if one.is_administrator else one.username for one in found]


@pytest.fixture
async def stage(database: Database, clock: FrozenClock) -> AsyncIterator[Stage]:
    async with database.write() as db:
        group = await service.create_group(db, clock, GroupIn(name="Class 7b"))
        stage = Stage(db, group)
        for name in ("ada", "bob", "eve", "joan", "zoe", "grace"):
            role = Role.ADMINISTRATOR if name == "grace" else Role.USER
            new = NewUser(username=name, full_name=f"{name.title()} Example")
            stage.people[name] = await create_user(db, clock, new, role=role)
        readers = await service.create_group(db, clock, GroupIn(name="Readers"))
        await service.nest(db, group, readers)
        theirs = [MemberIn(user_id=stage.people[name].id) for name in ("joan", "zoe")]
        await members.put_members(db, stage.caller("grace"), readers, theirs)
        await stage.put("grace", "ada")
        await stage.put("grace", "bob", is_administrator=True)
        yield stage


async def test_people_are_added_once(stage: Stage) -> None:
    await stage.put("bob", "joan", "ada", "joan")
    assert await stage.there() == ["ada", "bob*", "joan"]


async def test_a_group_administrator_adds_and_takes_away(stage: Stage) -> None:
    await stage.put("bob", "zoe")
    await stage.take_away("bob", "ada")
    await stage.take_away("bob", "ada")  # who is not there stays so
    assert await stage.there() == ["bob*", "zoe"]


@pytest.mark.parametrize(
    ("names", "is_administrator"),
    [(["zoe"], True), (["ada"], True), (["bob"], False)],
    ids=["adds one who looks after it", "lets a member look after it", "takes that from oneself"],
)
async def test_who_looks_after_a_group_is_for_administrators_of_the_server(
    stage: Stage, names: Sequence[str], is_administrator: bool
) -> None:
    with pytest.raises(Problem, match="Only administrators of the server"):
        await stage.put("bob", *names, is_administrator=is_administrator)
    assert await stage.there() == ["ada", "bob*"]
    await stage.put("grace", *names, is_administrator=is_administrator)
    assert (f"{names[0]}*" in await stage.there()) is is_administrator


async def test_a_group_administrator_takes_away_no_other(stage: Stage) -> None:
    await stage.put("grace", "joan", is_administrator=True)
    with pytest.raises(Problem, match="Only administrators of the server"):
        await stage.take_away("bob", "joan")
    await stage.take_away("grace", "joan")
    assert await stage.there() == ["ada", "bob*"]


async def test_with_somebody_unknown_nobody_is_added(stage: Stage) -> None:
    wanted = [MemberIn(user_id=stage.people["zoe"].id), MemberIn(user_id=2147483000)]
    with pytest.raises(Problem, match="no user 2147483000"):
        await members.put_members(stage.db, stage.caller("grace"), stage.group, wanted)
    assert await stage.there() == ["ada", "bob*"]


async def test_members_and_candidates_are_found_by_words_page_by_page(stage: Stage) -> None:
    grace, first = stage.caller("grace"), UserFilter(search="e", limit=3)
    candidates, cursor, total = await members.list_candidates(stage.db, grace, stage.group, first)
    assert [user.username for user in candidates] == ["eve", "grace", "joan"]
    assert total == 4
    rest, end, _ = await members.list_candidates(stage.db, grace, stage.group, UserFilter(limit=3, cursor=cursor))
    assert [user.username for user in rest] == ["zoe"]
    assert end is None
    found, _, _ = await members.list_members(stage.db, stage.group, UserFilter(search="bob exam"))
    assert [one.username for one in found] == ["bob"]


async def test_a_persons_groups_say_by_what(stage: Stage, clock: FrozenClock) -> None:
    school = await service.create_group(stage.db, clock, GroupIn(name="A school"))
    await service.nest(stage.db, school, stage.group)
    found = await members.groups_of_person(stage.db, stage.people["bob"])
    assert [(one.name, one.is_direct, one.is_administrator) for one in found] == [
        ("A school", False, False),
        ("Class 7b", True, True),
    ]
    assert await members.groups_of_person(stage.db, stage.people["eve"]) == []


async def test_administrators_are_shown_all_groups_and_others_those_they_look_after(stage: Stage) -> None:
    assert await members.groups_shown_to(stage.db, stage.caller("grace")) is None
    assert len(await members.groups_shown_to(stage.db, stage.caller("bob")) or ()) == 2
    assert await members.groups_shown_to(stage.db, stage.caller("ada")) == set()


async def test_who_looks_after_a_group_makes_nobody_else_theirs(stage: Stage) -> None:
    for name in ("eve", "grace"):
        with pytest.raises(Problem, match="You don't look after user"):
            await stage.put("bob", "zoe", name)
    assert await stage.there() == ["ada", "bob*"]
    candidates, _, _ = await members.list_candidates(stage.db, stage.caller("bob"), stage.group, UserFilter())
    assert [user.username for user in candidates] == ["joan", "zoe"]


async def test_nobody_gives_more_rights_than_their_own_by_a_group(stage: Stage, clock: FrozenClock) -> None:
    role = CustomRole(name="Operators", rights="runtimes:write", created_at=clock.now())
    stage.db.add(role)
    (readers,) = await service.nested_in(stage.db, stage.group)
    await stage.db.flush()
    stage.db.add(RoleBinding(role_id=role.id, group_id=readers.id))
    await stage.db.flush()
    ada = [MemberIn(user_id=stage.people["ada"].id)]
    with pytest.raises(Problem, match="can't give the right runtimes"):
        await members.put_members(stage.db, stage.caller("bob"), readers, ada)
    await members.put_members(stage.db, stage.caller("grace"), readers, ada)
    assert await service.members_of(stage.db, readers.id) >= {stage.people["ada"].id}


async def test_nobody_brings_people_within_their_reach_by_a_right_to_change_everyone(
    stage: Stage, clock: FrozenClock
) -> None:
    role = CustomRole(name="Help desk", rights="people:write", created_at=clock.now())
    stage.db.add(role)
    await stage.db.flush()
    stage.db.add_all(RoleBinding(role_id=role.id, user_id=stage.people[name].id) for name in ("bob", "zoe"))
    others = await service.create_group(stage.db, clock, GroupIn(name="Class 8a"))
    with pytest.raises(Problem, match="You don't look after user"):
        await stage.put("bob", "eve")
    candidates, _, _ = await members.list_candidates(stage.db, stage.caller("bob"), stage.group, UserFilter())
    assert [user.username for user in candidates] == ["joan", "zoe"]
    with pytest.raises(Problem, match="You look after “Class 7b”"):
        await members.lay_into(stage.db, stage.caller("bob"), stage.group, others)
    await stage.put("zoe", "eve")
    await members.lay_into(stage.db, stage.caller("zoe"), stage.group, others)
    assert await stage.there() == ["ada", "bob*", "eve"]
    assert others in await service.nested_in(stage.db, stage.group)
