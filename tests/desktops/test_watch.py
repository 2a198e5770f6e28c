"""What a watcher is told of desktops within reach, while these and the people to whom they belong come and go."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, update
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.accounts import service as accounts
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.groups.service import REGROUPED, delete_group
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.models import RoleBinding
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.database import emit
from deskbay.desktops import life, service
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.schemas import DesktopGone
from deskbay.desktops.templates import get_launchable
from deskbay.desktops.watch import Told, Watch
from deskbay.kit.events import Event, Subscription

Heard = list[tuple[str, int]] | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Joan, who looks after Ada, watches; Bob is somebody else, and Grace administers the server."""

    app: FastAPI
    users: dict[str, User]
    desktops: dict[str, int]
    group: Group
    changes: Subscription

    async def stop(self, name: str) -> None:
        async with self.app.state.database.write() as db:
            await service.stop_desktop(db, await service.get_desktop(db, Rights(self.users[name]), self.desktops[name]))

    async def delete(self, name: str) -> None:
        async with self.app.state.database.write() as db:
            service.delete_desktop(db, await service.get_desktop(db, Rights(self.users[name]), self.desktops[name]))

    async def put_in(self, name: str) -> None:
        async with self.app.state.database.write() as db:
            db.add(Member(group_id=self.group.id, user_id=self.users[name].id))
            emit(db, Event(REGROUPED, self.group.id, 0))

    async def take_out(self, name: str) -> None:
        async with self.app.state.database.write() as db:
            await db.execute(delete(Member).where(Member.user_id == self.users[name].id))
            emit(db, Event(REGROUPED, self.group.id, self.users[name].id))

    async def hears(self, watch: Watch) -> Heard:
        """Return what a watcher is told of all that has happened since they were asked last; None: that it is over."""
        self.app.state.bus.publish(END)
        heard: list[tuple[str, int]] = []
        async for change in self.changes:
            if change == END:
                return heard
            told = await watch.tell(change)
            if told is None:
                return None
            heard += in_short(told)
        return None


END = Event("end", 0, 0)


def in_short(told: Sequence[Told]) -> list[tuple[str, int]]:
    return [("gone" if isinstance(one, DesktopGone) else one.wanted.value, one.id) for one in told]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture
async def scene(app: FastAPI, people: People) -> AsyncIterator[Scene]:
    await first_start(app.state.database)
    users = {name: await people.add(name) for name in ("joan", "ada", "bob")}
    users["grace"] = await people.add("grace", Role.ADMINISTRATOR)
    group = await people.look_after(users["joan"], users["ada"])
    desktops = {name: await launched(app, user) for name, user in users.items()}
    with app.state.bus.subscribe() as changes:
        yield Scene(app, users, desktops, group, changes)


async def launched(app: FastAPI, user: User) -> int:
    async with app.state.database.write() as db:
        template = await get_launchable(db, Rights(user), "desktop")
        return (await launch(db, app.state.clock, user, LaunchWish(template))).id


async def watching(scene: Scene, people: People, name: str) -> Watch:
    watch = Watch(scene.app.state.database, await people.caller(scene.users[name], Scope.DESKTOPS_READ))
    await watch.begin()
    return watch


@pytest.fixture
async def joans(scene: Scene, people: People) -> Watch:
    return await watching(scene, people, "joan")


async def test_she_hears_of_her_people_and_herself_alone(scene: Scene, joans: Watch) -> None:
    for name in ("bob", "ada", "grace", "joan"):
        await scene.stop(name)
    assert await scene.hears(joans) == [("stopped", scene.desktops["ada"]), ("stopped", scene.desktops["joan"])]


async def test_she_hears_that_one_is_gone_once(scene: Scene, joans: Watch) -> None:
    for name in ("ada", "bob"):
        await scene.delete(name)
    assert await scene.hears(joans) == [("gone", scene.desktops["ada"])]


async def test_new_ones_come_into_sight(scene: Scene, joans: Watch) -> None:
    new = await launched(scene.app, scene.users["ada"])
    await launched(scene.app, scene.users["bob"])
    heard = await scene.hears(joans)
    assert heard
    assert set(heard) == {("running", new)}


async def test_who_enters_the_group_brings_their_desktops(scene: Scene, joans: Watch) -> None:
    await scene.put_in("bob")
    assert await scene.hears(joans) == [("running", scene.desktops["bob"])]
    await scene.stop("bob")
    assert await scene.hears(joans) == [("stopped", scene.desktops["bob"])]


async def test_who_leaves_it_takes_them_away(scene: Scene, joans: Watch) -> None:
    await scene.take_out("ada")
    assert await scene.hears(joans) == [("gone", scene.desktops["ada"])]
    await scene.stop("ada")
    assert await scene.hears(joans) == []


async def test_an_administrator_of_the_server_in_the_group_stays_out_of_reach(scene: Scene, joans: Watch) -> None:
    await scene.put_in("grace")
    await scene.stop("grace")
    assert await scene.hears(joans) == []


async def test_one_that_is_handed_over_leaves_or_enters_her_reach(scene: Scene, joans: Watch) -> None:
    for heir, told in (("bob", [("gone", scene.desktops["ada"])]), ("ada", [("stopped", scene.desktops["ada"])])):
        await hand_over(scene, scene.desktops["ada"], heir)
        heard = await scene.hears(joans)
        assert heard
        assert sorted(set(heard)) == told


async def hand_over(scene: Scene, desktop_id: int, heir: str) -> None:
    async with scene.app.state.database.write() as db:
        await db.execute(
            update(Desktop).where(Desktop.id == desktop_id).values(wanted=Wanted.STOPPED, state=State.STOPPED)
        )
        desktop = await service.get_desktop(db, Rights(scene.users["grace"]), desktop_id)
        by = scene.users["grace"]
        await life.transfer(db, scene.app.state.clock, desktop, scene.users[heir], by=by, limit=5)


async def test_it_is_over_when_her_group_is_no_more(scene: Scene, joans: Watch) -> None:
    async with scene.app.state.database.write() as db:
        await delete_group(db, scene.group)
    assert await scene.hears(joans) is None


async def test_it_is_over_when_her_sign_in_has_ended(scene: Scene, joans: Watch) -> None:
    async with scene.app.state.database.write() as db:
        await accounts.end_login(db, scene.app.state.clock, joans.watcher.login_id)
    await scene.stop("ada")
    assert await scene.hears(joans) is None


async def test_an_administrator_hears_of_everyones_whoever_is_in_groups(scene: Scene, people: People) -> None:
    watch = await watching(scene, people, "grace")
    await scene.put_in("bob")
    for name in ("bob", "joan"):
        await scene.stop(name)
    assert await scene.hears(watch) == [("stopped", scene.desktops["bob"]), ("stopped", scene.desktops["joan"])]


async def test_a_role_that_is_taken_away_ends_it(scene: Scene, people: People) -> None:
    await people.give(scene.users["bob"], "desktops:read!all")
    watch = await watching(scene, people, "bob")
    await scene.stop("ada")
    assert await scene.hears(watch) == [("stopped", scene.desktops["ada"])]
    async with scene.app.state.database.write() as db:
        await db.execute(delete(RoleBinding).where(RoleBinding.user_id == scene.users["bob"].id))
    await scene.stop("joan")
    assert await scene.hears(watch) is None


async def test_what_is_no_desktops_business_is_not_looked_into(scene: Scene, joans: Watch) -> None:
    assert await joans.tell(Event("session", scene.desktops["ada"], scene.users["ada"].id)) == ()
