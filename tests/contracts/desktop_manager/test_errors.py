"""Who is let in, and how errors are told: the same for every route."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete
from tests.clock import FrozenClock
from tests.contracts.desktop_manager.conftest import Json
from tests.people import People

from deskbay.accounts.models import Login, User

Calls = list[tuple[str, str, Json | None]]
FOR_ALL: Calls = [
    ("POST", "/api/connections/scaleup", {"name": "desk"}),
    ("POST", "/api/connections/scaledown", {"name": "desk"}),
    ("POST", "/api/connections/resume", {"name": "desk"}),
    ("POST", "/api/connections/permanent-delete", {"name": "desk"}),
    ("GET", "/api/connections/list", None),
    ("GET", "/api/connections/desk", None),
    ("GET", "/api/connections/direct-connect/1", None),
    ("GET", "/api/connections/guacamole-dashboard", None),
    ("POST", "/api/connections/attach-pvc", {"connection_id": 1, "pvc_id": 1}),
    ("POST", "/api/connections/detach-pvc", {"connection_id": 1}),
    ("GET", "/api/desktop-config/list", None),
    ("GET", "/api/desktop-config/accessible", None),
    ("GET", "/api/desktop-config/get/1", None),
    ("GET", "/api/storage-pvcs/list", None),
]
FOR_ADMINISTRATORS: Calls = [
    ("POST", "/api/auth/register", {"username": "bob", "password": "correct horse battery"}),
    ("GET", "/api/users/list", None),
    ("GET", "/api/users/ada", None),
    ("POST", "/api/users/createuser", {"username": "bob", "password": "correct horse battery"}),
    ("POST", "/api/users/removeuser", {"username": "ada"}),
    ("GET", "/api/desktop-config/access/1", None),
    ("POST", "/api/desktop-config/create", {"name": "x", "image": "x"}),
    ("PUT", "/api/desktop-config/update/1", {"name": "x", "image": "x"}),
    ("DELETE", "/api/desktop-config/delete/1", None),
    ("POST", "/api/storage-pvcs/create", {"name": "x"}),
    ("GET", "/api/storage-pvcs/1", None),
    ("DELETE", "/api/storage-pvcs/1", None),
    ("GET", "/api/storage-pvcs/1/access", None),
    ("POST", "/api/storage-pvcs/1/access", {}),
    ("GET", "/api/storage-pvcs/connections/1", None),
]
OF_TOKENS: Calls = [
    ("POST", "", {"name": "Backups"}),
    ("GET", "", None),
    ("DELETE", "/00000000-0000-4000-8000-000000000000", None),
]
FOR_ADMINISTRATORS += [(method, f"/api/tokens{rest}", json) for method, rest, json in OF_TOKENS]
FOR_ADMINISTRATORS += [(method, f"/api/token{rest}", json) for method, rest, json in OF_TOKENS]
LIST = "/api/connections/list"


@pytest.mark.parametrize(("method", "path", "json"), FOR_ALL + FOR_ADMINISTRATORS)
async def test_nobody_is_told_that_the_token_is_missing(
    client: AsyncClient, method: str, path: str, json: Json | None
) -> None:
    answer = await client.request(method, path, json=json)
    assert (answer.status_code, answer.json()) == (401, {"message": "Token is missing!"})


@pytest.mark.parametrize(("method", "path", "json"), FOR_ADMINISTRATORS)
async def test_others_than_administrators_are_refused(
    user_client: AsyncClient, method: str, path: str, json: Json | None
) -> None:
    answer = await user_client.request(method, path, json=json)
    assert (answer.status_code, answer.json()) == (403, {"message": "Admin privilege required!"})


async def test_a_token_that_is_none(client: AsyncClient) -> None:
    answer = await client.get(LIST, headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json()) == (401, {"message": "Token is invalid!"})


async def test_a_token_that_has_expired(user_client: AsyncClient, clock: FrozenClock) -> None:
    clock.advance(hours=1)
    answer = await user_client.get(LIST)
    assert (answer.status_code, answer.json()) == (401, {"message": "Token has expired!"})


async def test_a_token_of_a_sign_in_that_has_ended(app: FastAPI, user_client: AsyncClient) -> None:
    async with app.state.database.write() as db:
        await db.execute(delete(Login))
    assert (await user_client.get(LIST)).json() == {"message": "Token is invalid!"}


async def test_a_token_of_a_person_who_is_gone(app: FastAPI, user_client: AsyncClient) -> None:
    async with app.state.database.write() as db:
        await db.execute(delete(Login))
        await db.execute(delete(User))
    assert (await user_client.get(LIST)).json() == {"message": "User not found!"}


async def test_cookies_are_no_token(people: People) -> None:
    page = await people.page(await people.add("bob"))
    assert (await page.get(LIST)).json() == {"message": "Token is missing!"}


async def test_what_is_not_json(user_client: AsyncClient) -> None:
    answer = await user_client.post("/api/connections/resume", content="name=desk")
    assert answer.status_code == 415
    assert answer.json() == {"error": "Send JSON, with Content-Type: application/json."}


async def test_what_is_too_large(user_client: AsyncClient) -> None:
    answer = await user_client.post("/api/connections/resume", json={"name": "x" * (5 * 2**20)})
    assert (answer.status_code, answer.json()) == (413, {"error": "The request is over 5 MB. Send less."})


@pytest.mark.parametrize("body", [b"{", b'{"name": 7}', b'{"name": ""}', b"[]", b'{"name": "\\ud800"}'])
async def test_what_makes_no_sense(user_client: AsyncClient, body: bytes) -> None:
    answer = await user_client.post(
        "/api/connections/resume", content=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert answer.status_code in {400, 404}
    assert set(answer.json()) == {"error"}


async def test_a_fault_of_the_server_shows_nothing_of_it(
    user_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("deskbay.contracts.desktop_manager.connections._described", faulty)
    answer = await user_client.get(LIST)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert set(answer.json()) == {"error"}


def test_a_token_lasts_less_than_the_hour_that_has_passed(app: FastAPI) -> None:
    assert app.state.token_issuer.access_lifetime < timedelta(hours=1)
