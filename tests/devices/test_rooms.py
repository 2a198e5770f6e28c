"""When rooms are open, of many rooms at once."""

from datetime import date

import pytest

from deskbay.database import Database
from deskbay.devices.models import Room
from deskbay.devices.rooms import get_opening, get_openings, save_room, set_opening
from deskbay.devices.schemas import ExceptionalDay, Hours, Opening, RoomIn, WeekdayHours

NINE, NOON, SIX = 540, 720, 1080
CHRISTMAS, EVE = date(2026, 12, 25), date(2026, 12, 24)
WEEKDAYS = Opening(week=[WeekdayHours(weekday=day, opens=NINE, closes=SIX) for day in range(5)])
WITH_A_BREAK = Opening(
    week=[WeekdayHours(weekday=0, opens=NINE, closes=NOON), WeekdayHours(weekday=0, opens=NOON + 60, closes=SIX)],
    exceptions=[
        ExceptionalDay(day=EVE, hours=[Hours(opens=NINE, closes=NOON)]),
        ExceptionalDay(day=CHRISTMAS, hours=[]),
    ],
)


@pytest.fixture
async def rooms(database: Database) -> list[Room]:
    """A room that is open on weekdays, one with a break and exceptions, and one without hours."""
    made = []
    async with database.write() as db:
        for number, opening in enumerate((WEEKDAYS, WITH_A_BREAK, Opening(week=[]))):
            room = await save_room(db, Room(), RoomIn(name=f"Room {number}", rows=2, columns=2))
            await db.flush()
            await set_opening(db, room, opening)
            made.append(room)
    return made


async def test_each_room_has_its_own_hours(database: Database, rooms: list[Room]) -> None:
    first, second, third = (room.id for room in rooms)
    async with database.read() as db:
        found = await get_openings(db, [third, second, first])
        assert found == {first: WEEKDAYS, second: WITH_A_BREAK, third: Opening(week=[])}
        assert await get_openings(db, [second]) == {second: WITH_A_BREAK}
        assert await get_openings(db, []) == {}
        assert [await get_opening(db, room) for room in rooms] == list(found.values())[::-1]
