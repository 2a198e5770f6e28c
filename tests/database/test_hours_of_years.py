"""Revision 0004 adds up the years that are over."""

from datetime import date

from alembic import command
from sqlalchemy import Connection, text

from deskbay.database import create_engine
from deskbay.database.migrations import SCRIPTS, config_of

PERSON = """
INSERT INTO users (id, uuid, username, username_key, role, created_at)
VALUES (1, '00000000000000000000000000000001', 'ada', 'ada', 'user', '2026-01-05 09:00:00')"""
COMPUTER = """
INSERT INTO devices (id, uuid, name, name_key, enrolled_at)
VALUES (1, '00000000000000000000000000000001', 'pc', 'pc', '2026-01-05 09:00:00')"""
STATE = "INSERT INTO roll_up_state (id, zone, rolled_up_to) VALUES (1, 'UTC', '2026-02-01')"
OF_PERSON = """
INSERT INTO user_hours (period, starts_on, user_id, kind, name, microseconds)
VALUES ('month', '{month}', 1, '{kind}', '{name}', {spent})"""
OF_COMPUTER = "INSERT INTO device_hours (period, starts_on, device_id, microseconds) VALUES ('month', '{month}', 1, 7)"
MONTHS = ("2024-12-01", "2025-01-01", "2025-12-01", "2026-01-01")
YEARS = "SELECT starts_on, {what}, microseconds FROM {table} WHERE period = 'year' ORDER BY starts_on, {what}"


def upgrade(connection: Connection, revision: str) -> None:
    config = config_of(SCRIPTS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def years(url: str, *statements: str) -> list[list[tuple[date, object, int]]]:
    """Bring a database to 0003, run statements, bring it to 0004, and return the years of people and computers."""
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade, "0003")
        for statement in statements:
            await connection.execute(text(statement))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade, "0004")
        tables = {"user_hours": "name", "device_hours": "device_id"}
        rows = [await connection.execute(text(YEARS.format(table=one, what=tables[one]))) for one in tables]
        found = [[(date.fromisoformat(str(day)), what, spent) for day, what, spent in table] for table in rows]
    await engine.dispose()
    return found


async def test_years_that_are_over_are_the_sums_of_their_months(empty_database: str) -> None:
    of_person = [OF_PERSON.format(month=month, kind="presence", name="", spent=10) for month in MONTHS]
    lesson = OF_PERSON.format(month=MONTHS[1], kind="event", name="lesson", spent=3)
    of_computer = [OF_COMPUTER.format(month=month) for month in MONTHS]
    people, computers = await years(empty_database, PERSON, COMPUTER, STATE, *of_person, lesson, *of_computer)
    first, second = date(2024, 1, 1), date(2025, 1, 1)
    assert people == [(first, "", 10), (second, "", 20), (second, "lesson", 3)]
    assert computers == [(first, 1, 7), (second, 1, 14)]


async def test_an_empty_database_has_no_years(empty_database: str) -> None:
    assert await years(empty_database) == [[], []]
