"""Devices out of a CSV file: name, room, row, column, template.

What a file comes to is worked out first and then written at once: thousands of rows take a moment, and a preview
writes nothing.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from io import StringIO

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.devices.models import Device, Room
from deskbay.devices.rooms import list_rooms
from deskbay.devices.schemas import DeviceIn, ImportedDevice, ImportOut, RowError
from deskbay.devices.service import new_device, refuse_wrong_place
from deskbay.devices.tokens import issue_token
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem

COLUMNS = {"name", "room", "row", "column", "template"}
LARGEST_BYTES = 2**20
NAMES_AT_ONCE = 10_000
"""Databases take only so many values in one question."""

WRONG_VALUES = {
    "name": "The name has to have 1 to 64 characters, and no control characters.",
    "template": "The template has to have 1 to 64 characters, and no control characters.",
    "row": "The row has to be a whole number from 1 to 200.",
    "column": "The column has to be a whole number from 1 to 200.",
}

Place = tuple[int | None, int | None, int | None]
"""A room's key, a row and a column."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    values: Mapping[str, str]


class _Wrong(Exception):
    """This row can't be taken."""


@dataclass(slots=True)
class _Plan:
    """What a file comes to. Names are in small letters; `taken` says who stands where once all rows are written."""

    rooms: Mapping[str, Room]
    known: Mapping[str, Device]
    taken: dict[Place, str]
    wishes: dict[str, tuple[int, DeviceIn]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        try:
            self._take(row.line, _wish(row, self.rooms))
        except _Wrong as wrong:
            self.errors.append(RowError(line=row.line, message=str(wrong)))

    def _take(self, line: int, wish: DeviceIn) -> None:
        key = wish.name.lower()
        if key in self.wishes:
            raise _Wrong(f"“{wish.name}” is in line {self.wishes[key][0]} already.")
        if wish.row is not None and self.taken.get(_place(wish), key) != key:
            raise _Wrong(f"Row {wish.row}, column {wish.column} is taken by “{self.taken[_place(wish)]}”.")
        device = self.known.get(key)
        if device is not None and self.taken.get(_place(device)) == key:
            del self.taken[_place(device)]
        if wish.row is not None:
            self.taken[_place(wish)] = key
        self.wishes[key] = line, wish

    @property
    def imported(self) -> list[ImportedDevice]:
        return [
            ImportedDevice(line=line, name=wish.name, is_new=key not in self.known, token=None)
            for key, (line, wish) in self.wishes.items()
        ]


def _place(thing: DeviceIn | Device) -> Place:
    return thing.room_id, thing.row, thing.column


async def import_devices(db: AsyncSession, clock: Clock, text: str, *, preview: bool, skip_errors: bool) -> ImportOut:
    """Make the devices of a file, each with a token. With an error in it nothing is written, unless errors are skipped.

    A device that exists gets its new place, and keeps its token. Raises Problem 422 for what is no such file, 409 when
    someone else wrote the same meanwhile.
    """
    rows = [*_rows(text)]
    rooms = {room.name_key: room for room in await list_rooms(db)}
    plan = _Plan(rooms, await _known(db, rows), await _taken(db))
    for row in rows:
        plan.add(row)
    written = not preview and (skip_errors or not plan.errors)
    tokens = await _write(db, clock, plan) if written else {}
    imported = [one.model_copy(update={"token": tokens.get(one.name)}) for one in plan.imported]
    return ImportOut(written=written, devices=imported, errors=plan.errors)


def _rows(text: str) -> Iterator[_Row]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=True)
    heading = {(name or "").strip().lower() for name in reader.fieldnames or []}
    if "name" not in heading or heading - COLUMNS:
        what = "The first line has to name the columns: name, and if wanted room, row, column, template."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-device-file")
    for values in reader:
        found = {name.strip().lower(): (values[name] or "").strip() for name in reader.fieldnames or []}
        yield _Row(reader.line_num, found)


async def _known(db: AsyncSession, rows: Sequence[_Row]) -> dict[str, Device]:
    keys = list({row.values["name"].lower() for row in rows})
    known: dict[str, Device] = {}
    for first in range(0, len(keys), NAMES_AT_ONCE):
        named = select(Device).where(Device.name_key.in_(keys[first : first + NAMES_AT_ONCE]))
        known |= {device.name_key: device for device in await db.scalars(named)}
    return known


async def _taken(db: AsyncSession) -> dict[Place, str]:
    placed = select(Device.room_id, Device.row, Device.column, Device.name_key).where(Device.row.is_not(None))
    return {(room, row, column): key for room, row, column, key in await db.execute(placed)}


def _wish(row: _Row, rooms: Mapping[str, Room]) -> DeviceIn:
    values = {name: value for name, value in row.values.items() if value}
    name_of_room = values.pop("room", None)
    room = rooms.get(name_of_room.lower()) if name_of_room else None
    if name_of_room and room is None:
        raise _Wrong(f"There is no room “{name_of_room}”. Make it first.")
    try:
        wish = DeviceIn.model_validate({"name": "", **values, "room_id": room.id if room else None})
        refuse_wrong_place(wish, room)
    except ValidationError as error:
        raise _Wrong(" ".join(WRONG_VALUES[str(wrong["loc"][0])] for wrong in error.errors())) from error
    except Problem as problem:
        raise _Wrong(problem.detail) from problem
    return wish


async def _write(db: AsyncSession, clock: Clock, plan: _Plan) -> dict[str, str]:
    """Write what was planned, and return the new tokens by the names of their devices."""
    for key in plan.wishes.keys() & plan.known.keys():
        plan.known[key].row = plan.known[key].column = None
    await db.flush()  # so that one may stand where another stood, in whichever order they are written
    tokens: dict[str, str] = {}
    for key, (_, wish) in plan.wishes.items():
        device = plan.known.get(key) or new_device(clock, wish.name)
        for name, value in wish:
            setattr(device, name, value)
        if device.token_digest is None:
            tokens[wish.name] = issue_token(device, clock)
        db.add(device)
    try:
        await db.flush()
    except IntegrityError as error:
        what = "Someone else changed devices at the same moment. Nothing was written; try again."
        raise Problem(HTTPStatus.CONFLICT, what, kind="taken") from error
    return tokens
