"""A person's own devices over HTTP."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.devices.computers import told
from tests.people import People, client_of

MINE, CODES, PAIR = "/api/v1/devices/mine", "/api/v1/devices/pairing-codes", "/api/v1/agent/pair"


async def paired(person: AsyncClient, client: AsyncClient, **other: str | None) -> int:
    code = (await person.post(CODES)).json()["code"]
    answer = await client.post(PAIR, json=told(code, **other))
    assert answer.status_code == 201, answer.text
    device: int = answer.json()["device_id"]
    return device


@pytest.mark.parametrize(
    ("method", "path"), [("POST", CODES), ("GET", MINE), ("PATCH", f"{MINE}/1"), ("DELETE", f"{MINE}/1/token")]
)
async def test_nobody_gets_401(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, json={"name": "x"} if method == "PATCH" else None)
    assert answer.status_code == 401


async def test_one_sees_ones_own_and_no_others(user_client: AsyncClient, client: AsyncClient, people: People) -> None:
    device = await paired(user_client, client)
    bob = await people.program(await people.add("bob"))
    assert (await bob.get(MINE)).json() == {"items": []}
    assert (await bob.patch(f"{MINE}/{device}", json={"name": "bobs"})).status_code == 404
    assert (await bob.delete(f"{MINE}/{device}/token")).status_code == 404
    (shown,) = (await user_client.get(MINE)).json()["items"]
    assert shown["id"] == device
    assert (shown["name"], shown["system"], shown["architecture"]) == ("thinkpad", "linux", "x86_64")
    assert (shown["has_token"], shown["connected"], shown["last_seen_at"]) == (True, False, None)


async def test_an_administrator_sees_there_only_own_ones(
    user_client: AsyncClient, administrator_client: AsyncClient, client: AsyncClient
) -> None:
    await paired(user_client, client)
    assert (await administrator_client.get(MINE)).json() == {"items": []}


async def test_an_administrator_finds_them_by_owner(
    user_client: AsyncClient, administrator_client: AsyncClient, client: AsyncClient
) -> None:
    key = await paired(user_client, client)
    me = (await user_client.get("/api/v1/auth/me")).json()
    asked = {"owner": me["username"]}
    (found,) = (await administrator_client.get("/api/v1/devices", params=asked)).json()["items"]
    alone = (await administrator_client.get(f"/api/v1/devices/{key}")).json()
    assert (found, found["owner"]) == (alone, {"id": me["id"], "username": me["username"]})
    assert (await administrator_client.get("/api/v1/devices", params={"shared": True})).json()["items"] == []
    assert (await user_client.get("/api/v1/devices", params=asked)).status_code == 403
    assert (await client.get("/api/v1/devices", params=asked)).status_code == 401


async def test_rename(user_client: AsyncClient, client: AsyncClient) -> None:
    device = await paired(user_client, client)
    renamed = await user_client.patch(f"{MINE}/{device}", json={"name": "old thinkpad"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "old thinkpad")
    await paired(user_client, client, name="new", mac_address=None)
    assert (await user_client.patch(f"{MINE}/{device}", json={"name": "NEW"})).status_code == 409
    assert (await user_client.patch(f"{MINE}/{device}", json={"name": ""})).status_code == 422
    assert (await user_client.patch(f"{MINE}/{device}", json={"name": "x", "owner_id": 1})).status_code == 422


async def test_a_revoked_device_may_not_report(
    app: FastAPI, user_client: AsyncClient, client: AsyncClient, clock: FrozenClock
) -> None:
    code = (await user_client.post(CODES)).json()["code"]
    made = (await client.post(PAIR, json=told(code))).json()
    async with client_of(app) as device:
        device.headers["Authorization"] = f"Bearer {made['token']}"
        assert (await device.post("/api/v1/heartbeat", json={"next_ping_seconds": 60})).status_code == 204
        assert (await user_client.delete(f"{MINE}/{made['device_id']}/token")).status_code == 204
        clock.advance(seconds=5)
        assert (await device.post("/api/v1/heartbeat", json={"next_ping_seconds": 60})).status_code == 401
    (shown,) = (await user_client.get(MINE)).json()["items"]
    assert (shown["has_token"], shown["revoked_at"]) == (False, "2026-01-05T09:00:00Z")


async def test_erasing_a_person_revokes_their_devices(
    user_client: AsyncClient, administrator_client: AsyncClient, client: AsyncClient
) -> None:
    device = await paired(user_client, client)
    ada = (await user_client.get("/api/v1/auth/me")).json()["id"]
    assert (await administrator_client.delete(f"/api/v1/users/{ada}/activity")).status_code == 204
    assert (await administrator_client.get(f"/api/v1/devices/{device}")).json()["has_token"] is False
