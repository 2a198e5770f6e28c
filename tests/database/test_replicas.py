"""Several servers on one PostgreSQL: each hears what the others have changed, also after a lost connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from tests.servers import Backend

from deskbay.database import Database, create_engine, emit
from deskbay.database.replicas import LONGEST_PAYLOAD, _payloads
from deskbay.kit.events import Event, EventBus

postgresql = pytest.mark.parametrize("backend", [Backend.POSTGRESQL], indirect=True)
PATIENCE = 30
CUT_ALL_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def event(subject: int, state: str = "running") -> Event:
    return Event("desktop", subject, owner=1, state=state)


class Other:
    """Another server of the same database. `breaks` counts how often whoever listens had to look at the whole."""

    def __init__(self, url: str) -> None:
        self.database = Database(create_engine(url), EventBus())
        self.heard: list[Event] = []
        self.breaks = 0

    async def listen(self) -> None:
        while True:
            with self.database.bus.subscribe() as events:
                async for one in events:
                    self.heard.append(one)
            self.breaks += 1

    async def has(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - it tells nobody what it heard
                await asyncio.sleep(0.01)


@asynccontextmanager
async def another(url: str) -> AsyncIterator[Other]:
    other = Other(url)
    assert other.database.replicas
    tasks = [asyncio.create_task(other.listen())]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(other.database.replicas.run()))
    try:
        await other.has(lambda: other.breaks == 1)
        yield other
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await other.database.close()


async def tell(database: Database, *events: Event) -> None:
    async with database.write() as db:
        for one in events:
            emit(db, one)


@postgresql
async def test_what_one_server_commits_the_others_hear_in_order(database: Database, database_url: str) -> None:
    async with another(database_url) as other, another(database_url) as third:
        await tell(database, event(1), event(2))
        await tell(database, event(3))
        await other.has(lambda: len(other.heard) == 3)
        await third.has(lambda: len(third.heard) == 3)
        assert other.heard == third.heard == [event(1), event(2), event(3)]


@postgresql
async def test_a_server_hears_its_own_events_once(database_url: str) -> None:
    async with another(database_url) as one, another(database_url) as other:
        await tell(one.database, event(1))
        await other.has(lambda: other.heard == [event(1)])
        await tell(other.database, event(2))  # comes after what was sent before
        await one.has(lambda: event(2) in one.heard)
        assert one.heard == [event(1), event(2)]


@postgresql
async def test_what_was_rolled_back_nobody_hears(database: Database, database_url: str) -> None:
    async with another(database_url) as other:
        with pytest.raises(ZeroDivisionError):
            await emit_and_fail(database)
        await tell(database, event(2))
        await other.has(lambda: bool(other.heard))
        assert other.heard == [event(2)]


async def emit_and_fail(database: Database) -> None:
    async with database.write() as db:
        emit(db, event(1))
        raise ZeroDivisionError


@postgresql
async def test_many_events_of_one_transaction_all_come(database: Database, database_url: str) -> None:
    many = [event(number, "é" * 40) for number in range(300)]
    async with another(database_url) as other:
        await tell(database, *many)
        await other.has(lambda: len(other.heard) == 300)
        assert other.heard == many


def test_no_message_is_longer_than_postgresql_takes() -> None:
    payloads = list(_payloads("me", [event(number, "é" * 40) for number in range(300)]))
    assert len(payloads) > 1
    assert max(len(payload.encode()) for payload in payloads) <= LONGEST_PAYLOAD


@postgresql
async def test_a_connection_that_was_cut_is_replaced_and_everything_looked_at_again(
    database: Database, database_url: str
) -> None:
    async with another(database_url) as other:
        async with database.read() as db:
            await db.execute(text(CUT_ALL_OTHERS))
        await tell(database, event(1))  # nobody listens now, or somebody does again
        await other.has(lambda: other.breaks == 2)
        await tell(database, event(2))
        await other.has(lambda: event(2) in other.heard)
