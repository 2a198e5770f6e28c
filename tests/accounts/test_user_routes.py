"""Accounts that administrators disable."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from tests.people import PASSWORD, People, client_of

from deskbay.accounts.models import User

ME = "/api/v1/auth/me"


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


async def test_only_administrators_may(client: AsyncClient, people: People, ada: User) -> None:
    bob = await people.page(await people.add("bob"))
    for verb in ("disable", "enable"):
        assert told(await client.post(f"/api/v1/users/{ada.id}/{verb}")) == (401, "not-signed-in")
        assert told(await bob.post(f"/api/v1/users/{ada.id}/{verb}")) == (403, "right-missing")


async def test_a_disabled_person_is_out_at_once_and_stays_out(
    app: FastAPI, people: People, ada: User, administrator_client: AsyncClient
) -> None:
    page, program = await people.page(ada), await people.program(ada)
    assert (await administrator_client.post(f"/api/v1/users/{ada.id}/disable")).status_code == 204
    assert [(await one.get(ME)).status_code for one in (page, program)] == [401, 401]
    async with client_of(app) as client:
        credentials = {"username": "ada", "password": PASSWORD}
        assert told(await client.post("/api/v1/auth/token", json=credentials)) == (403, "disabled")
        assert (await administrator_client.post(f"/api/v1/users/{ada.id}/enable")).status_code == 204
        assert (await client.post("/api/v1/auth/token", json=credentials)).status_code == 200
    assert (await page.get(ME)).status_code == 401


async def test_nobody_disables_themselves(administrator_client: AsyncClient) -> None:
    grace = (await administrator_client.get(ME)).json()
    assert told(await administrator_client.post(f"/api/v1/users/{grace['id']}/disable")) == (409, "yourself")


async def test_someone_who_is_not_there(administrator_client: AsyncClient) -> None:
    assert told(await administrator_client.post("/api/v1/users/99/disable")) == (404, "no-user")
