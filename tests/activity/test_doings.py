"""What people do who are on now: what was reported last, on each database."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock

from deskbay.accounts.models import Role, User
from deskbay.activity import doings, lookout, presence
from deskbay.activity.doings import Doing, Here, find_doings
from deskbay.activity.models import SignIn
from deskbay.activity.pings import Outcome, Ping, store_pings
from deskbay.activity.sign_ins import NewSignIn, start_sign_in
from deskbay.activity.stretches import microseconds
from deskbay.database import Database
from deskbay.devices.models import Device

WRITING = Doing("lesson", "Writer")
NOTHING = Doing()


@dataclass
class Class:
    """People who sit at computers and report."""

    database: Database
    clock: FrozenClock

    async def sits(self, name: str) -> UUID:
        now, uuid = self.clock.now(), uuid4()
        async with self.database.write() as db:
            person = User(uuid=uuid4(), username=name, role=Role.USER, created_at=now)
            device = Device(uuid=uuid4(), name=f"pc-{name}", enrolled_at=now)
            db.add_all([person, device])
            await db.flush()
            await start_sign_in(db, self.clock, person, device, NewSignIn(uuid, now, 60, None, 0))
        return uuid

    async def reports(self, sign_in: UUID, event: str = "", application: str = "", promise: int = 60) -> None:
        now = self.clock.now()
        ping = Ping(sign_in, microseconds(now), promise, latest=microseconds(now), event=event, application=application)
        async with self.database.write() as db:
            assert await store_pings(db, [ping], now) == [Outcome.STORED]

    async def doings(self) -> dict[UUID, Doing]:
        async with self.database.read() as db:
            rows = (await db.execute(select(SignIn.uuid, SignIn.id, SignIn.user_id, SignIn.last_ping_at))).all()
            found = await find_doings(db, [Here(key, user_id, at) for _, key, user_id, at in rows])
        return {uuid: found[key] for uuid, key, _, _ in rows}


@pytest.fixture
def lesson(database: Database, clock: FrozenClock) -> Class:
    return Class(database, clock)


async def test_what_was_reported_last_is_told_of_each(lesson: Class) -> None:
    ada, bob = [await lesson.sits(name) for name in ("ada", "bob")]
    assert await lesson.doings() == {ada: NOTHING, bob: NOTHING}
    await lesson.reports(ada, "lesson", "Writer")
    lesson.clock.advance(seconds=50)
    await lesson.reports(bob, application="Browser")
    assert await lesson.doings() == {ada: WRITING, bob: Doing(None, "Browser")}


async def test_another_application_takes_the_place_of_the_one_before(lesson: Class) -> None:
    ada = await lesson.sits("ada")
    for application in ("Writer", "Browser", "Writer"):
        await lesson.reports(ada, "lesson", application)
        lesson.clock.advance(seconds=50)
    assert await lesson.doings() == {ada: WRITING}


async def test_what_the_last_ping_does_not_name_is_over(lesson: Class) -> None:
    ada = await lesson.sits("ada")
    await lesson.reports(ada, "lesson", "Writer")
    lesson.clock.advance(seconds=50)
    await lesson.reports(ada, application="Writer")
    assert await lesson.doings() == {ada: Doing(None, "Writer")}


async def test_a_promise_over_midnight_is_kept(lesson: Class) -> None:
    ada = await lesson.sits("ada")
    await lesson.reports(ada, "lesson", "Writer", promise=2 * 24 * 3600)
    lesson.clock.advance(seconds=30 * 3600)
    assert await lesson.doings() == {ada: WRITING}


async def test_many_are_asked_for_in_parts(lesson: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doings, "PART", 2)
    people = [await lesson.sits(name) for name in ("ada", "bob", "cy", "dora", "eve")]
    for person in people:
        await lesson.reports(person, "lesson", "Writer")
    assert await lesson.doings() == dict.fromkeys(people, WRITING)


async def test_looks_ask_again_for_those_who_reported(lesson: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.02)
    asked: list[int] = []

    async def counted(db: AsyncSession, here: Sequence[Here]) -> dict[int, Doing]:
        asked.append(len(here))
        return await find_doings(db, here)

    monkeypatch.setattr(presence, "find_doings", counted)
    ada, _ = [await lesson.sits(name) for name in ("ada", "bob")]
    views = presence.watch_presence(lesson.database, lesson.clock).views(presence.EVERYONE)
    assert [one.doing for _, one in sorted((await anext(views)).people.items())] == [NOTHING, NOTHING]
    lesson.clock.advance(seconds=30)
    await lesson.reports(ada, "lesson", "Writer")
    assert [one.doing for _, one in sorted((await anext(views)).people.items())] == [WRITING, NOTHING]
    assert asked == [2, 1]
