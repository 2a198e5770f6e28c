"""Devices out of a CSV file: name, room, row, column, template."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import StringIO

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.devices.models import Room
from deskbay.devices.rooms import list_rooms
from deskbay.devices.schemas import DeviceIn, ImportedDevice, ImportOut, RowError
from deskbay.devices.service import find_device, new_device, save_device
from deskbay.devices.tokens import issue_token
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem

COLUMNS = {"name", "room", "row", "column", "template"}
LARGEST_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    values: Mapping[str, str]


class _Wrong(Exception):
    """This row can't be taken."""


async def import_devices(db: AsyncSession, clock: Clock, text: str, *, preview: bool, skip_errors: bool) -> ImportOut:
    """Make the devices of a file, each with a token. With an error in it nothing is written, unless errors are skipped.

    A device that exists gets its new place, and keeps its token. Raises Problem 422 for what is no such file.
    """
    rooms = {room.name_key: room for room in await list_rooms(db)}
    made: list[ImportedDevice] = []
    errors: list[RowError] = []
    async with db.begin_nested() as attempt:
        for row in _rows(text):
            try:
                made.append(await _import(db, clock, row, rooms))
            except _Wrong as wrong:
                errors.append(RowError(line=row.line, message=str(wrong)))
        written = not preview and (skip_errors or not errors)
        if not written:
            await attempt.rollback()
            made = [one.model_copy(update={"token": None}) for one in made]
    return ImportOut(written=written, devices=made, errors=errors)


def _rows(text: str) -> Iterator[_Row]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=True)
    heading = {(name or "").strip().lower() for name in reader.fieldnames or []}
    if "name" not in heading or heading - COLUMNS:
        what = "The first line has to name the columns: name, and if wanted room, row, column, template."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-device-file")
    for values in reader:
        found = {name.strip().lower(): (values[name] or "").strip() for name in reader.fieldnames or []}
        yield _Row(reader.line_num, found)


async def _import(db: AsyncSession, clock: Clock, row: _Row, rooms: Mapping[str, Room]) -> ImportedDevice:
    wish = _wish(row, rooms)
    known = await find_device(db, wish.name)
    device = known or new_device(clock, wish.name)
    token = None if device.token_digest else issue_token(device, clock)
    try:
        await save_device(db, device, wish)
    except Problem as problem:
        raise _Wrong(problem.detail) from problem
    return ImportedDevice(line=row.line, name=wish.name, is_new=known is None, token=token)


def _wish(row: _Row, rooms: Mapping[str, Room]) -> DeviceIn:
    values = {name: value for name, value in row.values.items() if value}
    name_of_room = values.pop("room", None)
    room = rooms.get(name_of_room.lower()) if name_of_room else None
    if name_of_room and room is None:
        raise _Wrong(f"There is no room “{name_of_room}”. Make it first.")
    try:
        return DeviceIn.model_validate({**values, "room_id": room.id if room else None})
    except ValidationError as error:
        raise _Wrong("; ".join(f"{wrong['loc'][0]}: {wrong['msg']}" for wrong in error.errors())) from error
