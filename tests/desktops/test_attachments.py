"""Limits, shares and attachments of volumes hold on every database, also when two things happen at once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from tests.desktops.conftest import Stage, a_person

from deskbay.accounts.groups.models import Group, Member, Nesting
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.database import Database
from deskbay.desktops import attachments, mounting
from deskbay.desktops import service as desktops
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes.volumes import Mount
from deskbay.desktops.templates import get_launchable
from deskbay.kit.paging import Page
from deskbay.kit.problems import Problem
from deskbay.volumes import service, shares
from deskbay.volumes.models import Access, Attachment, Volume
from deskbay.volumes.schemas import GroupShareIn, SharesIn, UserShareIn


@pytest.fixture
async def desktop(stage: Stage) -> Desktop:
    return await stage.launch()


async def make(
    stage: Stage, desktop: Desktop, name: str = "Thesis", *, gb: int = 1, limit: int | None = None
) -> Volume:
    assert desktop.runtime_id
    async with stage.database.write() as db:
        volume = await service.create_volume(
            db, stage.clock, stage.person, name=name, size_mb=gb * 1024, runtime_id=desktop.runtime_id, limit_gb=limit
        )
        volume.made_mb = volume.size_mb
        return volume


async def attach(stage: Stage, desktop: Desktop, volume: Volume) -> None:
    async with stage.database.write() as db:
        row = await desktops.get_desktop(db, Rights(stage.person), desktop.id)
        known = await service.get_usable(db, Rights(stage.person), volume.id)
        await attachments.attach(db, stage.clock, row, known, by=stage.person, is_read_only=False)


async def delete(stage: Stage, volume: Volume) -> None:
    async with stage.database.write() as db:
        known = await service.get_managed(db, Rights(stage.person), volume.id)
        await attachments.refuse_in_use(db, known)
        await service.delete_volume(db, known)


async def refusals(*wishes: object) -> list[str]:
    done = await asyncio.gather(*wishes, return_exceptions=True)  # type: ignore[call-overload] # each is awaitable
    strange = [one for one in done if isinstance(one, BaseException) and not isinstance(one, Problem)]
    assert strange == []
    return [one.kind for one in done if isinstance(one, Problem)]


async def test_two_at_once_do_not_get_past_the_limit(stage: Stage, desktop: Desktop) -> None:
    wishes = (make(stage, desktop, name, gb=2, limit=3) for name in ("one", "two"))
    assert await refusals(*wishes) == ["limit-reached"]
    assert await refusals(make(stage, desktop, "Thesis"), make(stage, desktop, "Thesis")) == ["name-taken"]


async def test_attached_and_deleted_at_once_one_of_both_is_refused(stage: Stage, desktop: Desktop) -> None:
    volume = await make(stage, desktop)
    (refused,) = await refusals(attach(stage, desktop, volume), delete(stage, volume))
    async with stage.database.read() as db:
        attached = await db.scalar(select(Attachment.desktop_id).where(Attachment.volume_id == volume.id))
        is_wanted = (await db.get_one(Volume, volume.id)).is_wanted
    assert (refused, attached, is_wanted) in {
        ("volume-in-use", desktop.id, True),
        ("unknown-volume", None, False),
    }


async def test_a_running_desktop_is_started_anew_once(stage: Stage, desktop: Desktop) -> None:
    volume = await make(stage, desktop)
    async with stage.changing(desktop) as row:
        row.state, row.started_at = State.RUNNING, stage.clock.now()
    stage.clock.advance(hours=1)
    for _ in range(2):
        await attach(stage, desktop, volume)
    known = await stage.look(desktop)
    assert (known.state, known.launch, known.started_at) == (State.STOPPING, 2, desktop.started_at)
    async with stage.database.read() as db:
        row = await desktops.get_desktop(db, Rights(stage.person), desktop.id)
        assert await mounting.mounts_of(db, row) == (Mount(volume.uuid, "/storage"),)
    async with stage.database.write() as db:
        await mounting.release(db, desktop.id)
    await delete(stage, volume)


async def test_shares_reach_people_by_name_and_by_groups_that_lie_in_groups(stage: Stage, desktop: Desktop) -> None:
    volume = await make(stage, desktop)
    eve, bob, others = (a_person(stage.clock, name) for name in ("eve", "bob", "carl"))
    async with stage.database.write() as db:
        outer = Group(name="School", slug="school", created_at=stage.clock.now())
        inner = Group(name="Class", slug="class", created_at=stage.clock.now())
        db.add_all([eve, bob, others, outer, inner])
        await db.flush()
        db.add_all([Member(group_id=inner.id, user_id=bob.id), Nesting(group_id=outer.id, nested_id=inner.id)])
    wish = SharesIn(users=[UserShareIn(username="EVE", access=Access.WRITE)], groups=[GroupShareIn(group_id=outer.id)])
    with stage.bus.subscribe() as events:
        await share(stage, volume, wish)
        told = [await anext(events) for _ in range(3)]
    assert {(event.name, event.subject) for event in told} == {(shares.CHANGED, volume.id)}
    assert {event.owner for event in told} == {stage.person.id, eve.id, bob.id}
    assert [await access(stage.database, one, volume) for one in (stage.person, eve, bob, others)] == [
        Access.WRITE,
        Access.WRITE,
        Access.READ,
        None,
    ]
    await share(stage, volume, SharesIn(everyone=Access.READ))
    assert [await access(stage.database, one, volume) for one in (eve, others)] == [Access.READ, Access.READ]


async def share(stage: Stage, volume: Volume, wish: SharesIn) -> None:
    async with stage.database.write() as db:
        await shares.share(db, await service.get_managed(db, Rights(stage.person), volume.id), wish)


async def access(database: Database, user: User, volume: Volume) -> Access | None:
    """Return what somebody may do with a volume, and see that their list says the same."""
    async with database.read() as db:
        now = await db.get_one(Volume, volume.id)
        known = (await shares.accesses(db, Rights(user), [now])).get(volume.id)
        listed, _ = await service.list_volumes(db, Rights(user), Page(), everyones=False)
        assert [one.id for one in listed] == ([volume.id] if known else [])
        return known


async def test_pages_go_from_the_newest_to_the_oldest(stage: Stage, desktop: Desktop) -> None:
    made = [await make(stage, desktop, name) for name in ("one", "two", "three")]
    async with stage.database.read() as db:
        first, cursor = await service.list_volumes(db, Rights(stage.person), Page(limit=2), everyones=False)
        rest, end = await service.list_volumes(db, Rights(stage.person), Page(limit=2, cursor=cursor), everyones=False)
    assert [volume.id for volume in (*first, *rest)] == [volume.id for volume in reversed(made)]
    assert end is None


async def test_launching_with_one_and_growing_it_at_once_do_not_wait_for_each_other(
    stage: Stage, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume = await make(stage, desktop)
    held: list[str] = []

    def noting(what: str, lock: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def note_and_lock(*locked: object) -> None:
            held.append(what)
            await lock(*locked)

        return note_and_lock

    monkeypatch.setattr(service, "lock", noting("volume", service.lock))
    monkeypatch.setattr(desktops, "lock_owner", noting("person", desktops.lock_owner))
    async with stage.database.write() as db:
        template = await get_launchable(db, Rights(stage.person), "desktop")
        known = await service.get_usable(db, Rights(stage.person), volume.id)
        await launch(db, stage.clock, stage.person, LaunchWish(template, volume=known))
    assert held == ["volume", "person"]


async def test_sharing_and_attaching_at_once_do_not_wait_for_each_other(stage: Stage, desktop: Desktop) -> None:
    volume = await make(stage, desktop)
    await attach(stage, desktop, volume)
    is_held = asyncio.Event()

    async def share_slowly() -> None:
        async with stage.database.write() as db:
            known = await service.get_managed(db, Rights(stage.person), volume.id)
            is_held.set()
            await asyncio.sleep(1)  # for the others to hold what they take first
            await shares.share(db, known, SharesIn())
            await attachments.follow_shares(db, stage.clock, known, by=stage.person)

    async def attach_meanwhile() -> None:
        await is_held.wait()
        await attach(stage, desktop, volume)

    async def detach_meanwhile() -> None:
        await is_held.wait()
        async with stage.database.write() as db:
            row = await desktops.get_desktop(db, Rights(stage.person), desktop.id)
            known = await service.get_usable(db, Rights(stage.person), volume.id)
            await attachments.detach(db, stage.clock, row, known, by=stage.person)

    assert await refusals(share_slowly(), attach_meanwhile(), detach_meanwhile()) == []
