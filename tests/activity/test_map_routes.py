"""Maps over HTTP: for administrators with names and live, for whoever has a link without."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.activity.test_routes import PINGS, enrolled, ping, signed_in
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts import service
from deskbay.accounts.access import Caller
from deskbay.accounts.models import Role
from deskbay.accounts.rights.scopes import Scope
from deskbay.activity import lookout, map_routes
from deskbay.devices.models import Room
from deskbay.devices.rooms import get_room

ROOM = {"name": "Lab 1", "rows": 2, "columns": 2}
MAP = "/api/v1/map"


@pytest.fixture
async def room(administrator_client: AsyncClient) -> int:
    key: int = (await administrator_client.post("/api/v1/rooms", json=ROOM)).json()["id"]
    return key


@pytest.fixture
async def full_room(app: FastAPI, administrator_client: AsyncClient, user_client: AsyncClient, room: int) -> int:  # noqa: ARG001 - Ada
    """In use by ada, idle with grace, free, offline."""
    seats = [(1, 1), (1, 2), (2, 1), (2, 2)]
    used, idle, free, _ = [
        await enrolled(app, administrator_client, f"pc-{row}{column}", room_id=room, row=row, column=column)
        for row, column in seats
    ]
    await signed_in(used)
    assert (await free.post("/api/v1/heartbeat", json={"next_ping_seconds": 60})).status_code == 204
    grace = await signed_in(idle, "grace")
    await idle.post(PINGS, json=ping(grace, idle_seconds=600))
    return room


PATHS = ["rooms/1/map", "rooms/1/map/events", "rooms/occupancy", "rooms/occupancy/events"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.usefixtures("room")
async def test_only_administrators_see_who_sits_where(client: AsyncClient, user_client: AsyncClient, path: str) -> None:
    assert (await client.get(f"/api/v1/{path}")).status_code == 401
    assert (await user_client.get(f"/api/v1/{path}")).status_code == 403


@pytest.mark.parametrize("path", ["rooms/9/map", "rooms/9/map/events"])
async def test_an_unknown_room_gets_404(administrator_client: AsyncClient, path: str) -> None:
    assert (await administrator_client.get(f"/api/v1/{path}")).status_code == 404


async def test_the_map_and_the_counts_show_states(administrator_client: AsyncClient, full_room: int) -> None:
    shown = (await administrator_client.get(f"/api/v1/rooms/{full_room}/map")).json()
    assert [seat["state"] for seat in shown["seats"]] == ["in-use", "idle", "free", "offline"]
    assert [seat["username"] for seat in shown["seats"]] == ["ada", "grace", None, None]
    counts = {"free": 1, "in-use": 1, "idle": 1, "offline": 1}
    assert shown["counts"] == counts
    counted = (await administrator_client.get("/api/v1/rooms/occupancy")).json()
    assert counted == {"items": [{"room_id": full_room, "counts": counts}]}


async def test_the_map_says_whether_the_room_is_open(administrator_client: AsyncClient, room: int) -> None:
    path = f"/api/v1/rooms/{room}"
    assert (await administrator_client.get(f"{path}/map")).json()["opening"] is None
    week = {"week": [{"weekday": 0, "opens": 480, "closes": 1080}]}
    await administrator_client.put(f"{path}/opening-hours", json=week)
    opening = (await administrator_client.get(f"{path}/map")).json()["opening"]
    assert opening == {"is_open": True, "until": "2026-01-05T18:00:00Z"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def shared(administrator: AsyncClient, room: int) -> str:
    token: str = (await administrator.post(f"/api/v1/rooms/{room}/map-link")).json()["token"]
    return token


async def test_a_link_shows_the_map_without_names(
    administrator_client: AsyncClient, client: AsyncClient, full_room: int
) -> None:
    token = await shared(administrator_client, full_room)
    public = await client.get(MAP, headers=bearer(token))
    assert [seat["state"] for seat in public.json()["seats"]] == ["in-use", "idle", "free", "offline"]
    for name in ("ada", "grace", "pc-", token):
        assert name not in public.text


async def test_a_map_that_has_not_changed_is_not_sent_again(
    app: FastAPI, administrator_client: AsyncClient, client: AsyncClient, full_room: int, clock: FrozenClock
) -> None:
    token = await shared(administrator_client, full_room)
    first = await client.get(MAP, headers=bearer(token))
    clock.advance(seconds=5)
    asked = bearer(token) | {"If-None-Match": first.headers["etag"]}
    again = await client.get(MAP, headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    clock.advance(seconds=60)
    later = await client.get(MAP, headers=asked)
    assert (later.status_code, later.json()["counts"]["in-use"]) == (200, 0)
    assert app.openapi()["paths"][MAP]["get"]["responses"]["304"]


async def test_a_link_is_taken_back_and_replaced(
    administrator_client: AsyncClient, client: AsyncClient, room: int
) -> None:
    first = await shared(administrator_client, room)
    second = await shared(administrator_client, room)
    assert (await client.get(MAP, headers=bearer(first))).status_code == 401
    assert (await client.get(MAP, headers=bearer(second))).json()["room"]["has_map_link"] is True
    assert (await administrator_client.delete(f"/api/v1/rooms/{room}/map-link")).status_code == 204
    refused = await client.get(MAP, headers=bearer(second))
    assert (refused.status_code, refused.json()["type"]) == (401, "no-map")
    assert "taken back" in refused.json()["detail"]
    (shown,) = (await administrator_client.get("/api/v1/rooms")).json()["items"]
    assert shown["has_map_link"] is False


async def test_names_are_for_who_may_see_everyones_activity(people: People, room: int) -> None:
    keeper, watcher, tim = [await people.add(name) for name in ("keeper", "watcher", "tim")]
    await people.give(keeper, "devices:write!all")
    await people.give(watcher, "activity:read!all")
    await people.look_after(tim)
    paths = ["/api/v1/rooms/occupancy", f"/api/v1/rooms/{room}/map"]
    found = {
        user.username: [(await (await people.program(user)).get(path)).status_code for path in paths]
        for user in (keeper, watcher, tim)
    }
    assert found == {"keeper": [200, 403], "watcher": [403, 200], "tim": [403, 403]}


@pytest.mark.parametrize("headers", [{}, bearer("made-up"), {"Authorization": "Basic YTpi"}])
@pytest.mark.usefixtures("room")
async def test_without_a_good_token_there_is_no_map(client: AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get(MAP, headers=headers)).status_code == 401


async def test_a_persons_token_opens_no_map(administrator_client: AsyncClient) -> None:
    assert (await administrator_client.get(MAP)).status_code == 401


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.02)


@pytest.fixture
async def watching(people: People) -> Caller:
    """An administrator who has signed in to watch."""
    return await people.caller(await people.add("hedy", Role.ADMINISTRATOR), Scope.ACTIVITY_READ)


async def room_of(people: People, room: int) -> Room:
    async with people.database.read() as db:
        return await get_room(db, room)


@pytest.mark.usefixtures("quick_looks")
async def test_a_watched_map_shows_who_comes_and_who_goes(
    app: FastAPI, people: People, full_room: int, watching: Caller, clock: FrozenClock
) -> None:
    lookouts, room = app.state.lookouts, await room_of(people, full_room)
    seen = map_routes.stream_map(room, watching, people.database, lookouts)
    first = await anext(seen)
    assert first.event == "map"
    assert first.data.counts == {"free": 1, "in-use": 1, "idle": 1, "offline": 1}
    clock.advance(seconds=61)
    assert (await anext(seen)).data.counts == {"free": 0, "in-use": 0, "idle": 0, "offline": 4}


@pytest.mark.usefixtures("quick_looks")
async def test_who_has_signed_out_is_told_nothing_more(
    app: FastAPI, people: People, full_room: int, watching: Caller, clock: FrozenClock
) -> None:
    lookouts, room = app.state.lookouts, await room_of(people, full_room)
    streams = [
        map_routes.stream_map(room, watching, people.database, lookouts),
        map_routes.stream_occupancy(watching, people.database, lookouts),
    ]
    assert [(await anext(stream)).event for stream in streams] == ["map", "occupancy"]
    async with people.database.write() as db:
        await service.end_login(db, clock, watching.login_id)
    clock.advance(seconds=61)
    assert [await anext(stream, None) for stream in streams] == [None, None]


@pytest.mark.usefixtures("quick_looks")
async def test_a_watch_ends_with_its_room(
    app: FastAPI, people: People, administrator_client: AsyncClient, room: int, watching: Caller
) -> None:
    seen = map_routes.stream_map(await room_of(people, room), watching, people.database, app.state.lookouts)
    await anext(seen)
    await administrator_client.delete(f"/api/v1/rooms/{room}")
    assert await anext(seen, None) is None


async def test_the_token_is_in_no_address(app: FastAPI) -> None:
    assert not [path for path in app.openapi()["paths"] if "{token}" in path]
