"""What people may do, from their roles and those of their groups, on each database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock

from deskbay.accounts.groups import service
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.schemas import GroupIn
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.models import CustomRole, RoleBinding
from deskbay.accounts.rights.rights import Rights, rights_by_group
from deskbay.accounts.rights.scopes import Reach, Scope, granted
from deskbay.accounts.rights.sources import sources_of
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database

NAMES = ("ada", "bob", "eve", "joan", "zoe", "grace")


@dataclass
class World:
    """A school (bob belongs to it) with a class, which joan looks after, and readers in it.

    Ada is in the class, zoe among the readers, and so is grace, an administrator of the server. Eve is in no group.
    """

    db: AsyncSession
    clock: FrozenClock
    people: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def rights(self, name: str, *limits: str) -> Rights:
        return Rights(self.people[name], granted(limits) if limits else None)

    async def put(self, group: str, name: str, *, is_administrator: bool = False) -> None:
        key = {"group_id": self.groups[group].id, "user_id": self.people[name].id}
        self.db.add(Member(**key, is_administrator=is_administrator))
        await self.db.flush()

    async def give(self, to: User | Group, *rights: str) -> CustomRole:
        role = CustomRole(name=f"Role of {to.id}", rights=" ".join(rights), created_at=self.clock.now())
        self.db.add(role)
        await self.db.flush()
        whose = {"user_id": to.id} if isinstance(to, User) else {"group_id": to.id}
        self.db.add(RoleBinding(role_id=role.id, **whose))
        await self.db.flush()
        return role

    async def within(self, rights: Rights, scope: Scope) -> set[str]:
        condition = await rights.within_reach(self.db, scope, User.id)
        return set(await self.db.scalars(select(User.username).where(condition)))


@pytest.fixture
async def world(database: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with database.write() as db:
        world = World(db, clock)
        for name in NAMES:
            role = Role.ADMINISTRATOR if name == "grace" else Role.USER
            world.people[name] = await create_user(db, clock, NewUser(username=name), role=role)
        for name in ("school", "class", "readers"):
            world.groups[name] = await service.create_group(db, clock, GroupIn(name=name))
        await service.nest(db, world.groups["school"], world.groups["class"])
        await service.nest(db, world.groups["class"], world.groups["readers"])
        for group, name in (("school", "bob"), ("class", "ada"), ("readers", "zoe"), ("readers", "grace")):
            await world.put(group, name)
        await world.put("class", "joan", is_administrator=True)
        yield world


async def test_everyone_reaches_what_is_theirs(world: World) -> None:
    rights = world.rights("ada")
    assert await rights.include(world.db, Scope.DESKTOPS_WRITE, Reach.OWN)
    assert not await rights.include(world.db, Scope.DESKTOPS_WRITE, Reach.GROUP)
    assert await rights.reach(world.db, Scope.RUNTIMES_READ) is None
    assert await rights.reach_of(world.db, Scope.DESKTOPS_WRITE, world.people["ada"].id)
    assert not await rights.reach_of(world.db, Scope.DESKTOPS_WRITE, world.people["zoe"].id)
    assert await world.within(rights, Scope.DESKTOPS_WRITE) == {"ada"}
    assert await world.within(rights, Scope.RUNTIMES_READ) == set()


async def test_administrators_reach_everything(world: World) -> None:
    rights = world.rights("grace")
    assert set((await rights.everything(world.db)).values()) == {Reach.ALL}
    assert await world.within(rights, Scope.DESKTOPS_WRITE) == set(NAMES)
    assert await rights.reach_of(world.db, Scope.DESKTOPS_WRITE, world.people["eve"].id)


async def test_who_looks_after_a_group_reaches_its_people_however_deep_but_no_administrator(world: World) -> None:
    rights = world.rights("joan")
    for scope in (Scope.DESKTOPS_WRITE, Scope.DESKTOPS_READ, Scope.ACTIVITY_READ, Scope.PEOPLE_WRITE):
        assert await rights.reach(world.db, scope) is Reach.GROUP
        assert await world.within(rights, scope) == {"ada", "joan", "zoe"}
    for name in NAMES:
        reached = await rights.reach_of(world.db, Scope.DESKTOPS_WRITE, world.people[name].id)
        assert reached is (name in {"ada", "joan", "zoe"}), name
    assert await rights.reach(world.db, Scope.VOLUMES_WRITE) is Reach.OWN


async def test_a_role_of_a_person(world: World) -> None:
    await world.give(world.people["eve"], "runtimes:read", "activity:read!group")
    rights = world.rights("eve")
    assert await rights.reach(world.db, Scope.RUNTIMES_READ) is Reach.ALL
    assert await rights.reach(world.db, Scope.RUNTIMES_WRITE) is None
    assert await world.within(rights, Scope.ACTIVITY_READ) == {"eve"}  # she looks after nobody
    assert await world.rights("ada").reach(world.db, Scope.RUNTIMES_READ) is None


async def test_a_role_of_a_group_is_one_of_all_who_belong_to_it_however_deep(world: World) -> None:
    await world.give(world.groups["class"], "server:read")
    for name in NAMES:
        reach = await world.rights(name).reach(world.db, Scope.SERVER_READ)
        assert reach is (Reach.ALL if name in {"ada", "joan", "zoe", "grace"} else Reach.OWN), name


async def test_what_a_group_gives_is_told_for_those_within_and_not_around(world: World) -> None:
    await world.give(world.groups["class"], "server:read")
    for name, given in (("school", {}), ("class", granted(["server:read"])), ("readers", granted(["server:read"]))):
        assert await rights_by_group(world.db, world.groups[name].id) == given, name


async def test_a_token_does_no_more_than_its_scopes_and_no_more_than_its_person(world: World) -> None:
    narrow = world.rights("grace", "desktops:read!own", "people:read!group")
    assert await world.within(narrow, Scope.DESKTOPS_READ) == {"grace"}
    assert await narrow.reach(world.db, Scope.DESKTOPS_WRITE) is None
    assert not await narrow.include(world.db, Scope.SERVER_READ, Reach.OWN)
    assert await narrow.everything(world.db) == {
        Scope.DESKTOPS_READ: Reach.OWN,
        Scope.PEOPLE_READ: Reach.GROUP,
    }
    wide = world.rights("ada", "desktops:write", "runtimes:write")
    assert await wide.everything(world.db) == {Scope.DESKTOPS_WRITE: Reach.OWN, Scope.DESKTOPS_READ: Reach.OWN}


async def test_what_everyone_may_do_asks_the_database_nothing(world: World) -> None:
    asked: list[str] = []
    connection = await world.db.connection()
    event.listen(connection.sync_connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for name in ("ada", "grace"):
        rights = world.rights(name)
        assert await rights.include(world.db, Scope.DESKTOPS_WRITE, Reach.OWN)
        assert await rights.reach_of(world.db, Scope.DESKTOPS_WRITE, world.people[name].id)
    assert await world.rights("grace").include(world.db, Scope.SERVER_WRITE, Reach.ALL)
    assert asked == []
    rights = world.rights("ada")
    for _ in range(2):
        assert not await rights.include(world.db, Scope.DESKTOPS_WRITE, Reach.ALL)
    assert len(asked) == 2  # whether she looks after a group, and her roles: once


async def test_where_rights_come_from(world: World) -> None:
    role = await world.give(world.groups["school"], "templates:write")
    told = [
        (source.role, source.role_id, source.group.name if source.group else None)
        for source in await sources_of(world.db, world.people["joan"])
    ]
    assert told == [("user", None, None), ("group administrator", None, "class"), (role.name, role.id, "school")]
