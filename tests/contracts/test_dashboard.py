"""The dashboard, asked again and again, always says what is so: on every database, whatever it remembers."""

import asyncio
import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from tests.clock import FrozenClock

from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.activity.keeper import erase
from deskbay.activity.models import SignIn
from deskbay.activity.pings import Outcome, Ping, hour_of, store_pings
from deskbay.activity.sign_ins import NewSignIn, start_sign_in
from deskbay.activity.stretches import microseconds
from deskbay.contracts.dashboard import Dashboard
from deskbay.database import Database
from deskbay.devices.models import Device
from deskbay.devices.service import new_device

MINUTE = timedelta(minutes=1)


class School:
    """People who sit at computers, and a dashboard that has seen them."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database = database
        self.clock = clock
        self.dashboard = Dashboard(database, clock)

    async def sit(self, login: str, promise: timedelta = MINUTE, address: str | None = None) -> UUID:
        new = NewSignIn(uuid4(), self.clock.now(), int(promise.total_seconds()), address, 0)
        async with self.database.write() as db:
            user, device = (
                await create_user(db, self.clock, NewUser(username=login)),
                new_device(self.clock, f"pc-{login}"),
            )
            db.add(device)
            await db.flush()
            await start_sign_in(db, self.clock, user, device, new)
        return new.uuid

    async def ping(self, session: UUID, at: datetime) -> None:
        ping = Ping(session, microseconds(at), 60, latest=microseconds(self.clock.now() + MINUTE))
        async with self.database.write() as db:
            assert await store_pings(db, [ping], self.clock.now()) == [Outcome.STORED]

    async def end(self, session: UUID, at: datetime) -> None:
        async with self.database.write() as db:
            await db.execute(update(SignIn).where(SignIn.uuid == session).values(ends_at=at, ends_hour=hour_of(at)))

    async def rename(self, login: str, name: str, device: str) -> None:
        async with self.database.write() as db:
            user = (await db.scalars(select(User).where(User.username == login))).one()
            user.username = name
            await db.execute(update(Device).where(Device.name == f"pc-{login}").values(name=device))

    async def shown(self) -> list[dict[str, str]]:
        """Return it in the order of the logins. Another one, which remembers nothing, has to say the same."""
        found = [json.loads(await one.written()) for one in (self.dashboard, Dashboard(self.database, self.clock))]
        seen, fresh = (sorted(one["data"], key=lambda row: str(row["login"])) for one in found)
        assert seen == fresh
        assert all(one.keys() == {"message", "data"} and one["message"] == "Success" for one in found)
        return seen

    async def logins(self) -> list[str]:
        return [one["login"] for one in await self.shown()]


@pytest.fixture
async def school(database: Database, clock: FrozenClock) -> School:
    school = School(database, clock)
    await school.sit("ada")
    await school.sit("bob")
    assert await school.logins() == ["ada", "bob"]
    return school


async def test_nobody_is_an_empty_list(database: Database, clock: FrozenClock) -> None:
    dashboard = Dashboard(database, clock)
    assert [await dashboard.written(), await dashboard.written()] == [b'{"message":"Success","data":[]}'] * 2


async def test_each_is_told_whole(school: School) -> None:
    school.clock.advance(milliseconds=500)
    session = await school.sit("eve", promise=timedelta(seconds=90), address="10.0.0.1")
    begun = school.clock.now()
    expected = {
        "id": str(session),
        "comp_name": "pc-eve",
        "ip_addr": "10.0.0.1",
        "login": "eve",
        "start_date_time": begun,
        "end_date_time": begun + timedelta(seconds=90),
    }
    for shown in [(await school.shown())[2], (await school.shown())[2]]:
        times = {name: datetime.fromisoformat(shown[name]) for name in ("start_date_time", "end_date_time")}
        assert {**shown, **times} == expected
        assert [shown[name][10] + shown[name][-1] for name in times] == ["TZ", "TZ"]


async def test_who_comes_is_there_at_once(school: School) -> None:
    await school.sit("eve")
    assert await school.logins() == ["ada", "bob", "eve"]


async def test_who_has_gone_is_not_there_and_comes_back(school: School) -> None:
    session = await school.sit("eve", promise=timedelta(hours=2))
    school.clock.advance(hours=1)
    assert await school.logins() == ["eve"]
    school.clock.advance(hours=2)
    assert await school.logins() == []
    await school.ping(session, school.clock.now())
    assert await school.logins() == ["eve"]


async def test_a_ping_moves_the_end(school: School) -> None:
    session = await school.sit("eve")
    before = (await school.shown())[2]
    school.clock.advance(seconds=30)
    await school.ping(session, school.clock.now())
    after = (await school.shown())[2]
    moved = datetime.fromisoformat(after["end_date_time"]) - datetime.fromisoformat(before["end_date_time"])
    assert (moved, after | {"end_date_time": ""}) == (timedelta(seconds=30), before | {"end_date_time": ""})


async def test_a_late_ping_moves_the_start(school: School) -> None:
    session = await school.sit("eve")
    await school.shown()
    await school.ping(session, school.clock.now() - MINUTE)
    shown = (await school.shown())[2]
    assert datetime.fromisoformat(shown["start_date_time"]) == school.clock.now() - MINUTE


async def test_new_names_are_told_at_once(school: School) -> None:
    await school.rename("ada", "countess", 'the "first" \\ pc · größer')
    shown = {one["login"]: one["comp_name"] for one in await school.shown()}
    assert shown == {"bob": "pc-bob", "countess": 'the "first" \\ pc · größer'}


async def test_new_names_that_another_server_gave_are_told_at_once(school: School) -> None:
    elsewhere = School(Database(school.database.engine, school.database.bus), school.clock)
    await elsewhere.rename("bob", "robert", "pc-2")
    assert await school.logins() == ["ada", "robert"]


async def test_who_is_erased_is_gone(school: School) -> None:
    async with school.database.write() as db:
        await erase(db, school.clock, (await db.scalars(select(User).where(User.username == "ada"))).one())
    assert await school.logins() == ["bob"]


async def test_who_signs_out_is_gone(school: School) -> None:
    session = await school.sit("eve", promise=timedelta(hours=2))
    assert await school.logins() == ["ada", "bob", "eve"]
    school.clock.advance(seconds=30)
    await school.end(session, school.clock.now() - timedelta(seconds=1))
    assert await school.logins() == ["ada", "bob"]


async def test_who_is_known_late_to_have_gone_is_gone(school: School) -> None:
    session = await school.sit("eve", promise=timedelta(hours=2))
    school.clock.advance(seconds=30)
    assert await school.logins() == ["ada", "bob", "eve"]
    await school.end(session, school.clock.now() - timedelta(seconds=20))
    assert await school.logins() == ["ada", "bob"]


async def test_what_was_being_written_while_it_looked_is_told_next_time(school: School) -> None:
    session = await school.sit("eve", promise=timedelta(hours=2))
    begun = (await school.shown())[2]
    school.clock.advance(seconds=1)
    ping = Ping(session, microseconds(school.clock.now()), 10_000, latest=microseconds(school.clock.now() + MINUTE))
    async with school.database.write() as db:
        await store_pings(db, [ping], school.clock.now())
        if school.database.engine.dialect.name == "postgresql":
            await school.sit("younger-but-sooner-done")
        assert (await school.shown())[2] == begun
        school.clock.advance(seconds=1)
    moved = datetime.fromisoformat((await school.shown())[2]["end_date_time"])
    assert moved == datetime.fromisoformat(begun["start_date_time"]) + timedelta(seconds=10_001)


@pytest.mark.parametrize("hours", [-3, 3], ids=["back", "on"])
async def test_after_the_clock_was_set_everyone_is_looked_up_anew(school: School, hours: int) -> None:
    await school.sit("eve", promise=timedelta(hours=9))
    assert await school.logins() == ["ada", "bob", "eve"]
    school.clock.advance(hours=hours)
    assert await school.logins() == (["eve"] if hours > 0 else ["ada", "bob", "eve"])


async def test_who_stops_asking_halfway_spoils_nothing_for_others(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(*_: object) -> None:
        raise asyncio.CancelledError

    await school.rename("ada", "countess", "pc-1")
    with monkeypatch.context() as patch:
        patch.setattr(Dashboard, "_look_anew", stopped)
        await asyncio.gather(asyncio.create_task(school.dashboard.written()), return_exceptions=True)
    assert await school.logins() == ["bob", "countess"]


async def test_many_who_ask_at_once_are_told_the_same(school: School) -> None:
    answers = await asyncio.gather(*(school.dashboard.written() for _ in range(8)))
    assert len(set(answers)) == 1


async def test_who_asks_while_names_change_is_told_no_old_one_later(school: School) -> None:
    async def ask() -> None:
        for _ in range(5):
            await school.dashboard.written()

    await asyncio.gather(ask(), school.rename("ada", "ada-2", "pc-2"), ask(), school.sit("eve"), ask())
    assert await school.logins() == ["ada-2", "bob", "eve"]


async def test_it_does_not_remember_those_for_ever_who_have_gone(school: School) -> None:
    for number in range(4):
        school.clock.advance(hours=1)
        await school.sit(f"p{number}")
        assert await school.logins() == [f"p{number}"]
    async with school.database.read() as db:
        ever = len((await db.scalars(select(SignIn.id))).all())
    assert len(school.dashboard._there) < ever
