"""Times come back as they were stored, on every kind of database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from tests.clock import FrozenClock

from deskbay.accounts import service
from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.database import Database


async def stored(database: Database, time: datetime) -> datetime:
    """Store a time, and return what is read back in another transaction."""
    async with database.write() as db:
        await service.create_user(db, FrozenClock(time), NewUser(username="ada"))
    async with database.read() as db:
        read: datetime | None = await db.scalar(select(User.created_at))
    assert read is not None
    return read


@pytest.mark.parametrize(
    "time",
    [
        datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        datetime(2026, 1, 5, 9, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 1, 1, 22, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2100, 2, 28, 12, tzinfo=UTC),
    ],
)
async def test_to_the_microsecond_and_in_utc(database: Database, time: datetime) -> None:
    read = await stored(database, time)
    assert read == time
    assert read.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        await stored(database, datetime(2026, 1, 5, 9, 0))  # noqa: DTZ001 - what is refused


async def test_times_compare_as_times_whatever_their_zone(database: Database) -> None:
    time = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    await stored(database, time)
    before, after = time.astimezone(UTC) - timedelta(microseconds=1), time + timedelta(microseconds=1)
    async with database.read() as db:
        assert await db.scalar(select(User.id).where(User.created_at > before, User.created_at < after)) is not None
        assert await db.scalar(select(User.id).where(User.created_at > after)) is None
