"""What is remembered of names is known to be out of date, whoever changed them and however."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from tests.clock import FrozenClock

from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.database.audit import chain
from deskbay.database.audit.models import AuditHead
from deskbay.database.audit.watch import Watch
from deskbay.devices.models import Device
from deskbay.devices.service import new_device


class Keeper:
    """Remembers what ada and her computer are called, and has looked once."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database = database
        self.clock = clock
        self.watch = Watch(User.username, Device.name)

    async def look(self) -> bool:
        async with self.database.read() as db:
            return await self.watch.has_changed(db)

    async def add(self, name: str) -> None:
        async with self.database.write() as db:
            await create_user(db, self.clock, NewUser(username=name))
            db.add(new_device(self.clock, f"pc-of-{name}"))


@pytest.fixture
async def keeper(database: Database, clock: FrozenClock) -> Keeper:
    keeper = Keeper(database, clock)
    await keeper.add("ada")
    assert await keeper.look()
    return keeper


async def test_while_nothing_happens_nothing_has_changed(keeper: Keeper) -> None:
    assert [await keeper.look(), await keeper.look()] == [False, False]


async def test_new_rows_change_none_that_are_known(keeper: Keeper) -> None:
    await keeper.add("bob")
    assert not await keeper.look()


@pytest.mark.parametrize(
    "change", [update(User).values(full_name="username"), update(Device).values(mac_address="name")]
)
async def test_other_columns_do_not_count(keeper: Keeper, change: object) -> None:
    async with keeper.database.write() as db:
        await db.execute(change)  # type: ignore[call-overload] # either kind
    assert not await keeper.look()


@pytest.mark.parametrize("change", [update(User).values(username="eve"), update(Device).values(name="pc-2")])
async def test_a_statement_that_renames_is_told_once(keeper: Keeper, change: object) -> None:
    async with keeper.database.write() as db:
        await db.execute(change)  # type: ignore[call-overload] # either kind
    assert [await keeper.look(), await keeper.look()] == [True, False]


async def test_a_row_renamed_by_another_server_is_told(keeper: Keeper) -> None:
    other = Database(keeper.database.engine, keeper.database.bus)
    async with other.write() as db:
        ada = (await db.scalars(select(User))).one()
        ada.username = "eve"
    assert [await keeper.look(), await keeper.look()] == [True, False]


async def test_what_is_rolled_back_has_not_changed(keeper: Keeper) -> None:
    async with keeper.database.write() as db:
        savepoint = await db.begin_nested()
        await db.execute(update(User).values(username="eve"))
        await savepoint.rollback()
    assert not await keeper.look()


async def test_where_the_audit_is_cut_off_beyond_the_last_look_all_may_have_changed(keeper: Keeper) -> None:
    await keeper.add("bob")
    async with keeper.database.write() as db:
        assert await chain.cut(db, keeper.database.clock.now() + timedelta(days=1))
    assert [await keeper.look(), await keeper.look()] == [True, False]


async def test_in_a_database_from_a_backup_all_may_have_changed(keeper: Keeper) -> None:
    async with keeper.database.write() as db:
        savepoint = await db.begin_nested()
        await db.execute(update(AuditHead).values(last_id=1))
        assert await keeper.watch.has_changed(db)
        await savepoint.rollback()
