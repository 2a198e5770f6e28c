"""Sign-ins, pings, maps and reports over HTTP."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.people import client_of

PINGS, SIGN_INS = "/api/v1/pings", "/api/v1/sign-ins"
Json = dict[str, object]


async def enrolled(app: FastAPI, administrator: AsyncClient, name: str = "pc-1", **place: int) -> AsyncClient:
    answer = await administrator.post("/api/v1/devices", json={"name": name, **place})
    assert answer.status_code == 201, answer.text
    device = client_of(app)
    device.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return device


async def signed_in(device: AsyncClient, username: str = "ada", promise: int = 60) -> str:
    uuid = str(uuid4())
    answer = await device.post(SIGN_INS, json={"id": uuid, "username": username, "next_ping_seconds": promise})
    assert answer.status_code == 201, answer.text
    return uuid


def ping(sign_in: str, **more: object) -> Json:
    return {"pings": [{"sign_in": sign_in, "next_ping_seconds": 60, **more}]}


@pytest.fixture
async def device(app: FastAPI, administrator_client: AsyncClient, user_client: AsyncClient) -> AsyncClient:  # noqa: ARG001 - Ada
    return await enrolled(app, administrator_client)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PINGS),
        ("POST", SIGN_INS),
        ("GET", SIGN_INS),
        ("GET", "/api/v1/sign-ins/events"),
        ("POST", "/api/v1/heartbeat"),
        ("GET", "/api/v1/devices"),
        ("GET", "/api/v1/activity?user_id=1&from=2026-01-01&to=2026-01-02"),
        ("DELETE", "/api/v1/users/1/activity"),
    ],
)
async def test_nobody_gets_401(client: AsyncClient, method: str, path: str) -> None:
    body = {"id": str(uuid4()), "username": "ada", "next_ping_seconds": 60}
    answer = await client.request(method, path, json=body if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SIGN_INS),
        ("GET", "/api/v1/sign-ins?user_id=999"),
        ("GET", "/api/v1/sign-ins/events"),
        ("GET", "/api/v1/devices"),
        ("GET", "/api/v1/activity?user_id=999&from=2026-01-01&to=2026-01-02"),
        ("DELETE", "/api/v1/users/1/activity"),
    ],
)
async def test_a_user_may_not_see_others(user_client: AsyncClient, method: str, path: str) -> None:
    assert (await user_client.request(method, path)).status_code == 403


async def test_each_ping_of_a_batch_has_its_own_result(device: AsyncClient) -> None:
    sign_in = await signed_in(device)
    pings = [
        {"sign_in": sign_in, "at": "2026-01-05T08:59:00Z", "next_ping_seconds": 60},
        {"sign_in": sign_in, "at": "2026-01-05T08:59:00Z", "next_ping_seconds": 60},
        {"sign_in": str(uuid4()), "next_ping_seconds": 60},
        {"sign_in": sign_in, "at": "2026-01-05T09:02:00Z", "next_ping_seconds": 60},
    ]
    answer = await device.post(PINGS, json={"pings": pings})
    assert answer.status_code == 201
    assert answer.json() == {"results": ["stored", "repeated", "unknown-sign-in", "in-future"]}


@pytest.mark.parametrize("body", [b"{", b'{"pings":[]}', b'{"pings":[{"sign_in":"x","next_ping_seconds":1}]}'])
async def test_bad_pings_are_told_what_is_wrong(device: AsyncClient, body: bytes) -> None:
    answer = await device.post(PINGS, content=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_more_than_a_thousand_pings_are_refused(device: AsyncClient) -> None:
    one = {"sign_in": str(uuid4()), "next_ping_seconds": 60}
    assert (await device.post(PINGS, json={"pings": [one] * 1001})).status_code == 422


async def test_another_devices_sign_in_is_unknown(
    app: FastAPI, administrator_client: AsyncClient, device: AsyncClient
) -> None:
    sign_in = await signed_in(device)
    other = await enrolled(app, administrator_client, "pc-2")
    assert (await other.post(PINGS, json=ping(sign_in))).json() == {"results": ["unknown-sign-in"]}


async def test_a_clock_that_is_wrong_is_measured_and_corrected(
    device: AsyncClient, administrator_client: AsyncClient
) -> None:
    sign_in = await signed_in(device)
    ahead = ping(sign_in, at="2026-01-05T12:00:30Z") | {"sent_at": "2026-01-05T12:00:30Z"}
    for result in ("stored", "repeated"):
        assert (await device.post(PINGS, json=ahead)).json() == {"results": [result]}
    (shown,) = (await administrator_client.get(SIGN_INS)).json()["items"]
    assert shown["clock_offset_ms"] == (3 * 3600 + 30) * 1000
    assert shown["ends_at"] == "2026-01-05T09:01:00Z"


async def test_who_is_on_now(device: AsyncClient, administrator_client: AsyncClient, clock: FrozenClock) -> None:
    sign_in = await signed_in(device)
    online = (await administrator_client.get(SIGN_INS, params={"online": True})).json()
    assert (online["total"], online["items"][0]["id"]) == (1, sign_in)
    clock.advance(seconds=61)
    assert (await administrator_client.get(SIGN_INS, params={"online": True})).json()["items"] == []
    assert len((await administrator_client.get(SIGN_INS)).json()["items"]) == 1


async def test_a_person_sees_their_own_history(device: AsyncClient, user_client: AsyncClient) -> None:
    await signed_in(device)
    me = (await user_client.get("/api/v1/auth/me")).json()["id"]
    assert len((await user_client.get(SIGN_INS, params={"user_id": me})).json()["items"]) == 1
    days = {"user_id": me, "from": "2026-01-05", "to": "2026-01-05"}
    (piece,) = (await user_client.get("/api/v1/activity", params=days)).json()["items"]
    assert (piece["kind"], piece["start"], piece["end"]) == ("presence", "2026-01-05T09:00:00Z", "2026-01-05T09:01:00Z")


async def test_who_sits_elsewhere_gets_409(
    app: FastAPI, administrator_client: AsyncClient, device: AsyncClient
) -> None:
    await signed_in(device)
    other = await enrolled(app, administrator_client, "pc-2")
    again = {"id": str(uuid4()), "username": "ada", "next_ping_seconds": 60}
    assert (await other.post(SIGN_INS, json=again)).status_code == 409
    assert (await other.post(SIGN_INS, json=again | {"username": "nobody"})).status_code == 404


async def test_history_is_narrowed_to_a_computer_and_a_time(
    device: AsyncClient, administrator_client: AsyncClient, clock: FrozenClock
) -> None:
    first = await signed_in(device)
    clock.advance(minutes=10)
    second = await signed_in(device)

    async def found(**wanted: str) -> list[str]:
        answer = await administrator_client.get(SIGN_INS, params={"device_id": "1", **wanted})
        return [one["id"] for one in answer.raise_for_status().json()["items"]]

    assert await found() == [second, first]
    assert await found(until="2026-01-05T09:05:00Z") == [first]
    assert await found(since="2026-01-05T09:01:00Z", until="2026-01-05T09:10:00Z") == [first]
    assert await found(since="2026-01-05T09:01:01Z") == [second]
    assert await found(since="2026-01-05T10:05:00+01:00") == [second]
    assert await found(device_id="999") == []


@pytest.mark.parametrize("asked", ["since=yesterday", "until=2026-01-05T09:00:00", f"device_id={2**63}", "limit=0"])
async def test_history_that_can_not_be(administrator_client: AsyncClient, asked: str) -> None:
    assert (await administrator_client.get(f"{SIGN_INS}?{asked}")).status_code == 422


async def test_what_is_done_is_told_of_those_who_are_on(
    device: AsyncClient, administrator_client: AsyncClient, clock: FrozenClock
) -> None:
    sign_in = await signed_in(device)
    await device.post(PINGS, json=ping(sign_in, event="lesson", application="Writer"))
    (shown,) = (await administrator_client.get(f"{SIGN_INS}?online=true")).json()["items"]
    assert (shown["event"], shown["application"]) == ("lesson", "Writer")
    clock.advance(seconds=61)
    (shown,) = (await administrator_client.get(SIGN_INS)).json()["items"]
    assert (shown["online"], shown["event"], shown["application"]) == (False, None, None)
