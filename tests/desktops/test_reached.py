"""Desktops of others, within the reach of who looks after people, and beyond it. The reconciler does not run here."""

import asyncio
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete, update
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.accounts.groups.models import Member
from deskbay.accounts.models import Role, User
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.runtimes import Runtime

DESKTOPS = "/api/v1/desktops"
HOUR = 3600
NAMES = ("joan", "ada", "carl", "bob", "grace")
"""Joan looks after Ada, Carl and Grace, who is an administrator of the server; not after Bob."""
WITHIN, BEYOND = ("ada", "carl", "joan"), ("bob", "grace")


@dataclass(frozen=True, slots=True)
class School:
    """People, each with a desktop of their own that bears their name."""

    users: dict[str, User]
    clients: dict[str, AsyncClient]
    desktops: dict[str, int]

    def path(self, name: str, rest: str = "") -> str:
        return f"{DESKTOPS}/{self.desktops[name]}{rest}"


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture
async def school(app: FastAPI, people: People) -> School:
    await first_start(app.state.database)
    async with app.state.database.write() as db:
        await db.execute(update(Template).values(lifetime_seconds=HOUR, most_lifetime_seconds=3 * HOUR))
    users = {name: await people.add(name, _role(name)) for name in NAMES}
    clients = {name: await people.program(user) for name, user in users.items()}
    desktops = {name: await launched(client, name) for name, client in clients.items()}
    await people.look_after(users["joan"], *(users[name] for name in ("ada", "carl", "grace")))
    return School(users, clients, desktops)


def _role(name: str) -> Role:
    return Role.ADMINISTRATOR if name == "grace" else Role.USER


async def launched(client: AsyncClient, name: str) -> int:
    answer = await client.post(DESKTOPS, json={"template": "desktop", "name": name})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


@pytest.fixture
def joan(school: School) -> AsyncClient:
    return school.clients["joan"]


async def names(client: AsyncClient, query: str = "?all=true") -> set[str]:
    return {desktop["name"] for desktop in (await client.get(DESKTOPS + query)).json()["items"]}


async def put(app: FastAPI, desktop_id: int, **columns: object) -> None:
    """Have a desktop be as the reconciler would make it."""
    async with app.state.database.write() as db:
        await db.execute(update(Desktop).where(Desktop.id == desktop_id).values(**columns))


async def test_she_lists_her_own_and_those_of_her_people(joan: AsyncClient) -> None:
    assert await names(joan) == {*WITHIN}
    assert await names(joan, "") == {"joan"}


async def test_pages_of_the_list_hold_what_is_within_reach_alone(joan: AsyncClient) -> None:
    first = (await joan.get(f"{DESKTOPS}?all=true&limit=2")).json()
    second = (await joan.get(f"{DESKTOPS}?all=true&limit=2&cursor={first['next_cursor']}")).json()
    assert [[item["name"] for item in page["items"]] for page in (first, second)] == [["carl", "ada"], ["joan"]]
    assert second["next_cursor"] is None


async def test_who_looks_after_nobody_lists_nobody_elses(school: School) -> None:
    answer = await school.clients["ada"].get(f"{DESKTOPS}?all=true")
    assert (answer.status_code, answer.json()["type"]) == (403, "right-missing")


@pytest.mark.parametrize("rest", ["", "/log", "/history", "/schedule"])
async def test_she_looks_into_them_and_the_audit_tells(school: School, joan: AsyncClient, rest: str) -> None:
    assert (await joan.get(school.path("ada", rest))).status_code == 200
    told = (await school.clients["ada"].get("/api/v1/history")).json()["items"]
    assert [(one["actor"]["name"], one["action"]) for one in told] == [("joan", "looked")]


@pytest.mark.parametrize("name", BEYOND)
async def test_beyond_her_reach_there_is_nothing(school: School, joan: AsyncClient, name: str) -> None:
    asked = [joan.get(school.path(name, rest)) for rest in ("", "/log", "/history", "/schedule", "/thumbnail")]
    asked += [joan.post(school.path(name, rest)) for rest in ("/start", "/stop", "/keep", "/ticket")]
    asked += [joan.post(school.path(name, "/message"), json={"text": "Hi"}), joan.delete(school.path(name))]
    asked += [joan.patch(school.path(name), json={"name": "Mine"}), joan.delete(school.path(name, "/message"))]
    asked += [joan.post(school.path(name, "/transfer"), json={"user_id": school.users["joan"].id})]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {404}
    shown = (await school.clients[name].get(school.path(name))).json()
    assert (shown["name"], shown["wanted"], shown["message"]) == (name, "running", None)


async def test_she_stops_starts_and_deletes_them(app: FastAPI, school: School, joan: AsyncClient) -> None:
    stopped = (await joan.post(school.path("ada", "/stop"), json={"reason": "The lesson is over."})).json()
    assert (stopped["wanted"], stopped["reason"]) == ("stopped", "joan stopped it: The lesson is over.")
    await put(app, school.desktops["ada"], state=State.STOPPED)
    assert (await joan.post(school.path("ada", "/start"))).json()["wanted"] == "running"
    assert (await joan.delete(school.path("ada"))).status_code == 204
    assert await names(joan) == {*WITHIN} - {"ada"}


async def test_she_extends_but_does_not_keep_them(app: FastAPI, school: School, joan: AsyncClient) -> None:
    await put(app, school.desktops["ada"], state=State.RUNNING)
    until = "2026-01-05T11:00:00Z"
    assert (await joan.post(school.path("ada", "/extend"), json={"until": until})).json()["ends_at"] == until
    kept = await joan.post(school.path("ada", "/keep"))
    assert (kept.status_code, kept.json()["type"]) == (403, "not-the-owner")


async def test_she_tells_their_owners_something(school: School, joan: AsyncClient) -> None:
    assert (await joan.post(school.path("ada", "/message"), json={"text": "Save your work."})).status_code == 200
    assert (await school.clients["ada"].get(school.path("ada"))).json()["message"] == "Save your work."


async def test_she_hands_them_over_among_her_people(app: FastAPI, school: School, joan: AsyncClient) -> None:
    await put(app, school.desktops["ada"], wanted=Wanted.STOPPED, state=State.STOPPED)
    answer = await joan.post(school.path("ada", "/transfer"), json={"user_id": school.users["carl"].id})
    assert (answer.status_code, answer.json()["owner"]["username"]) == (200, "carl")


@pytest.mark.parametrize("name", BEYOND)
async def test_she_hands_none_over_to_anybody_else(app: FastAPI, school: School, joan: AsyncClient, name: str) -> None:
    await put(app, school.desktops["ada"], wanted=Wanted.STOPPED, state=State.STOPPED)
    answer = await joan.post(school.path("ada", "/transfer"), json={"user_id": school.users[name].id})
    assert (answer.status_code, answer.json()["type"]) == (404, "no-user")
    assert (await joan.get(school.path("ada"))).json()["owner"]["username"] == "ada"


async def test_who_leaves_the_group_leaves_her_reach(app: FastAPI, school: School, joan: AsyncClient) -> None:
    async with app.state.database.write() as db:
        await db.execute(delete(Member).where(Member.user_id == school.users["ada"].id))
    assert (await joan.get(school.path("ada"))).status_code == 404
    assert await names(joan) == {"carl", "joan"}


class TestRoles:
    async def test_who_may_see_all_changes_none(self, school: School, people: People) -> None:
        bob = school.clients["bob"]
        await people.give(school.users["bob"], "desktops:read!all")
        assert await names(bob) == {*NAMES}
        assert (await bob.get(school.path("ada"))).status_code == 200
        assert (await bob.post(school.path("ada", "/stop"))).status_code == 404
        said = await bob.post(school.path("ada", "/message"), json={"text": "Hi"})
        assert (said.status_code, said.json()["type"]) == (403, "right-missing")
        assert (await school.clients["ada"].get(school.path("ada"))).json()["wanted"] == "running"

    async def test_who_may_change_all_changes_administrators_too(self, school: School, people: People) -> None:
        await people.give(school.users["bob"], "desktops:write!all")
        assert (await school.clients["bob"].post(school.path("grace", "/stop"))).json()["wanted"] == "stopped"

    async def test_a_right_for_groups_reaches_nobody_without_one_to_look_after(
        self, school: School, people: People
    ) -> None:
        await people.give(school.users["bob"], "desktops:write!group")
        assert await names(school.clients["bob"]) == {"bob"}
        assert (await school.clients["bob"].get(school.path("ada"))).status_code == 404


async def test_those_that_one_may_change_are_found_among_those_that_one_sees(school: School, people: People) -> None:
    await people.give(school.users["joan"], "desktops:read")
    await people.give(school.users["bob"], "desktops:read")
    for name, changeable in (("joan", WITHIN), ("bob", ("bob",)), ("grace", NAMES)):
        for asked, expected in (({}, NAMES), ({"changeable": True}, changeable)):
            answer = await school.clients[name].get(DESKTOPS, params={"all": True, **asked})
            assert {one["name"] for one in answer.json()["items"]} == set(expected), (name, asked)
    for path in (f"{DESKTOPS}?changeable=true&all=true", DESKTOPS):
        status = (await school.clients["ada"].get(path)).status_code
        assert status == (403 if "all" in path else 200)
