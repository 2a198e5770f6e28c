"""Pairing and the stream of commands over HTTP. The stream on a real socket is in tests/agent."""

import pytest
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.devices.computers import told

CODES, PAIR, EVENTS = "/api/v1/devices/pairing-codes", "/api/v1/agent/pair", "/api/v1/agent/events"


async def test_a_computer_is_paired(user_client: AsyncClient, client: AsyncClient) -> None:
    code = (await user_client.post(CODES)).json()
    assert code["expires_at"] == "2026-01-05T09:15:00Z"
    answer = await client.post(PAIR, json=told(code["code"]))
    assert answer.status_code == 201
    assert answer.json()["token"].startswith("dd_")


@pytest.mark.parametrize(
    "wrong",
    [
        {"system": "plan9"},
        {"name": ""},
        {"name": "a\nb"},
        {"architecture": "x" * 51},
        {"mac_address": "525400123456"},
        {"code": ""},
        {"owner_id": "1"},
    ],
)
async def test_what_a_computer_may_not_tell(
    user_client: AsyncClient, client: AsyncClient, wrong: dict[str, str]
) -> None:
    code = (await user_client.post(CODES)).json()["code"]
    assert (await client.post(PAIR, json=told(code) | wrong)).status_code == 422
    assert (await client.post(PAIR, json=told(code))).status_code == 201


async def test_who_guesses_codes_has_to_wait(user_client: AsyncClient, client: AsyncClient, clock: FrozenClock) -> None:
    code = (await user_client.post(CODES)).json()["code"]
    for _ in range(10):
        assert (await client.post(PAIR, json=told("AAAAA-AAAAA"))).status_code == 401
    refused = await client.post(PAIR, json=told(code))
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    clock.advance(minutes=1)
    assert (await client.post(PAIR, json=told(code))).status_code == 201


@pytest.mark.parametrize("header", [None, "Bearer dd_wrong", "Bearer ", "Basic dd_wrong"])
async def test_only_devices_get_commands(client: AsyncClient, header: str | None) -> None:
    answer = await client.get(EVENTS, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_a_persons_token_is_no_devices(user_client: AsyncClient) -> None:
    assert (await user_client.get(EVENTS)).status_code == 401
