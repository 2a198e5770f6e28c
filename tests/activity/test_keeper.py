"""What the keeper does each hour: months ahead, roll-ups, retention."""

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.activity.test_reports import Lab
from tests.clock import FrozenClock
from tests.servers import Backend

from deskbay.activity import partitions
from deskbay.activity.keeper import Keeper
from deskbay.activity.models import Activity, RollUpState
from deskbay.activity.reports import By, Question, rank
from deskbay.database import Database
from deskbay.settings import Settings

AUTUMN = Question(By.USER, date(2025, 10, 20), date(2025, 12, 10), ZoneInfo("UTC"), name="")


@pytest.fixture
async def lab(database: Database, clock: FrozenClock) -> Lab:
    """People whose pings are from 20 October to 9 December; now it is 5 January."""
    lab = await Lab(database, clock).open()
    await lab.report(Random(4), 200)  # noqa: S311 - the same each time
    return lab


def keeper_of(lab: Lab, folder: Path, activity_days: int | None) -> Keeper:
    return Keeper(lab.database, lab.clock, Settings(data=folder, activity_days=activity_days))


async def days_there(lab: Lab) -> set[date]:
    async with lab.database.read() as db:
        return set(await db.scalars(select(Activity.day)))


async def months(database: Database) -> set[str]:
    """Return the tables of months in PostgreSQL."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(
            lambda sync: {name for name in inspect(sync).get_table_names() if name.startswith("activity_")}
        )


async def test_what_the_policy_does_not_keep_is_forgotten_and_the_totals_stay(
    lab: Lab, tmp_path: Path, backend: Backend
) -> None:
    await keeper_of(lab, tmp_path, None).look()
    before = await days_there(lab)
    async with lab.database.read() as db:
        totals = await rank(db, AUTUMN, 10)
    lab.clock.time = datetime(2026, 1, 9, 12, tzinfo=UTC)
    await keeper_of(lab, tmp_path, 40).look()
    assert await days_there(lab) == {day for day in before if day >= date(2025, 11, 30)} != set()
    async with lab.database.read() as db:
        assert await rank(db, AUTUMN, 10) == totals
    if backend is Backend.POSTGRESQL:
        there = await months(lab.database)
        assert "activity_2025_10" not in there
        assert {"activity_2025_11", "activity_2025_12"} <= there


async def test_without_a_policy_nothing_is_forgotten(lab: Lab, tmp_path: Path) -> None:
    before = await days_there(lab)
    await keeper_of(lab, tmp_path, None).look()
    assert await days_there(lab) == before


async def test_what_is_forgotten_goes_bit_by_bit_and_what_came_back_goes_again(lab: Lab, tmp_path: Path) -> None:
    for day, first_kept in ((5, 26), (8, 29), (10, 31)):
        lab.clock.time = datetime(2026, 1, day, 9, tzinfo=UTC)
        await keeper_of(lab, tmp_path, 71).look()
        assert min(await days_there(lab)) >= date(2025, 10, first_kept)
    async with lab.database.read() as db:
        state = (await db.scalars(select(RollUpState))).one()
    assert state.kept_from == date(2025, 10, 31)


async def test_months_are_there_before_they_begin(database: Database, tmp_path: Path, backend: Backend) -> None:
    keeper = Keeper(database, FrozenClock(datetime(2031, 11, 30, tzinfo=UTC)), Settings(data=tmp_path))
    for _ in range(2):
        await keeper.look()
    ahead = {"activity_2031_11", "activity_2031_12", "activity_2032_01"}
    assert {name for name in await months(database) if name.startswith("activity_203")} == (
        ahead if backend is Backend.POSTGRESQL else set()
    )


@pytest.mark.parametrize("backend", [Backend.POSTGRESQL])
async def test_months_in_use_are_dropped_later_and_nobody_has_to_wait_for_it(lab: Lab, backend: Backend) -> None:  # noqa: ARG001 - which database
    november = date(2025, 11, 1)
    async with lab.database.engine.connect() as reader:
        await read_october(reader)
        async with lab.database.write() as db:
            assert not await partitions.drop_months(db, november)
            await db.execute(select(Activity.id).limit(1))  # the transaction is not spoilt
        await read_october(reader)
    assert "activity_2025_10" in await months(lab.database)
    async with lab.database.write() as db:
        assert await partitions.drop_months(db, november)
    assert "activity_2025_10" not in await months(lab.database)
    assert min(await days_there(lab)) >= november


async def read_october(connection: AsyncConnection) -> None:
    assert (await connection.execute(text("SELECT id FROM activity WHERE day < '2025-11-01'"))).all()
