"""Transactions: all or nothing, one after the other where they must be, and told once they are on disk."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from tests.clock import FrozenClock
from tests.people import client_of

from deskbay.accounts import service
from deskbay.accounts.models import Login, User
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database, Transaction, create_engine, emit
from deskbay.kit import problems
from deskbay.kit.events import Event, EventBus, Subscription

EVENT = Event("changed", subject=1, owner=1)


class Trouble(Exception):
    """Something that goes wrong in the midst of a transaction."""


async def add(database: Database, username: str) -> User:
    async with database.write() as db:
        return await service.create_user(db, FrozenClock(), NewUser(username=username))


async def add_and_fail(database: Database) -> None:
    async with database.write() as db:
        await service.create_user(db, FrozenClock(), NewUser(username="ada"))
        emit(db, EVENT)
        raise Trouble


async def usernames(database: Database) -> list[str]:
    async with database.read() as db:
        return list(await db.scalars(select(User.username).order_by(User.id)))


def told(subscription: Subscription) -> int:
    """Return how many events wait in a subscription."""
    return subscription._queue.qsize()


async def test_what_was_written_is_there_afterwards(database: Database) -> None:
    await add(database, "ada")
    assert await usernames(database) == ["ada"]


async def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(Trouble):
        await add_and_fail(database)
    assert await usernames(database) == []


async def test_nothing_is_seen_before_the_end(database: Database) -> None:
    async with database.write() as db:
        await service.create_user(db, FrozenClock(), NewUser(username="ada"))
        assert await usernames(database) == []
    assert await usernames(database) == ["ada"]


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    async with database.write() as db:
        await service.create_user(db, FrozenClock(), NewUser(username="ada"))
        await asyncio.wait_for(asyncio.gather(*(usernames(database) for _ in range(5))), timeout=30)


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    user = await add(database, "ada")

    async def append() -> None:
        async with database.write() as db:
            await db.execute(update(User).where(User.id == user.id).values(full_name=User.full_name + "x"))

    async with database.write() as db:
        await db.execute(update(User).values(full_name=""))
    await asyncio.gather(*(append() for _ in range(30)))
    async with database.read() as db:
        assert await db.scalar(select(User.full_name)) == "x" * 30


async def test_rows_that_refer_to_nothing_are_refused(database: Database) -> None:
    now = FrozenClock().now()
    with pytest.raises(IntegrityError):
        async with database.write() as db:
            db.add(Login(user_id=4711, family_digest="", refresh_digest="", created_at=now, expires_at=now))


async def test_with_a_user_go_their_sign_ins_and_links(database: Database) -> None:
    user = await add(database, "ada")
    async with database.write() as db:
        now = FrozenClock().now()
        db.add(Login(user_id=user.id, family_digest="", refresh_digest="", created_at=now, expires_at=now))
        await service.create_sign_in_link(db, FrozenClock(), user)
    async with database.write() as db:
        await db.delete(await db.get_one(User, user.id))
    async with database.read() as db:
        for table in ("logins", "sign_in_links"):
            assert await db.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608 - the names are above


async def test_events_are_told_when_what_they_tell_of_can_be_seen(database: Database) -> None:
    with database.bus.subscribe() as subscription:
        async with database.write() as db:
            await service.create_user(db, FrozenClock(), NewUser(username="ada"))
            emit(db, EVENT)
            assert told(subscription) == 0
        assert told(subscription) == 1
        assert await anext(aiter(subscription)) == EVENT


async def test_events_of_what_was_taken_back_are_not_told(database: Database) -> None:
    with database.bus.subscribe() as subscription:
        with pytest.raises(Trouble):
            await add_and_fail(database)
        async with database.write():
            pass
        assert told(subscription) == 0


class TestSqlite:
    @pytest.fixture
    async def sqlite(self, tmp_path: Path) -> AsyncIterator[Database]:
        database = Database(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'own.sqlite'}"), EventBus())
        yield database
        await database.close()

    async def test_it_is_safe_and_lets_readers_and_a_writer_work_at_once(self, sqlite: Database) -> None:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
        async with sqlite.read() as db:
            assert {name: await db.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted

    async def test_who_reads_and_then_writes_does_not_fail_when_another_wrote_meanwhile(self, sqlite: Database) -> None:
        async with sqlite.write() as db:
            await db.execute(text("CREATE TABLE counters (value INTEGER)"))
            await db.execute(text("INSERT INTO counters VALUES (0)"))

        async def count() -> None:
            async with sqlite.write() as db:
                value = await db.scalar(text("SELECT value FROM counters"))
                await asyncio.sleep(0.001)
                await db.execute(text("UPDATE counters SET value = :value"), {"value": value + 1})

        await asyncio.gather(*(count() for _ in range(20)))
        async with sqlite.read() as db:
            assert await db.scalar(text("SELECT value FROM counters")) == 20


class TestTransactionOfARequest:
    @pytest.fixture
    async def client(self, app: FastAPI) -> AsyncIterator[AsyncClient]:
        """A client of a small application that adds a user named in the path, and fails afterwards for some."""
        small = FastAPI()
        small.state = app.state
        problems.install(small)

        @small.post("/users/{username}")
        async def create(username: str, db: Transaction) -> str:
            await service.create_user(db, app.state.clock, NewUser(username=username))
            emit(db, EVENT)
            if username == "trouble":
                raise problems.Problem(HTTPStatus.CONFLICT, "Trouble came up.")
            return username

        async with client_of(small) as client:
            yield client

    async def test_it_is_committed_and_told_when_the_answer_comes(self, app: FastAPI, client: AsyncClient) -> None:
        with app.state.bus.subscribe() as subscription:
            assert (await client.post("/users/ada")).status_code == 200
            assert told(subscription) == 1
        assert await usernames(app.state.database) == ["ada"]

    async def test_a_problem_takes_it_back(self, app: FastAPI, client: AsyncClient) -> None:
        with app.state.bus.subscribe() as subscription:
            assert (await client.post("/users/trouble")).status_code == 409
            assert told(subscription) == 0
        assert await usernames(app.state.database) == []
