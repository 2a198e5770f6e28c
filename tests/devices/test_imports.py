"""Devices out of a CSV file, on each database."""

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.database import Database
from deskbay.devices.imports import import_devices
from deskbay.devices.models import Device, Room
from deskbay.devices.schemas import ImportOut
from deskbay.kit.secrets import digest

HEADING = "name,room,row,column\n"
HALL = "a,Hall,1,1\nb,Hall,1,2\n"


@pytest.fixture(autouse=True)
async def rooms(database: Database) -> None:
    async with database.write() as db:
        db.add_all([Room(name=name, rows=2, columns=3, zone="UTC") for name in ("Hall", "Lab")])


class Importer:
    """Imports files, each in a transaction of its own."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self._database = database
        self._clock = clock

    async def __call__(self, rows: str, *, preview: bool = False, skip_errors: bool = False) -> ImportOut:
        async with self._database.write() as db:
            return await import_devices(db, self._clock, HEADING + rows, preview=preview, skip_errors=skip_errors)

    async def places(self) -> dict[str, tuple[int | None, int | None]]:
        async with self._database.read() as db:
            rows = await db.execute(select(Device.name, Device.row, Device.column))
            return {name: (row, column) for name, row, column in rows}


@pytest.fixture
def run(database: Database, clock: FrozenClock) -> Importer:
    return Importer(database, clock)


async def test_devices_are_made_with_tokens_that_are_stored_as_digests(run: Importer, database: Database) -> None:
    made = await run("a,Hall,1,1\nb,hall,1,2\nc,,,\n")
    assert [(one.line, one.name, one.is_new) for one in made.devices] == [
        (2, "a", True),
        (3, "b", True),
        (4, "c", True),
    ]
    assert await run.places() == {"a": (1, 1), "b": (1, 2), "c": (None, None)}
    async with database.read() as db:
        stored = set(await db.scalars(select(Device.token_digest)))
    assert stored == {digest(one.token or "") for one in made.devices}


async def test_who_is_there_moves_and_keeps_name_and_token(run: Importer) -> None:
    await run(HALL)
    moved = await run("A,Lab,2,3\nnew,Hall,1,1\n")
    assert [(one.is_new, one.token is None) for one in moved.devices] == [(False, True), (True, False)]
    assert await run.places() == {"A": (2, 3), "b": (1, 2), "new": (1, 1)}


async def test_one_stands_where_another_stood_in_whichever_order_they_were_made(run: Importer) -> None:
    await run(HALL)
    assert (await run("b,Hall,2,2\na,Hall,1,2\n")).written
    assert (await run("a,Hall,2,1\nb,Hall,1,2\n")).written
    assert await run.places() == {"a": (2, 1), "b": (1, 2)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("c,Hall,1,2", "Row 1, column 2 is taken by “b”."),
        ("c,Attic,1,2", "There is no room “Attic”. Make it first."),
        ("c,Hall,3,1", "Room “Hall” has 2 rows and 3 columns. Choose a place within."),
        ("c,Hall,1,", "A place is a room, a row and a column. Give all three, or only the room."),
        ("c,,1,1", "A place is a room, a row and a column. Give all three, or only the room."),
        ("c,Hall,x,1", "The row has to be a whole number from 1 to 200."),
        ("c,Hall,1,0", "The column has to be a whole number from 1 to 200."),
        (",Hall,,", "The name has to have 1 to 64 characters, and no control characters."),
        (f"{'c' * 65},,,", "The name has to have 1 to 64 characters, and no control characters."),
        ("D,,,", "“D” is in line 2 already."),
        ("c,Hall,2,2", "Row 2, column 2 is taken by “d”."),
    ],
)
async def test_a_wrong_row_is_told_and_nothing_is_written(run: Importer, row: str, message: str) -> None:
    await run(HALL)
    found = await run(f"d,Hall,2,2\n{row}\n")
    assert not found.written
    assert [(wrong.line, wrong.message) for wrong in found.errors] == [(3, message)]
    assert [(one.name, one.token) for one in found.devices] == [("d", None)]
    assert set(await run.places()) == {"a", "b"}


async def test_wrong_rows_are_left_out_if_one_asks_for_it(run: Importer) -> None:
    found = await run("a,Attic,1,1\nb,Hall,1,1\n", skip_errors=True)
    assert (found.written, [wrong.line for wrong in found.errors]) == (True, [2])
    assert await run.places() == {"b": (1, 1)}


async def test_a_preview_is_the_import_without_tokens_and_writes_nothing(run: Importer) -> None:
    await run("a,Hall,1,1\n")
    seen = await run("a,Hall,2,2\nb,Hall,1,1\n", preview=True)
    assert await run.places() == {"a": (1, 1)}
    done = await run("a,Hall,2,2\nb,Hall,1,1\n")
    assert not seen.written
    assert seen.devices == [one.model_copy(update={"token": None}) for one in done.devices]


async def test_thousands_at_once(run: Importer) -> None:
    rows = "".join(f"pc-{number},Lab,,\n" for number in range(3000))
    assert len({one.token for one in (await run(rows)).devices}) == 3000
    assert not any(one.is_new for one in (await run(rows, preview=True)).devices)
