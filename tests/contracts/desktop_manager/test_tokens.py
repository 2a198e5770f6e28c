"""Tokens of programs, at both addresses: the contract's examples and rules."""

import pytest
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.contracts.desktop_manager.conftest import Json

ALL = ["/api/tokens", "/api/token"]


@pytest.mark.parametrize("path", ALL)
async def test_one_is_made_used_and_revoked(administrator_client: AsyncClient, client: AsyncClient, path: str) -> None:
    answer = await administrator_client.post(path, json={"name": "Backups", "description": "at night"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert set(made) == {"token", "token_id", "name", "expires_at", "created_by"}
    assert (made["name"], made["created_by"]) == ("Backups", "grace")
    for login in ALL:
        told = await client.post(f"{login}/api-login", json={"token": made["token"]})
        assert told.json() == {"username": "grace", "is_admin": True, "email": "grace@example.org"}
    client.headers["Authorization"] = f"Bearer {made['token']}"
    assert (await client.get("/api/connections/list")).status_code == 200
    (listed,) = (await administrator_client.get(path)).json()["tokens"]
    assert listed == {
        "id": listed["id"],
        "token_id": made["token_id"],
        "name": "Backups",
        "description": "at night",
        "created_at": listed["created_at"],
        "expires_at": made["expires_at"],
        "created_by": "grace",
        "last_used": None,
        "revoked": False,
        "revoked_at": None,
    }
    revoked = await administrator_client.delete(f"{path}/{made['token_id']}")
    assert (revoked.status_code, revoked.json()) == (200, {"message": "Token revoked successfully"})
    assert (await client.get("/api/connections/list")).json() == {"message": "Token is invalid!"}
    assert (await client.post(f"{path}/api-login", json={"token": made["token"]})).status_code == 400
    (listed,) = (await administrator_client.get(path)).json()["tokens"]
    assert (listed["revoked"], listed["revoked_at"] is None) == (True, False)


async def test_it_ends_when_its_days_are_over(
    administrator_client: AsyncClient, client: AsyncClient, clock: FrozenClock
) -> None:
    made = (await administrator_client.post("/api/tokens", json={"name": "Short", "expires_in_days": 1})).json()
    clock.advance(days=1)
    answer = await client.post("/api/tokens/api-login", json={"token": made["token"]})
    assert answer.json() == {"error": "The token is missing, wrong, expired or revoked."}


@pytest.mark.parametrize("wrong", [{"expires_in_days": 0}, {"expires_in_days": 366}, {"name": ""}, {"name": "x" * 65}])
async def test_what_makes_no_sense_is_refused(administrator_client: AsyncClient, wrong: Json) -> None:
    answer = await administrator_client.post("/api/tokens", json={"name": "Backups", **wrong})
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


async def test_one_that_is_not_there(administrator_client: AsyncClient) -> None:
    path = "/api/tokens/00000000-0000-4000-8000-000000000000"
    answer = await administrator_client.delete(path)
    assert (answer.status_code, set(answer.json())) == (404, {"error"})
