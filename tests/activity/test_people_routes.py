"""People as they are seen, over HTTP."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.activity.test_routes import enrolled, signed_in
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.models import Role

USERS = "/api/v1/users"


@pytest.mark.parametrize("path", [USERS, f"{USERS}/1"])
async def test_only_administrators_see_people(client: AsyncClient, user_client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 401
    assert (await user_client.get(path)).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{USERS}/999", 404),
        (f"{USERS}/0", 422),
        (f"{USERS}/{2**63}", 422),
        (f"{USERS}/ada", 422),
        (f"{USERS}?limit=0", 422),
        (f"{USERS}?limit=201", 422),
        (f"{USERS}?cursor=x", 422),
        (f"{USERS}?search={'x' * 201}", 422),
    ],
)
async def test_what_can_not_be_shown(administrator_client: AsyncClient, path: str, status: int) -> None:
    answer = await administrator_client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("user_client")
async def test_a_person_is_shown_with_where_they_are_and_were(
    app: FastAPI, administrator_client: AsyncClient, clock: FrozenClock
) -> None:
    device = await enrolled(app, administrator_client, "pc-1")
    await signed_in(device)
    listed = (await administrator_client.get(USERS, params={"search": "ada"})).json()
    (ada,) = listed["items"]
    assert (listed["total"], listed["next_cursor"]) == (1, None)
    assert (ada["username"], ada["last_seen_at"]) == ("ada", "2026-01-05T09:00:00Z")
    assert ada["seat"] == {"device_id": ada["seat"]["device_id"], "device": "pc-1", "since": "2026-01-05T09:00:00Z"}
    clock.advance(seconds=61)
    shown = (await administrator_client.get(f"{USERS}/{ada['id']}")).json()
    assert (shown["seat"], shown["last_seen_at"]) == (None, "2026-01-05T09:00:00Z")


async def test_who_was_at_no_computer_was_seen_on_the_pages_or_never(
    administrator_client: AsyncClient, people: People, clock: FrozenClock
) -> None:
    await people.add("bob")
    await people.program(await people.add("ada"))
    clock.advance(minutes=10)
    await people.program(await people.add("tim"))
    listed = (await administrator_client.get(USERS)).json()["items"]
    assert {one["username"]: one["last_seen_at"] for one in listed} == {
        "ada": "2026-01-05T09:00:00Z",
        "bob": None,
        "grace": "2026-01-05T09:00:00Z",
        "tim": "2026-01-05T09:10:00Z",
    }
    assert all(one["seat"] is None for one in listed)


async def test_one_page_leads_to_the_next(administrator_client: AsyncClient, user_client: AsyncClient) -> None:
    assert (await user_client.get("/api/v1/auth/me")).json()["username"] == "ada"
    first = (await administrator_client.get(USERS, params={"limit": 1})).json()
    second = (await administrator_client.get(USERS, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [page["items"][0]["username"] for page in (first, second)] == ["ada", "grace"]
    assert (first["total"], second["next_cursor"]) == (2, None)


async def test_who_looks_after_people_sees_them_and_themselves(app: FastAPI, people: People) -> None:
    ada, bob, tim = [await people.add(name) for name in ("ada", "bob", "tim")]
    root = await people.add("root", Role.ADMINISTRATOR)
    await people.look_after(tim, ada, root)
    await signed_in(await enrolled(app, await people.program(root)), "ada")
    program = await people.program(tim)
    listed = (await program.get(USERS)).json()
    assert [one["username"] for one in listed["items"]] == ["ada", "tim"]
    assert (listed["total"], listed["items"][0]["seat"]["device"]) == (2, "pc-1")
    assert (await program.get(f"{USERS}/{ada.id}")).json()["username"] == "ada"
    for other in (bob, root):
        answer = await program.get(f"{USERS}/{other.id}")
        assert (answer.status_code, answer.json()["type"]) == (404, "no-user")


async def test_who_may_not_see_activity_does_not_see_where_people_are(
    app: FastAPI, people: People, administrator_client: AsyncClient
) -> None:
    ada, clerk = await people.add("ada"), await people.add("clerk")
    await people.give(clerk, "people:read!all")
    await signed_in(await enrolled(app, administrator_client), "ada")
    shown = (await (await people.program(clerk)).get(f"{USERS}/{ada.id}")).json()
    assert (shown["username"], shown["seat"], shown["last_seen_at"]) == ("ada", None, None)
