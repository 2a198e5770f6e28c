"""Rooms and devices over HTTP. What is seen of a device is told where sign-ins are known."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.devices import rooms, service
from deskbay.devices.imports import LARGEST_BYTES, import_devices
from deskbay.devices.models import Device, Room
from deskbay.devices.schemas import (
    CodeIn,
    CodeOut,
    ImportOut,
    MapLink,
    Opening,
    RoomIn,
    RoomList,
    RoomOut,
)
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import Problem, documented

router = APIRouter(prefix="/api/v1", responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)
Reader = Annotated[Caller, Depends(Needs(Scope.DEVICES_READ))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.DEVICES_READ, Reach.ALL))]
WriterOfAll = Annotated[Caller, Depends(Needs(Scope.DEVICES_WRITE, Reach.ALL))]
CSV_EXAMPLE = "name,room,row,column\npc-01,Lab 1,1,1\n"
CSV_FILE = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}, "example": CSV_EXAMPLE}}}


async def _room(room_id: Key, db: Transaction, _: Reader) -> Room:
    return await rooms.get_room(db, room_id)


async def _managed_room(room_id: Key, db: Transaction, _: WriterOfAll) -> Room:
    return await rooms.get_room(db, room_id)


async def _managed_device(device_id: Key, db: Transaction, _: WriterOfAll) -> Device:
    return await service.get_device(db, device_id)


async def _csv(request: Request) -> str:
    body = await request.body()
    try:
        if len(body) <= LARGEST_BYTES:
            return body.decode()
    except UnicodeDecodeError:
        pass
    what = "Send the file as UTF-8 text of a megabyte at most, with the heading: name,room,row,column,template."
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-device-file")


RoomOfPath = Annotated[Room, Depends(_room)]
ManagedRoom = Annotated[Room, Depends(_managed_room)]
ManagedDevice = Annotated[Device, Depends(_managed_device)]


@router.get("/rooms", tags=["rooms"])
async def list_rooms(db: Transaction, _: Reader) -> RoomList:
    """List the rooms by name."""
    return RoomList(items=[RoomOut.model_validate(room) for room in await rooms.list_rooms(db)])


@router.post("/rooms", tags=["rooms"], status_code=HTTPStatus.CREATED, responses=CONFLICT)
async def create_room(wish: RoomIn, db: Transaction, _: WriterOfAll) -> RoomOut:
    """Make a room."""
    return RoomOut.model_validate(await rooms.save_room(db, Room(), wish))


@router.put("/rooms/{room_id}", tags=["rooms"], responses=NOT_FOUND | CONFLICT)
async def change_room(wish: RoomIn, room: ManagedRoom, db: Transaction) -> RoomOut:
    """Rename a room, or change its grid or time zone."""
    return RoomOut.model_validate(await rooms.save_room(db, room, wish))


@router.delete("/rooms/{room_id}", tags=["rooms"], status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_room(room: ManagedRoom, db: Transaction) -> None:
    """Delete a room; its computers stay, without a place."""
    await rooms.delete_room(db, room)


@router.get("/rooms/{room_id}/opening-hours", tags=["rooms"], responses=NOT_FOUND)
async def get_opening_hours(room: RoomOfPath, db: Transaction) -> Opening:
    """Show when a room is open, in its time zone."""
    return await rooms.get_opening(db, room)


@router.put("/rooms/{room_id}/opening-hours", tags=["rooms"], responses=NOT_FOUND)
async def set_opening_hours(wish: Opening, room: ManagedRoom, db: Transaction) -> Opening:
    """Replace the opening hours and their exceptions."""
    await rooms.set_opening(db, room, wish)
    return await rooms.get_opening(db, room)


@router.post("/rooms/{room_id}/map-link", tags=["rooms"], status_code=HTTPStatus.CREATED, responses=NOT_FOUND)
async def share_map(room: ManagedRoom, db: Transaction) -> MapLink:  # noqa: ARG001 - commits
    """Make a link to the map without names. The link that there was is good for nothing any more."""
    return MapLink(token=rooms.share_map(room))


@router.delete("/rooms/{room_id}/map-link", tags=["rooms"], status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def unshare_map(room: ManagedRoom) -> None:
    """Take the link to the map back."""
    room.map_digest = None


@router.post("/devices/codes", tags=["devices"], status_code=HTTPStatus.CREATED, responses=NOT_FOUND)
async def create_code(wish: CodeIn, db: Transaction, clock: ClockOfApp, _: WriterOfAll) -> CodeOut:
    """Make a code with which one computer enrols once, within a day."""
    if wish.room_id is not None:
        await rooms.get_room(db, wish.room_id)
    code, expires_at = await service.create_code(db, clock, wish.room_id)
    return CodeOut(code=code, expires_at=expires_at)


@router.post("/devices/import", tags=["devices"], openapi_extra={"requestBody": CSV_FILE})
async def import_file(
    file: Annotated[str, Depends(_csv)],
    db: Transaction,
    clock: ClockOfApp,
    _: WriterOfAll,
    preview: Annotated[bool, Query(description="Only tell what would be done")] = False,
    skip_errors: Annotated[bool, Query(description="Leave out wrong rows instead of writing nothing")] = False,
) -> ImportOut:
    """Make devices out of a CSV file. Their tokens are told once, here."""
    return await import_devices(db, clock, file, preview=preview, skip_errors=skip_errors)
