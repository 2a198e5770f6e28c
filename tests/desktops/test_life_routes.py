"""Names, owners, messages and histories of desktops over HTTP. The reconciler does not run here."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select
from starlette.requests import Request
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.accounts.access import Caller, Credential
from deskbay.accounts.models import Role
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.desktops.life_routes import stream_desktops
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.desktops.runtimes import Runtime
from deskbay.devices.models import Device
from deskbay.settings import Settings

OF_OWNERS = [
    ("PATCH", "/api/v1/desktops/1", {"name": "Thesis"}),
    ("DELETE", "/api/v1/desktops/1/message", None),
    ("GET", "/api/v1/desktops/1/history", None),
]
OF_ADMINISTRATORS = [
    ("POST", "/api/v1/desktops/1/transfer", {"user_id": 1}),
    ("POST", "/api/v1/desktops/1/message", {"text": "Save your work."}),
]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture(autouse=True)
async def adas_desktop(app: FastAPI, user_client: AsyncClient) -> None:
    await first_start(app.state.database)
    (await user_client.post("/api/v1/desktops", json={"template": "desktop"})).raise_for_status()


async def put(app: FastAPI, **columns: object) -> None:
    """Have Ada's desktop be as the reconciler would make it."""
    async with app.state.database.write() as db:
        desktop = await db.get_one(Desktop, 1)
        for name, value in columns.items():
            setattr(desktop, name, value)


async def history(client: AsyncClient) -> list[tuple[object, ...]]:
    items = (await client.get("/api/v1/desktops/1/history")).json()["items"]
    return [(item["state"], item["reason"], item["actor"] and item["actor"]["username"]) for item in items]


@pytest.mark.parametrize(
    ("method", "path", "body"), [*OF_OWNERS, *OF_ADMINISTRATORS, ("GET", "/api/v1/desktops/events", None)]
)
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str, body: object) -> None:
    assert (await client.request(method, path, json=body)).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), OF_OWNERS)
async def test_anothers_desktop_is_not_found(people: People, method: str, path: str, body: object) -> None:
    other = await people.program(await people.add("bob"))
    assert (await other.request(method, path, json=body)).status_code == 404


@pytest.mark.parametrize(("method", "path", "body"), [*OF_ADMINISTRATORS, ("GET", "/api/v1/desktops/events", None)])
async def test_owners_may_not_do_what_administrators_do(
    user_client: AsyncClient, method: str, path: str, body: object
) -> None:
    assert (await user_client.request(method, path, json=body)).status_code == 403
    shown = (await user_client.get("/api/v1/desktops/1")).json()
    assert (shown["owner"]["username"], shown["message"]) == ("ada", None)


@pytest.mark.parametrize(("method", "path", "body"), [*OF_OWNERS, *OF_ADMINISTRATORS])
async def test_a_desktop_that_is_not_there(
    administrator_client: AsyncClient, method: str, path: str, body: object
) -> None:
    for key, status in (("99", 404), ("x", 422)):
        answer = await administrator_client.request(method, path.replace("/1", f"/{key}"), json=body)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PATCH", "/api/v1/desktops/1", {"name": " "}, "body.name"),
        ("PATCH", "/api/v1/desktops/1", {"name": "x" * 65}, "body.name"),
        ("PATCH", "/api/v1/desktops/1", {"name": "a\x1b[1m"}, "body.name"),
        ("PATCH", "/api/v1/desktops/1", {}, "body.name"),
        ("POST", "/api/v1/desktops/1/transfer", {"user_id": "bob"}, "body.user_id"),
        ("POST", "/api/v1/desktops/1/transfer", {}, "body.user_id"),
        ("POST", "/api/v1/desktops/1/message", {"text": ""}, "body.text"),
        ("POST", "/api/v1/desktops/1/message", {"text": "x" * 501}, "body.text"),
        ("POST", "/api/v1/desktops/1/message", {"text": "Hi", "loud": True}, "body.loud"),
        ("POST", "/api/v1/desktops/1/stop", {"reason": "x" * 501}, "body.reason"),
        ("POST", "/api/v1/desktops/1/stop", {"why": "so"}, "body.why"),
    ],
)
async def test_bad_input_names_the_field(
    administrator_client: AsyncClient, method: str, path: str, body: object, field: str
) -> None:
    before = (await administrator_client.get("/api/v1/desktops/1")).json()
    answer = await administrator_client.request(method, path, json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await administrator_client.get("/api/v1/desktops/1")).json() == before


async def test_a_desktop_gets_another_name(user_client: AsyncClient) -> None:
    answer = await user_client.patch("/api/v1/desktops/1", json={"name": " Thesis "})
    assert answer.json()["name"] == "Thesis"
    assert (await user_client.get("/api/v1/desktops/1")).json() == answer.json()


async def test_a_message_stays_until_its_owner_takes_it_away(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    told = await administrator_client.post("/api/v1/desktops/1/message", json={"text": "Save your work."})
    assert told.json()["message"] == "Save your work."
    shown = (await user_client.get("/api/v1/desktops/1")).json()
    assert (shown["message"], shown["message_at"]) == ("Save your work.", told.json()["message_at"])
    dismissed = (await user_client.delete("/api/v1/desktops/1/message")).json()
    assert (dismissed["message"], dismissed["message_at"]) == (None, None)


async def test_who_stopped_it_and_why_is_told(administrator_client: AsyncClient, user_client: AsyncClient) -> None:
    stopped = await administrator_client.post("/api/v1/desktops/1/stop", json={"reason": "The lab closes."})
    assert stopped.json()["reason"] == "grace stopped it: The lab closes."
    await user_client.post("/api/v1/desktops/1/start")
    assert (await user_client.post("/api/v1/desktops/1/stop")).json()["reason"] == "ada stopped it."


async def test_the_history_begins_with_the_launch(user_client: AsyncClient) -> None:
    assert await history(user_client) == [("pending", None, "ada")]


async def test_a_history_comes_by_pages(
    app: FastAPI, user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await put(app, wanted=Wanted.STOPPED, state=State.FAILED)
    await administrator_client.post("/api/v1/desktops/1/start")
    assert await history(user_client) == [("pending", None, "grace"), ("pending", None, "ada")]
    first = (await user_client.get("/api/v1/desktops/1/history", params={"limit": 1})).json()
    rest = await user_client.get("/api/v1/desktops/1/history", params={"limit": 1, "cursor": first["next_cursor"]})
    assert ([item["actor"]["username"] for item in rest.json()["items"]], rest.json()["next_cursor"]) == (["ada"], None)


async def test_a_stopped_desktop_is_handed_over(
    app: FastAPI, administrator_client: AsyncClient, user_client: AsyncClient, people: People
) -> None:
    bob = await people.add("bob")
    bobs = await people.program(bob)
    await administrator_client.post("/api/v1/desktops/1/message", json={"text": "For Ada alone."})
    await put(app, wanted=Wanted.STOPPED, state=State.STOPPED)
    answer = await administrator_client.post("/api/v1/desktops/1/transfer", json={"user_id": bob.id})
    assert answer.status_code == 200
    assert (await user_client.get("/api/v1/desktops/1")).status_code == 404
    shown = (await bobs.get("/api/v1/desktops/1")).json()
    assert (shown["owner"]["username"], shown["message"]) == ("bob", None)
    assert (await history(bobs))[0] == ("stopped", "grace handed it over from ada to bob.", "grace")
    async with app.state.database.read() as db:
        devices = (await db.scalars(select(Device).order_by(Device.id))).all()
        assert [(device.owner_id, device.revoked_at is None) for device in devices] == [(1, False), (bob.id, True)]
        assert (await db.get_one(Desktop, 1)).device_id == devices[1].id


async def test_a_running_desktop_is_not_handed_over(administrator_client: AsyncClient, people: People) -> None:
    bob = await people.add("bob")
    answer = await administrator_client.post("/api/v1/desktops/1/transfer", json={"user_id": bob.id})
    assert (answer.status_code, answer.json()["type"]) == (409, "not-stopped")
    assert "Stop it first" in answer.json()["detail"]
    assert (await administrator_client.get("/api/v1/desktops/1")).json()["owner"]["username"] == "ada"


@pytest.mark.parametrize(("user_id", "status", "kind"), [(1, 409, "same-owner"), (99, 404, "no-user")])
async def test_a_desktop_is_handed_over_to_another_who_is_there(
    app: FastAPI, administrator_client: AsyncClient, user_id: int, status: int, kind: str
) -> None:
    await put(app, wanted=Wanted.STOPPED, state=State.STOPPED)
    answer = await administrator_client.post("/api/v1/desktops/1/transfer", json={"user_id": user_id})
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


async def test_nobody_is_handed_more_than_they_may_have(
    app: FastAPI, administrator_client: AsyncClient, people: People
) -> None:
    app.state.settings = Settings(data=app.state.settings.data, desktops_per_user=1)
    bob = await people.add("bob")
    await (await people.program(bob)).post("/api/v1/desktops", json={"template": "desktop"})
    await put(app, wanted=Wanted.STOPPED, state=State.STOPPED)
    answer = await administrator_client.post("/api/v1/desktops/1/transfer", json={"user_id": bob.id})
    assert (answer.status_code, answer.json()["type"]) == (409, "limit-reached")
    assert answer.json()["detail"].startswith("bob may have 1 desktop")


async def test_administrators_hear_of_everyones_desktops(
    app: FastAPI, user_client: AsyncClient, people: People
) -> None:
    grace = await people.add("grace", Role.ADMINISTRATOR)
    client = await people.program(grace)
    watcher = Caller(grace, 2, Credential.BEARER, Rights(grace), Scope.DESKTOPS_READ)
    stream = stream_desktops(Request({"type": "http", "app": app}), watcher, app.state.database)
    async with asyncio.timeout(30):
        assert (await anext(stream)).comment == "listening"
        await user_client.patch("/api/v1/desktops/1", json={"name": "Thesis"})
        changed = await anext(stream)
        assert (changed.event, changed.data.name, changed.data.owner.username) == ("desktop", "Thesis", "ada")
        await user_client.delete("/api/v1/desktops/1")
        gone = await anext(stream)
        assert (gone.event, gone.data.id) == ("desktop-deleted", 1)
        await client.post("/api/v1/auth/sign-out")
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
