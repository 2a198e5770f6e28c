"""Rooms and devices over HTTP: enrolment, tokens, import, opening hours."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.people import People, client_of

from deskbay.devices.rooms import open_now, open_within
from deskbay.devices.schemas import ExceptionalDay, Hours, Opening, OpenNow, WeekdayHours
from deskbay.kit.intervals import days, summed

HEARTBEAT = {"next_ping_seconds": 60}
ROOM = {"name": "Lab 1", "rows": 2, "columns": 2, "zone": "Europe/Berlin"}


async def beats(app: FastAPI, token: str) -> int:
    async with client_of(app) as device:
        headers = {"Authorization": f"Bearer {token}"}
        return (await device.post("/api/v1/heartbeat", json=HEARTBEAT, headers=headers)).status_code


async def a_room(administrator: AsyncClient) -> int:
    key: int = (await administrator.post("/api/v1/rooms", json=ROOM)).json()["id"]
    return key


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/rooms"),
        ("POST", "/api/v1/rooms"),
        ("PUT", "/api/v1/rooms/1"),
        ("DELETE", "/api/v1/rooms/1"),
        ("GET", "/api/v1/rooms/1/opening-hours"),
        ("PUT", "/api/v1/rooms/1/opening-hours"),
        ("POST", "/api/v1/rooms/1/map-link"),
        ("DELETE", "/api/v1/rooms/1/map-link"),
        ("POST", "/api/v1/devices/codes"),
        ("POST", "/api/v1/devices/import"),
        ("POST", "/api/v1/devices"),
        ("GET", "/api/v1/devices/1"),
        ("PUT", "/api/v1/devices/1"),
        ("POST", "/api/v1/devices/1/token"),
        ("DELETE", "/api/v1/devices/1/token"),
    ],
)
async def test_only_administrators_manage(
    client: AsyncClient, user_client: AsyncClient, method: str, path: str
) -> None:
    bodies: dict[str, dict[str, object]] = {"/api/v1/devices/codes": {}, "/api/v1/rooms/1/opening-hours": {"week": []}}
    body = bodies.get(path, ROOM if "rooms" in path else {"name": "pc"})
    assert (await client.request(method, path, json=body)).status_code == 401
    if method != "GET" or "devices" in path:
        assert (await user_client.request(method, path, json=body)).status_code == 403


async def test_a_code_enrols_one_computer_once(
    app: FastAPI, administrator_client: AsyncClient, client: AsyncClient, clock: FrozenClock
) -> None:
    room = await a_room(administrator_client)
    code = (await administrator_client.post("/api/v1/devices/codes", json={"room_id": room})).json()["code"]
    enrolled = await client.post("/api/v1/devices/enrol", json={"code": code, "name": "pc-1"})
    assert (enrolled.status_code, enrolled.json()["device"]["room"]["id"]) == (201, room)
    assert await beats(app, enrolled.json()["token"]) == 204
    assert (await client.post("/api/v1/devices/enrol", json={"code": code, "name": "pc-2"})).status_code == 401
    late = (await administrator_client.post("/api/v1/devices/codes", json={})).json()["code"]
    clock.advance(days=1)
    assert (await client.post("/api/v1/devices/enrol", json={"code": late, "name": "pc-2"})).status_code == 401


async def test_who_is_enrolled_is_not_taken_over(administrator_client: AsyncClient, client: AsyncClient) -> None:
    await administrator_client.post("/api/v1/devices", json={"name": "pc-1"})
    code = (await administrator_client.post("/api/v1/devices/codes", json={})).json()["code"]
    assert (await client.post("/api/v1/devices/enrol", json={"code": code, "name": "PC-1"})).status_code == 409
    assert (await client.post("/api/v1/devices/enrol", json={"code": code, "name": "pc-2"})).status_code == 201


async def test_rotated_and_revoked_tokens_are_refused(
    app: FastAPI, administrator_client: AsyncClient, clock: FrozenClock
) -> None:
    made = (await administrator_client.post("/api/v1/devices", json={"name": "pc-1"})).json()
    path = f"/api/v1/devices/{made['device']['id']}"
    assert await beats(app, made["token"]) == 204
    renewed = (await administrator_client.post(f"{path}/token")).json()["token"]
    clock.advance(seconds=5)
    assert (await beats(app, made["token"]), await beats(app, renewed)) == (401, 204)
    assert (await administrator_client.delete(f"{path}/token")).status_code == 204
    clock.advance(seconds=5)
    assert await beats(app, renewed) == 401
    shown = (await administrator_client.get(path)).json()
    assert (shown["has_token"], shown["last_seen_at"]) == (False, "2026-01-05T09:00:05Z")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"row": 3, "column": 1}, 422),
        ({"row": 1}, 422),
        ({"room_id": None, "row": 1, "column": 1}, 422),
        ({"room_id": 999}, 404),
        ({"row": 1, "column": 1}, 409),
        ({"name": "pc-1"}, 409),
        ({"row": 2, "column": 2}, 200),
    ],
)
async def test_places(administrator_client: AsyncClient, change: dict[str, object], status: int) -> None:
    room = await a_room(administrator_client)
    taken = {"name": "pc-1", "room_id": room, "row": 1, "column": 1}
    assert (await administrator_client.post("/api/v1/devices", json=taken)).status_code == 201
    other = (await administrator_client.post("/api/v1/devices", json={"name": "pc-2"})).json()["device"]["id"]
    wish = {"name": "pc-2", "room_id": room, **change}
    assert (await administrator_client.put(f"/api/v1/devices/{other}", json=wish)).status_code == status


async def test_the_list_is_searched_and_cut_into_pages(administrator_client: AsyncClient) -> None:
    room = await a_room(administrator_client)
    for name in ("pc-3", "pc-1", "mac-2"):
        await administrator_client.post("/api/v1/devices", json={"name": name, "room_id": room})
    asked: dict[str, str | int] = {"search": "pc", "room_id": room, "state": "offline", "unplaced": True, "limit": 1}
    first = (await administrator_client.get("/api/v1/devices", params=asked)).json()
    assert ([device["name"] for device in first["items"]], first["total"]) == (["pc-1"], 2)
    asked["cursor"] = first["next_cursor"]
    second = (await administrator_client.get("/api/v1/devices", params=asked)).json()
    assert ([device["name"] for device in second["items"]], second["next_cursor"]) == (["pc-3"], None)
    assert second["items"][0]["state"] == "offline"


@pytest.mark.parametrize(
    "asked", [{"state": "asleep"}, {"room_id": "x"}, {"cursor": 0}, {"search": "x" * 201}, {"shared": "x"}]
)
async def test_a_question_for_devices_that_can_not_be(
    administrator_client: AsyncClient, asked: dict[str, str | int]
) -> None:
    assert (await administrator_client.get("/api/v1/devices", params=asked)).status_code == 422


async def import_of(administrator: AsyncClient, text: str, **query: bool) -> dict[str, object]:
    answer = await administrator.post("/api/v1/devices/import", content=text.encode(), params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def names(administrator: AsyncClient) -> list[str]:
    return [device["name"] for device in (await administrator.get("/api/v1/devices")).json()["items"]]


async def test_an_import_with_a_wrong_row_writes_nothing(administrator_client: AsyncClient) -> None:
    await a_room(administrator_client)
    file = "\ufeffname,room,row,column\r\npc-1,Lab 1,1,1\r\npc-2,Lab 9,1,2\r\npc-3,Lab 1,1,1\r\npc-4,lab 1,2,x\r\n"
    found = await import_of(administrator_client, file)
    assert found["written"] is False
    assert [wrong["line"] for wrong in found["errors"]] == [3, 4, 5]  # type: ignore[attr-defined]
    assert await names(administrator_client) == []
    skipping = await import_of(administrator_client, file, skip_errors=True)
    assert skipping["written"] is True
    assert await names(administrator_client) == ["pc-1"]


async def test_a_preview_writes_nothing_and_tells_no_token(app: FastAPI, administrator_client: AsyncClient) -> None:
    file = "name,template\npc-1,desktop\n"
    assert await import_of(administrator_client, file, preview=True) == {
        "written": False,
        "devices": [{"line": 2, "name": "pc-1", "is_new": True, "token": None}],
        "errors": [],
    }
    assert await names(administrator_client) == []
    written = await import_of(administrator_client, file)
    assert await beats(app, written["devices"][0]["token"]) == 204  # type: ignore[index]
    again = await import_of(administrator_client, file)
    assert again["devices"] == [{"line": 2, "name": "pc-1", "is_new": False, "token": None}]


@pytest.mark.parametrize("file", [b"", b"computer\npc-1\n", b"name,colour\npc,red\n", b"\xff\xfe"])
async def test_what_is_no_device_file(administrator_client: AsyncClient, file: bytes) -> None:
    assert (await administrator_client.post("/api/v1/devices/import", content=file)).status_code == 422


async def test_rooms_are_made_changed_and_deleted(administrator_client: AsyncClient) -> None:
    room = await a_room(administrator_client)
    assert (await administrator_client.post("/api/v1/rooms", json=ROOM)).status_code == 409
    seat = {"name": "pc-1", "room_id": room, "row": 2, "column": 2}
    await administrator_client.post("/api/v1/devices", json=seat)
    smaller = ROOM | {"rows": 1}
    assert (await administrator_client.put(f"/api/v1/rooms/{room}", json=smaller)).status_code == 409
    assert (await administrator_client.delete(f"/api/v1/rooms/{room}")).status_code == 204
    (device,) = (await administrator_client.get("/api/v1/devices")).json()["items"]
    assert (device["room"], device["row"]) == (None, None)


WEEK = [WeekdayHours(weekday=0, opens=480, closes=1080), WeekdayHours(weekday=6, opens=0, closes=24 * 60)]
HOLIDAY = [ExceptionalDay(day=date(2026, 1, 5))]
LONGER = [ExceptionalDay(day=date(2026, 1, 5), hours=[Hours(opens=0, closes=24 * 60)])]


@pytest.mark.parametrize(
    ("week", "exceptions", "at", "is_open", "until"),
    [
        (WEEK, [], "2026-01-05T06:59", False, "2026-01-05T07:00"),
        (WEEK, [], "2026-01-05T07:00", True, "2026-01-05T17:00"),
        (WEEK, [], "2026-01-05T17:00", False, "2026-01-10T23:00"),
        (WEEK, HOLIDAY, "2026-01-05T07:00", False, "2026-01-10T23:00"),
        (WEEK, LONGER, "2026-01-04T12:00", True, "2026-01-05T23:00"),
        ([WeekdayHours(weekday=day, opens=0, closes=24 * 60) for day in range(7)], [], "2026-01-05T07:00", True, None),
        ([], HOLIDAY, "2026-01-05T07:00", False, None),
    ],
)
def test_whether_a_room_is_open_and_until_when(
    week: list[WeekdayHours], exceptions: list[ExceptionalDay], at: str, *, is_open: bool, until: str | None
) -> None:
    found = open_now(Opening(week=week, exceptions=exceptions), ZoneInfo("Europe/Berlin"), utc(at))
    assert found == OpenNow(is_open=is_open, until=utc(until) if until else None)


def utc(time: str) -> datetime:
    return datetime.fromisoformat(time).replace(tzinfo=UTC)


def test_a_room_without_hours_is_neither_open_nor_closed() -> None:
    assert open_now(Opening(week=[]), ZoneInfo("UTC"), utc("2026-01-05T07:00")) is None


def test_opening_hours_follow_the_clock_of_the_room_and_its_exceptions() -> None:
    opening = Opening(
        week=[WeekdayHours(weekday=6, opens=0, closes=24 * 60), WeekdayHours(weekday=0, opens=480, closes=1080)],
        exceptions=[
            ExceptionalDay(day=date(2026, 4, 6)),
            ExceptionalDay(day=date(2026, 4, 7), hours=[Hours(opens=0, closes=60)]),
        ],
    )
    berlin = ZoneInfo("Europe/Berlin")
    found = open_within(opening, berlin, days(date(2026, 3, 29), date(2026, 4, 7), ZoneInfo("Europe/Berlin")))
    assert summed(found).total_seconds() / 3600 == 23 + 10 + 24 + 1  # the first Sunday is an hour short
    assert found[0].start == datetime(2026, 3, 28, 23, tzinfo=UTC)


async def test_a_role_lets_keep_rooms_and_devices(people: People) -> None:
    keeper, reader = await people.add("keeper"), await people.add("reader")
    await people.give(keeper, "devices:write!all")
    await people.give(reader, "devices:read!all")
    keeping, reading = await people.program(keeper), await people.program(reader)
    made = await keeping.post("/api/v1/devices", json={"name": "pc-1"})
    path = f"/api/v1/devices/{made.json()['device']['id']}"
    assert (made.status_code, await a_room(keeping)) == (201, 1)
    assert [(await one.get(path)).status_code for one in (keeping, reading)] == [200, 200]
    refused = await reading.put(path, json={"name": "mine"})
    assert (refused.status_code, refused.json()["type"]) == (403, "right-missing")
