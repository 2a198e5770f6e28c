"""Those who watch are told who is on now, on each database: everyone at first, then each change once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.sse import ServerSentEvent
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.access import Caller
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import Scope
from deskbay.activity import lookout, presence
from deskbay.activity.models import SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.presence import EVERYONE, Told, watch_presence
from deskbay.activity.routes import stream_sign_ins
from deskbay.activity.schemas import Looked, SignInBatch, SignOutBatch
from deskbay.activity.seats import IDLE
from deskbay.activity.sign_ins import find_sign_ins
from deskbay.database import Database
from deskbay.devices.models import Device, Room

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.02)


async def sits(db: AsyncSession, clock: FrozenClock, name: str) -> UUID:
    """Have a person sit for a minute at a computer of their own in the room Lab."""
    now = clock.now()
    room = Room(name=f"Lab of {name}", rows=1, columns=1, zone="UTC")
    sign_in = SignIn(
        uuid=uuid4(),
        user=User(uuid=uuid4(), username=name, full_name=name.title(), role=Role.USER, created_at=now),
        device=Device(uuid=uuid4(), name=f"pc-{name}", room=room, enrolled_at=now),
        started_at=now,
        ends_at=now + MINUTE,
        ends_hour=hour_of(now + MINUTE),
        last_ping_at=now,
        clock_offset_ms=0,
        recent_pings="",
    )
    db.add(sign_in)
    await db.flush()
    return sign_in.uuid


@dataclass
class Watcher:
    """Looks once at a time, and notes what it is told: who came or changed, and who went."""

    database: Database
    clock: FrozenClock
    told: Told

    async def look(self) -> tuple[list[UUID], list[UUID]]:
        seen = await anext(watch_presence(self.database, self.clock).views(EVERYONE))
        gone = self.told.ended(seen)
        came = []
        for part in self.told.parts_to_tell(seen):
            async with self.database.read() as db:
                found = await find_sign_ins(db, part)
            self.told.remember(seen, found)
            came += [one.uuid for one in found]
        return came, gone


@pytest.fixture
def watcher(database: Database, clock: FrozenClock) -> Watcher:
    return Watcher(database, clock, Told())


async def test_everyone_is_told_at_first_and_nothing_twice(watcher: Watcher) -> None:
    async with watcher.database.write() as db:
        ada, bob = [await sits(db, watcher.clock, name) for name in ("ada", "bob")]
    assert await watcher.look() == ([bob, ada], [])
    assert await watcher.look() == ([], [])


async def test_who_comes_and_who_goes_is_told(watcher: Watcher) -> None:
    async with watcher.database.write() as db:
        ada = await sits(db, watcher.clock, "ada")
    await watcher.look()
    watcher.clock.advance(seconds=50)
    async with watcher.database.write() as db:
        bob = await sits(db, watcher.clock, "bob")
    assert await watcher.look() == ([bob], [])
    watcher.clock.advance(seconds=30)
    assert await watcher.look() == ([], [ada])


async def test_who_comes_back_by_a_late_ping_is_told_again(watcher: Watcher) -> None:
    async with watcher.database.write() as db:
        ada = await sits(db, watcher.clock, "ada")
    await watcher.look()
    watcher.clock.advance(seconds=80)
    assert await watcher.look() == ([], [ada])
    async with watcher.database.write() as db:
        await db.execute(update(SignIn).values(ends_at=watcher.clock.now() + MINUTE))
    assert await watcher.look() == ([ada], [])


async def test_who_becomes_idle_and_active_again_is_told(watcher: Watcher) -> None:
    async with watcher.database.write() as db:
        ada = await sits(db, watcher.clock, "ada")
    await watcher.look()
    for touched in (watcher.clock.now() - IDLE, watcher.clock.now()):
        async with watcher.database.write() as db:
            await db.execute(update(SignIn).values(input_at=touched))
        assert await watcher.look() == ([ada], [])
        assert await watcher.look() == ([], [])


async def test_who_is_erased_is_gone(watcher: Watcher) -> None:
    async with watcher.database.write() as db:
        ada = await sits(db, watcher.clock, "ada")
    await watcher.look()
    async with watcher.database.write() as db:
        await db.execute(delete(SignIn))
    assert await watcher.look() == ([], [ada])


async def test_many_are_told_in_parts(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PART", 2)
    async with watcher.database.write() as db:
        all_of_them = [await sits(db, watcher.clock, name) for name in ("ada", "bob", "cy", "dora", "eve")]
    seen = await anext(watch_presence(watcher.database, watcher.clock).views(EVERYONE))
    assert [len(part) for part in Told().parts_to_tell(seen)] == [2, 2, 1]
    assert (await watcher.look())[0] == all_of_them[::-1]


@pytest.fixture
async def watching(people: People) -> Caller:
    """An administrator who has signed in to watch."""
    return await people.caller(await people.add("grace", Role.ADMINISTRATOR), Scope.ACTIVITY_READ)


@pytest.fixture
def stream(app: FastAPI, watching: Caller) -> AsyncIterator[ServerSentEvent]:
    return stream_sign_ins(watching, app.state.database, app.state.presence)


async def heard(stream: AsyncIterator[ServerSentEvent]) -> tuple[str | None, str]:
    event = await anext(stream)
    assert event.raw_data
    return event.event, event.raw_data


async def test_the_stream_tells_of_a_sign_in_with_its_room_and_of_its_end(
    stream: AsyncIterator[ServerSentEvent], people: People, clock: FrozenClock
) -> None:
    async with people.database.write() as db:
        ada = await sits(db, clock, "ada")
    name, data = await heard(stream)
    (shown,) = SignInBatch.model_validate_json(data).items
    assert (name, shown.id, shown.username, shown.full_name) == ("sign-ins", ada, "ada", "Ada")
    assert (shown.device, shown.room, shown.idle_since) == ("pc-ada", "Lab of ada", None)
    name, data = await heard(stream)
    assert (name, Looked.model_validate_json(data).at) == ("looked", clock.now())
    clock.advance(seconds=61)
    name, data = await heard(stream)
    assert (name, SignOutBatch.model_validate_json(data).ids) == ("sign-outs", [ada])


async def test_who_is_no_administrator_any_more_is_told_nothing(
    stream: AsyncIterator[ServerSentEvent], people: People, clock: FrozenClock
) -> None:
    assert (await heard(stream))[0] == "looked"
    async with people.database.write() as db:
        await db.execute(update(User).values(role=Role.USER))
        await sits(db, clock, "ada")
    assert await anext(stream, None) is None
