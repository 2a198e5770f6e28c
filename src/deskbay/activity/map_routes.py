"""Maps of rooms over HTTP: with names and live for who may see everyone's activity, without for whoever has a link."""

import hashlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent

from deskbay.accounts.access import PUBLIC, Caller, Needs, may_still
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.activity.lookout import Lookout
from deskbay.activity.maps import count_seats, draw_map
from deskbay.activity.schemas import Occupancy, RoomMap
from deskbay.database import Database, DatabaseOfApp, Transaction
from deskbay.devices.models import Room
from deskbay.devices.rooms import get_room, room_of_map
from deskbay.devices.routes import ReaderOfAll
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(prefix="/api/v1")
REFUSED = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
Watcher = Annotated[Caller, Depends(Needs(Scope.ACTIVITY_READ, Reach.ALL))]
ALL_ROOMS = 0


class Lookouts:
    """What administrators' pages look at: the map of each room, and how full all rooms are."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.maps = Lookout(self._map)
        self.occupancy = Lookout(self._occupancy)

    async def _map(self, room_id: int) -> RoomMap:
        async with self._database.read() as db:
            return await draw_map(db, self._clock.now(), await get_room(db, room_id), names=True)

    async def _occupancy(self, _: int) -> Occupancy:
        async with self._database.read() as db:
            return await count_seats(db, self._clock.now())


async def _lookouts(request: Request) -> Lookouts:
    lookouts: Lookouts = request.app.state.lookouts
    return lookouts


async def _watched_room(room_id: Key, db: Transaction, _: Watcher) -> Room:
    return await get_room(db, room_id)


LookoutsOfApp = Annotated[Lookouts, Depends(_lookouts)]
WatchedRoom = Annotated[Room, Depends(_watched_room)]
_link = HTTPBearer(auto_error=False, scheme_name="MapLink", description="Token of a link to a map")


@router.get("/rooms/occupancy", tags=["rooms"], responses=REFUSED)
async def get_occupancy(_: ReaderOfAll, db: Transaction, clock: ClockOfApp) -> Occupancy:
    """Count the computers of each room that are free, in use, idle or offline; rooms without any are left out."""
    return await count_seats(db, clock.now())


@router.get("/rooms/occupancy/events", tags=["events"], response_class=EventSourceResponse, responses=REFUSED)
async def stream_occupancy(
    caller: ReaderOfAll, database: DatabaseOfApp, lookouts: LookoutsOfApp
) -> AsyncIterator[ServerSentEvent]:
    """Stream the same: `occupancy` now and after each change. Ends when you sign out, or lose the right."""
    async for seen in lookouts.occupancy.views(ALL_ROOMS):
        if not await may_still(database, caller, Reach.ALL):
            return
        yield ServerSentEvent(event="occupancy", data=seen)


@router.get("/rooms/{room_id}/map", tags=["rooms"], responses=REFUSED | NOT_FOUND)
async def get_map(room: WatchedRoom, db: Transaction, clock: ClockOfApp) -> RoomMap:
    """Show which computers are free, in use by whom since when, idle or offline."""
    return await draw_map(db, clock.now(), room, names=True)


@router.get(
    "/rooms/{room_id}/map/events", tags=["events"], response_class=EventSourceResponse, responses=REFUSED | NOT_FOUND
)
async def stream_map(
    room: WatchedRoom, caller: Watcher, database: DatabaseOfApp, lookouts: LookoutsOfApp
) -> AsyncIterator[ServerSentEvent]:
    """Stream the same: `map` now and after each change. Ends when you sign out or the room is gone."""
    async for seen in lookouts.maps.views(room.id):
        if not await may_still(database, caller, Reach.ALL):
            return
        yield ServerSentEvent(event="map", data=seen)


@router.get(
    "/map",
    tags=["rooms"],
    response_model=RoomMap,
    responses=documented(HTTPStatus.UNAUTHORIZED) | {304: {"description": "It is as it was"}},
    dependencies=[PUBLIC],
)
async def get_public_map(
    db: Transaction,
    clock: ClockOfApp,
    link: Annotated[HTTPAuthorizationCredentials | None, Depends(_link)],
    if_none_match: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Show a room's map without names to whoever has its link. Nobody has to sign in.

    The link's token is sent as `Authorization: Bearer`, so that no address and no log has it.
    """
    room = await room_of_map(db, link.credentials if link else "")
    body = (await draw_map(db, clock.now(), room, names=False)).model_dump_json().encode()
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "Cache-Control": "private, no-cache"}
    headers["Vary"] = "Authorization"
    if if_none_match == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
