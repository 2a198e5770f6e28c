"""The chain has one order, shows every change, and lets its oldest part go."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.clock import FrozenClock

from deskbay.accounts.groups.models import Group
from deskbay.database import Database, create_engine
from deskbay.database.audit import chain
from deskbay.database.audit.chain import Verdict
from deskbay.database.audit.happenings import Happening
from deskbay.database.audit.looks import note
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.events import EventBus

WRITERS = 10
EACH = 3
LOOK = Happening(Action.LOOKED, "desktops", "7")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def database(database: Database, clock: FrozenClock) -> Database:
    database.clock = clock
    return database


async def tell(database: Database, number: int = 1) -> None:
    async with database.write() as db:
        for object_id in range(number):
            note(db, replace(LOOK, id=str(object_id)))


async def verdict(database: Database) -> Verdict:
    async with database.read() as db:
        return await chain.verify(db)


async def ids(database: Database) -> list[int]:
    async with database.read() as db:
        return list(await db.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


async def tamper(database: Database, statement: str) -> None:
    """Change the table as somebody may who can take the triggers away."""
    names = {"sqlite": "", "postgresql": " ON audit_entries"}
    ending = names.get(database.engine.dialect.name, "")
    triggers = ["audit_entries_stay", "audit_entries_are_kept"]
    async with database.engine.begin() as connection:
        created = await _triggers(database)
        for trigger in triggers[: len(created)]:
            await connection.execute(text(f"DROP TRIGGER {trigger}{ending}"))
        await connection.execute(text(statement))
        for trigger in created:
            await connection.exec_driver_sql(trigger)


async def _triggers(database: Database) -> list[str]:
    dialect = database.engine.dialect.name
    from deskbay.database.migrations import SCRIPTS

    source: dict[str, tuple[str, ...]] = {}
    script = next((SCRIPTS / "versions").glob("*_the_audit_and_announcements.py"))
    exec(script.read_text(), source)  # noqa: S102 - our own migration
    statements = {"sqlite": source["SQLITE"], "postgresql": source["POSTGRESQL"][1:]}
    return list(statements.get(dialect, source["MARIADB"]))


async def test_an_empty_one_is_whole(database: Database) -> None:
    assert await verdict(database) == Verdict(0, "")


async def test_entries_count_up_and_hang_together(database: Database) -> None:
    await tell(database, 3)
    await tell(database, 2)
    assert await ids(database) == [1, 2, 3, 4, 5]
    whole = await verdict(database)
    assert (whole.entries, whole.broken_id) == (5, None)
    assert len(whole.digest) == 64


async def test_long_chains_are_followed_part_by_part(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    await tell(database, 5)
    assert (await verdict(database)).entries == 5


async def test_ten_writers_at_once_make_one_chain(database: Database, database_url: str) -> None:
    """Half of them are another server."""
    other = Database(create_engine(database_url), EventBus())

    async def write(number: int) -> None:
        for turn in range(EACH):
            async with (database if number % 2 else other).write() as db:
                db.add(Group(name=f"{number} {turn}", slug=f"{number}-{turn}", created_at=other.clock.now()))

    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    await other.close()
    assert await ids(database) == list(range(1, WRITERS * EACH + 1))
    assert (await verdict(database)).broken_id is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET address = 'elsewhere' WHERE id = 2", "DELETE FROM audit_entries WHERE id = 2"],
)
async def test_the_database_refuses_changes(database: Database, statement: str) -> None:
    await tell(database, 3)
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.write() as db:
            await db.execute(text(statement))
    assert (await verdict(database)).entries == 3


@pytest.mark.parametrize(
    ("statement", "broken_id"),
    [
        ("UPDATE audit_entries SET actor_id = 5 WHERE id = 2", 2),
        ("UPDATE audit_entries SET address = '' WHERE id = 3", 3),
        ("UPDATE audit_entries SET action = 'entered' WHERE id = 1", 1),
        ("DELETE FROM audit_entries WHERE id = 2", 2),
        ("DELETE FROM audit_entries WHERE id = 1", 1),
        ("DELETE FROM audit_entries WHERE id = 4", 4),
        ("UPDATE audit_head SET last_digest = 'another'", 5),
    ],
)
async def test_what_was_changed_all_the_same_shows(database: Database, statement: str, broken_id: int) -> None:
    await tell(database, 4)
    await tamper(database, statement)
    broken = await verdict(database)
    assert (broken.broken_id, broken.entries) == (broken_id, broken_id - 1)
    assert broken.why


async def test_a_chain_whose_end_is_gone_is_broken_and_takes_no_more(database: Database) -> None:
    await tell(database)
    await tamper(database, "UPDATE audit_head SET id = 2")
    assert (await verdict(database)).broken_id == 1
    with pytest.raises(LookupError, match="lost its end"):
        await tell(database)
    await tamper(database, "UPDATE audit_head SET id = 1")


class TestTheOldestPart:
    async def test_it_goes_and_the_rest_still_hangs_together(self, database: Database, clock: FrozenClock) -> None:
        await tell(database, 3)
        clock.advance(days=10)
        await tell(database, 2)
        async with database.write() as db:
            assert await chain.cut(db, clock.now() - timedelta(days=1)) == 3
        assert await ids(database) == [4, 5]
        assert (await verdict(database)).entries == 2
        await tell(database)
        assert (await verdict(database)).entries == 3

    async def test_what_is_left_is_still_guarded(self, database: Database, clock: FrozenClock) -> None:
        await tell(database)
        clock.advance(days=10)
        await tell(database, 2)
        async with database.write() as db:
            await chain.cut(db, clock.now())
        await tamper(database, "DELETE FROM audit_entries WHERE id = 2")
        assert (await verdict(database)).broken_id == 2

    async def test_all_may_go(self, database: Database, clock: FrozenClock) -> None:
        await tell(database, 3)
        async with database.write() as db:
            assert await chain.cut(db, clock.now() + timedelta(days=1)) == 3
        assert await ids(database) == []
        await tell(database)
        assert await ids(database) == [4]
        assert (await verdict(database)).broken_id is None

    async def test_nothing_goes_where_nothing_is_old(self, database: Database, clock: FrozenClock) -> None:
        async with database.write() as db:
            assert await chain.cut(db, clock.now()) is None
        await tell(database)
        async with database.write() as db:
            assert await chain.cut(db, clock.now()) is None
        assert await ids(database) == [1]
