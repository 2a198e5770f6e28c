"""Accounts that administrators disable."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from tests.accounts.refusals import refusals
from tests.clock import FrozenClock
from tests.people import PASSWORD, People, client_of

from deskbay.accounts.models import User
from deskbay.accounts.removal import remove_user

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
        for path in ("/api/v1/auth/token", "/api/v1/auth/sign-in"):
            assert told(await client.post(path, json=credentials)) == (403, "disabled")
        assert await refusals(app.state.database) == [("sign-in", "disabled", ada.id)]
        assert (await administrator_client.post(f"/api/v1/users/{ada.id}/enable")).status_code == 204
        assert (await client.post("/api/v1/auth/token", json=credentials)).status_code == 200
    assert (await page.get(ME)).status_code == 401


async def test_nobody_disables_themselves(administrator_client: AsyncClient) -> None:
    grace = (await administrator_client.get(ME)).json()
    assert told(await administrator_client.post(f"/api/v1/users/{grace['id']}/disable")) == (409, "yourself")


def role_of(user: User) -> str:
    return f"/api/v1/users/{user.id}/role"


async def test_only_administrators_make_administrators(client: AsyncClient, people: People, ada: User) -> None:
    helper, stranger = await people.add("joan"), await people.page(await people.add("bob"))
    await people.give(helper, "people:write!all")
    wish = {"role": "administrator"}
    assert told(await client.put(role_of(ada), json=wish)) == (401, "not-signed-in")
    for one in (stranger, await people.page(helper)):
        assert told(await one.put(role_of(ada), json=wish)) == (403, "right-missing")


async def test_an_administrator_is_made_and_is_one_no_more_at_once(
    people: People, ada: User, administrator_client: AsyncClient
) -> None:
    page = await people.page(ada)
    for role, status in (("administrator", 200), ("administrator", 200), ("user", 403)):
        assert (await administrator_client.put(role_of(ada), json={"role": role})).status_code == 204
        assert ((await page.get(ME)).json()["role"], (await page.get("/api/v1/audit")).status_code) == (role, status)


async def test_who_made_whom_an_administrator_is_in_the_audit(ada: User, administrator_client: AsyncClient) -> None:
    await administrator_client.put(role_of(ada), json={"role": "administrator"})
    entries = (await administrator_client.get("/api/v1/audit")).json()["items"]
    assert [one["after"] for one in entries if "role" in (one["before"] or {})] == [{"role": "administrator"}]


async def test_one_who_is_no_administrator_takes_it_from_none(
    people: People, administrator_client: AsyncClient
) -> None:
    grace = (await administrator_client.get(ME)).json()
    helper = await people.add("joan")
    await people.give(helper, "people:write!all")
    answer = await (await people.page(helper)).put(f"/api/v1/users/{grace['id']}/role", json={"role": "user"})
    assert told(answer) == (403, "right-missing")


async def test_nobody_changes_their_own_role_so_that_one_is_left(administrator_client: AsyncClient) -> None:
    grace = (await administrator_client.get(ME)).json()
    answer = await administrator_client.put(f"/api/v1/users/{grace['id']}/role", json={"role": "user"})
    assert told(answer) == (409, "yourself")


@pytest.mark.parametrize("wish", [{}, {"role": "king"}, {"role": "user", "more": 1}], ids=["none", "unknown", "more"])
async def test_a_role_that_is_none(administrator_client: AsyncClient, ada: User, wish: dict[str, object]) -> None:
    assert (await administrator_client.put(role_of(ada), json=wish)).status_code == 422


async def test_who_was_removed_is_not_there_any_more(
    people: People, ada: User, administrator_client: AsyncClient, clock: FrozenClock
) -> None:
    async with people.database.write() as db:
        await remove_user(db, clock, await db.get_one(User, ada.id))
    assert told(await administrator_client.post(f"/api/v1/users/{ada.id}/enable")) == (404, "no-user")


async def test_someone_who_is_not_there(administrator_client: AsyncClient) -> None:
    assert told(await administrator_client.post("/api/v1/users/99/disable")) == (404, "no-user")
