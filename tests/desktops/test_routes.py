"""Templates and desktops over HTTP. The reconciler does not run here: what is wanted stays pending."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from starlette.requests import Request
from tests.desktops.doubles import PromptRuntime, UnavailableRuntime
from tests.desktops.first_start import first_start
from tests.desktops.kinds import pool_of
from tests.people import People

from deskbay.accounts.access import Caller, Credential
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.desktops.routes import stream_events
from deskbay.desktops.runtimes import Runtime
from deskbay.settings import Settings

ROUTES = [
    ("GET", "/api/v1/templates"),
    ("GET", "/api/v1/desktops"),
    ("POST", "/api/v1/desktops"),
    ("GET", "/api/v1/desktops/1"),
    ("GET", "/api/v1/desktops/1/log"),
    ("POST", "/api/v1/desktops/1/start"),
    ("POST", "/api/v1/desktops/1/stop"),
    ("DELETE", "/api/v1/desktops/1"),
    ("GET", "/api/v1/events"),
]
OF_ONE_DESKTOP = [(method, path) for method, path in ROUTES if "/1" in path]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture(autouse=True)
async def templates(app: FastAPI) -> None:
    await first_start(app.state.database)


async def launch(client: AsyncClient, **wish: str) -> dict[str, object]:
    answer = await client.post("/api/v1/desktops", json={"template": "desktop", **wish})
    assert answer.status_code == 201, answer.text
    launched: dict[str, object] = answer.json()
    return launched


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), OF_ONE_DESKTOP)
async def test_anothers_desktop_is_not_found(user_client: AsyncClient, people: People, method: str, path: str) -> None:
    await launch(user_client)
    other = await people.program(await people.add("bob"))
    assert (await other.request(method, path)).status_code == 404
    assert (await user_client.get("/api/v1/desktops/1")).json()["wanted"] == "running"


@pytest.mark.parametrize(("method", "path"), OF_ONE_DESKTOP)
async def test_an_administrator_may_use_anyones(
    user_client: AsyncClient, administrator_client: AsyncClient, method: str, path: str
) -> None:
    await launch(user_client)
    assert (await administrator_client.request(method, path)).is_success


@pytest.mark.parametrize(("method", "path"), OF_ONE_DESKTOP)
@pytest.mark.parametrize(("key", "status"), [("99", 404), ("x", 422), ("9" * 30, 422), ("0", 422)])
async def test_a_desktop_that_is_not_there(
    user_client: AsyncClient, method: str, path: str, key: str, status: int
) -> None:
    assert (await user_client.request(method, path.replace("/1", f"/{key}"))).status_code == status


async def test_templates(user_client: AsyncClient) -> None:
    items = (await user_client.get("/api/v1/templates")).json()["items"]
    assert [item["slug"] for item in items] == ["desktop", "full-desktop", "browser"]
    assert items[0]["unavailable_reason"] is None


async def test_a_template_that_can_not_be_launched_says_why(app: FastAPI, user_client: AsyncClient) -> None:
    app.state.runtimes = pool_of(local=UnavailableRuntime())
    items = (await user_client.get("/api/v1/templates")).json()["items"]
    assert items[0]["unavailable_reason"] == "Xvnc is missing. Install it."


async def test_launch(user_client: AsyncClient) -> None:
    desktop = await launch(user_client, name="  Thesis ")
    assert (desktop["id"], desktop["name"], desktop["state"], desktop["reason"]) == (1, "Thesis", "pending", None)
    assert desktop["template"] == {"slug": "desktop", "name": "Desktop", "icon": "device-desktop"}
    assert desktop["owner"] == {"id": 1, "username": "ada"}
    assert (await user_client.get("/api/v1/desktops/1")).json() == desktop


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.template"),
        ({"template": ""}, "body.template"),
        ({"template": 5}, "body.template"),
        ({"template": "desktop", "name": "   "}, "body.name"),
        ({"template": "desktop", "name": "x" * 65}, "body.name"),
        ({"template": "desktop", "nmae": "Thesis"}, "body.nmae"),
    ],
)
async def test_a_launch_with_bad_input_names_the_field(
    user_client: AsyncClient, body: dict[str, object], field: str
) -> None:
    answer = await user_client.post("/api/v1/desktops", json=body)
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]
    assert (await user_client.get("/api/v1/desktops")).json()["items"] == []


async def test_an_unknown_template_is_told_with_those_there_are(user_client: AsyncClient) -> None:
    answer = await user_client.post("/api/v1/desktops", json={"template": "mainframe"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "unknown-template"
    assert "desktop, full-desktop, browser" in answer.json()["detail"]


async def test_ten_launches_at_once_under_a_limit_of_one_make_one(app: FastAPI, user_client: AsyncClient) -> None:
    app.state.settings = Settings(data=app.state.settings.data, desktops_per_user=1)
    launches = (user_client.post("/api/v1/desktops", json={"template": "desktop"}) for _ in range(10))
    statuses = [answer.status_code for answer in await asyncio.gather(*launches)]
    assert sorted(statuses) == [201] + [409] * 9
    assert len((await user_client.get("/api/v1/desktops")).json()["items"]) == 1


async def test_a_repeated_launch_with_its_key_gives_the_same_desktop(user_client: AsyncClient) -> None:
    keyed = {"Idempotency-Key": "press-1"}
    first, again = [
        await user_client.post("/api/v1/desktops", json={"template": "desktop"}, headers=keyed) for _ in range(2)
    ]
    assert first.json() == again.json()


async def test_list_by_pages(user_client: AsyncClient) -> None:
    for _ in range(3):
        await launch(user_client)
    page = (await user_client.get("/api/v1/desktops", params={"limit": 2})).json()
    assert [item["id"] for item in page["items"]] == [3, 2]
    rest = (await user_client.get("/api/v1/desktops", params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([1], None)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": 0}, {"cursor": "x"}])
async def test_a_list_with_bad_input(user_client: AsyncClient, query: dict[str, str | int]) -> None:
    assert (await user_client.get("/api/v1/desktops", params=query)).status_code == 422


async def test_everyones_are_listed_for_administrators_only(
    user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await launch(user_client)
    assert (await user_client.get("/api/v1/desktops", params={"all": True})).status_code == 403
    assert len((await administrator_client.get("/api/v1/desktops", params={"all": True})).json()["items"]) == 1
    assert (await administrator_client.get("/api/v1/desktops")).json()["items"] == []


async def test_stop_start_and_delete_say_what_is_wanted(app: FastAPI, user_client: AsyncClient) -> None:
    await launch(user_client)
    assert (await user_client.post("/api/v1/desktops/1/stop")).json()["wanted"] == "stopped"
    async with app.state.database.write() as db:
        (await db.get_one(Desktop, 1)).state = State.STOPPED
    started = (await user_client.post("/api/v1/desktops/1/start")).json()
    assert (started["wanted"], started["state"]) == ("running", "pending")
    assert (await user_client.delete("/api/v1/desktops/1")).status_code == 204
    assert (await user_client.get("/api/v1/desktops/1")).status_code == 404
    async with app.state.database.read() as db:
        assert (await db.get_one(Desktop, 1)).wanted is Wanted.DELETED


async def test_log(user_client: AsyncClient) -> None:
    desktop = await launch(user_client)
    assert (await user_client.get("/api/v1/desktops/1/log")).json() == {"lines": [f"the log of {desktop['uuid']}"]}


async def test_events_tell_of_ones_own_desktops_alone(app: FastAPI, user_client: AsyncClient, people: People) -> None:
    bob = await people.add("bob")
    bobs = await people.program(bob)
    listener = await people.caller(bob, Scope.DESKTOPS_READ)
    stream = stream_events(Request({"type": "http", "app": app}), listener, app.state.database)
    assert (await anext(stream)).comment == "listening"
    await launch(user_client)
    mine = await launch(bobs, name="Mine")
    changed = await anext(stream)
    assert (changed.event, changed.data.id, changed.data.name) == ("desktop", mine["id"], "Mine")
    await bobs.delete(f"/api/v1/desktops/{mine['id']}")
    gone = await anext(stream)
    assert (gone.event, gone.data.id) == ("desktop-deleted", mine["id"])


async def test_events_tell_what_one_may_do_from_now_on(
    app: FastAPI, people: People, administrator_client: AsyncClient
) -> None:
    bob = await people.add("bob")
    listener = await people.caller(bob, Scope.DESKTOPS_READ)
    stream = stream_events(Request({"type": "http", "app": app}), listener, app.state.database)
    assert (await anext(stream)).comment == "listening"
    made = await administrator_client.post("/api/v1/roles", json={"name": "Auditor", "rights": ["server:read"]})
    binding = f"/api/v1/roles/{made.json()['id']}/people/{bob.id}"
    await administrator_client.put(binding)
    told = await anext(stream)
    assert (told.event, told.data.rights[Scope.SERVER_READ]) == ("rights", "all")
    await people.look_after(await people.add("joan"), name="Others")
    await administrator_client.delete(binding)
    told = await anext(stream)
    assert (told.event, told.data.rights[Scope.SERVER_READ]) == ("rights", "own")


async def test_events_end_with_the_sign_in(app: FastAPI, people: People) -> None:
    bob = await people.add("bob")
    here, elsewhere = await people.program(bob), await people.program(bob)
    caller = Caller(bob, 1, Credential.BEARER, Rights(bob), Scope.DESKTOPS_READ)
    stream = stream_events(Request({"type": "http", "app": app}), caller, app.state.database)
    await anext(stream)
    await elsewhere.post("/api/v1/auth/sign-out")
    launched = await launch(here)
    told = await anext(stream)
    assert told.data.id == launched["id"]
    await here.post("/api/v1/auth/sign-out")
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_the_audit_tells_who_looked_into_anothers_desktop(
    user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    desktop_id = (await launch(user_client))["id"]
    for client in (user_client, administrator_client, administrator_client):
        (await client.get(f"/api/v1/desktops/{desktop_id}")).raise_for_status()
    (await administrator_client.post(f"/api/v1/desktops/{desktop_id}/stop", json={"reason": "Rest"})).raise_for_status()
    told = (await user_client.get("/api/v1/history")).json()["items"]
    assert [(one["actor"]["name"], one["action"]) for one in told] == [("grace", "changed"), ("grace", "looked")]
    assert (told[0]["after"]["wanted"], told[0]["after"]["reason"]) == ("stopped", "grace stopped it: Rest")
