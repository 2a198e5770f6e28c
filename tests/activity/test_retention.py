"""Totals are kept for whole years, on every database; what goes is what tells of people."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock

from deskbay.accounts.models import Role, User
from deskbay.activity import retention
from deskbay.activity.models import DeviceHours, Kind, UserHours
from deskbay.database import Database
from deskbay.database.retention import Retention
from deskbay.devices.service import new_device
from deskbay.kit.intervals import Period
from deskbay.settings import Settings

STARTS = [
    (Period.YEAR, date(2023, 1, 1)),
    (Period.MONTH, date(2023, 12, 1)),
    (Period.DAY, date(2023, 12, 31)),
    (Period.YEAR, date(2024, 1, 1)),
    (Period.DAY, date(2024, 1, 1)),
    (Period.DAY, date(2025, 6, 1)),
]


def settings(**wish: int | None) -> Settings:
    return Settings(data=Path("/nowhere")).model_copy(update=wish)


@pytest.fixture
async def clock(database: Database) -> FrozenClock:
    """The 5th of January 2026; there are hours of Ada, of her laptop, and of a computer in a room since 2023."""
    clock = FrozenClock()
    ada = User(uuid=uuid4(), username="ada", role=Role.USER, created_at=clock.now())
    async with database.write() as db:
        db.add(ada)
        await db.flush()
        laptop, computer = new_device(clock, "laptop"), new_device(clock, "pc-1")
        laptop.owner_id = ada.id
        db.add_all([laptop, computer])
        await db.flush()
        add_hours(db, ada.id, laptop.id, computer.id)
    return clock


def add_hours(db: AsyncSession, user_id: int, *device_ids: int) -> None:
    for period, starts_on in STARTS:
        spent = {"period": period, "starts_on": starts_on, "microseconds": 7}
        db.add(UserHours(**spent, kind=Kind.PRESENCE, name="", user_id=user_id))
        db.add_all(DeviceHours(**spent, device_id=device_id) for device_id in device_ids)


async def kept(database: Database, model: type[UserHours | DeviceHours]) -> list[tuple[Period, date]]:
    async with database.read() as db:
        rows = await db.execute(select(model.period, model.starts_on).order_by(model.starts_on, model.period.desc()))
        return [(period, starts_on) for period, starts_on in rows]


async def test_whole_years_go_with_their_months_and_days(database: Database, clock: FrozenClock) -> None:
    for years, left in ((3, STARTS), (2, STARTS[3:]), (1, STARTS[5:])):
        await Retention(database, clock, list(retention.rules(settings(totals_years=years)))).look()
        assert await kept(database, UserHours) == left


async def test_hours_of_rooms_stay_and_those_of_peoples_own_computers_go(
    database: Database, clock: FrozenClock
) -> None:
    await Retention(database, clock, list(retention.rules(settings(totals_years=1)))).look()
    assert await kept(database, DeviceHours) == [*STARTS, STARTS[-1]]


async def test_without_a_setting_all_stay(database: Database, clock: FrozenClock) -> None:
    await Retention(database, clock, list(retention.rules(settings()))).look()
    assert await kept(database, UserHours) == STARTS


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({}, None),
        ({"activity_days": 40}, date(2025, 11, 26)),
        ({"totals_years": 1}, date(2025, 1, 1)),
        ({"activity_days": 40, "totals_years": 1}, date(2025, 11, 26)),
        ({"activity_days": 3000, "totals_years": 1}, date(2025, 1, 1)),
    ],
)
def test_nothing_is_kept_longer_than_its_totals(wish: dict[str, int], first: date | None) -> None:
    assert retention.intervals_kept_from(settings(**wish), datetime(2026, 1, 5, 9, tzinfo=UTC)) == first
