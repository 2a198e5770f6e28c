"""Recordings over HTTP, and what is recorded of a connection to a real VNC server."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.gateway.doubles import entering
from tests.gateway.recordings.test_recorder import blocks
from tests.gateway.test_clipboard import Client
from tests.gateway.test_routes import OneScreenRuntime, bearer
from tests.people import People
from websockets.exceptions import ConnectionClosed

from deskbay.accounts.models import Role, User
from deskbay.desktops.models import Clipboard, Template
from deskbay.desktops.runtimes import Runtime
from deskbay.gateway.entering import Visitor
from deskbay.gateway.recordings.formats import MAGIC, WELCOME
from deskbay.gateway.recordings.service import Recordings

EVERYTHING = ("/api/v1/recordings", "/api/v1/recordings/1", "/api/v1/recordings/1/content")


@pytest.fixture
def runtimes(vnc_socket: Path) -> dict[str, Runtime]:
    return {"local": OneScreenRuntime(vnc_socket)}


@pytest.mark.usefixtures("recorded")
class TestRights:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        for path in (*EVERYTHING, "/api/v1/recordings/own"):
            assert (await client.get(path)).status_code == 401
        assert (await client.delete("/api/v1/recordings/1")).status_code == 401

    async def test_not_even_the_owner_sees_or_deletes_them(self, people: People, ada: User) -> None:
        program = await people.program(ada)
        for path in EVERYTHING:
            assert (await program.get(path)).status_code == 403
        assert (await program.delete("/api/v1/recordings/1")).status_code == 403

    async def test_who_has_the_right_for_groups_reaches_their_people_alone(self, people: People, ada: User) -> None:
        joan, eve = await people.add("joan"), await people.add("eve")
        await people.look_after(joan, ada)
        for person in (joan, eve):
            await people.give(person, "recordings:write!group")
        joans, eves = await people.program(joan), await people.program(eve)
        assert (await eves.get(EVERYTHING[0])).json()["items"] == []
        assert [(await eves.get(path)).status_code for path in EVERYTHING[1:]] == [404, 404]
        assert (await eves.delete(EVERYTHING[1])).status_code == 404
        assert [item["id"] for item in (await joans.get(EVERYTHING[0])).json()["items"]] == [1]
        assert (await joans.get(EVERYTHING[2])).content
        assert (await joans.delete(EVERYTHING[1])).status_code == 204

    async def test_who_may_see_all_deletes_none(self, people: People) -> None:
        eve = await people.add("eve")
        await people.give(eve, "recordings:read!all")
        eves = await people.program(eve)
        assert [(await eves.get(path)).status_code for path in EVERYTHING] == [200, 200, 200]
        refused = await eves.delete(EVERYTHING[1])
        assert (refused.status_code, refused.json()["type"]) == (403, "right-missing")

    async def test_others_own_none(self, people: People) -> None:
        bob = await people.program(await people.add("bob"))
        assert (await bob.get("/api/v1/recordings/own")).json()["items"] == []

    @pytest.mark.parametrize("path", ["/api/v1/recordings/99", "/api/v1/recordings/99/content"])
    async def test_one_that_is_not_there(self, administrator: AsyncClient, path: str) -> None:
        answer = await administrator.get(path)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (404, "unknown-recording")
        assert (await administrator.delete("/api/v1/recordings/99")).status_code == 404

    @pytest.mark.parametrize("query", ["desktop_id=x", "desktop_id=0", "cursor=0", "limit=9999"])
    async def test_bad_input(self, administrator: AsyncClient, query: str) -> None:
        assert (await administrator.get(f"/api/v1/recordings?{query}")).status_code == 422


async def test_the_list(administrator: AsyncClient, recorded: int, running: int) -> None:
    answer = (await administrator.get("/api/v1/recordings")).json()
    (item,) = answer["items"]
    assert answer["kept_days"] == 30
    assert item["desktop"] == {"id": running, "name": "Desktop"}
    assert (item["owner"]["username"], item["viewer"]["username"]) == ("ada", "ada")
    assert (item["protocol"], item["end"], item["looks"]) == ("vnc", "left", [])
    assert item["bytes"] > 0
    assert (await administrator.get(f"/api/v1/recordings?desktop_id={running + 1}")).json()["items"] == []
    assert (await administrator.get(f"/api/v1/recordings/{recorded}")).json() == item


async def test_pages_of_the_list(administrator: AsyncClient, recordings: Recordings, visitor: Visitor) -> None:
    for _ in range(3):
        async with recordings.of(visitor) as witness:
            assert witness is not None
            witness(memoryview(b"shown"))
    first = (await administrator.get("/api/v1/recordings?limit=2")).json()
    second = (await administrator.get(f"/api/v1/recordings?limit=2&cursor={first['next_cursor']}")).json()
    assert [[item["id"] for item in page["items"]] for page in (first, second)] == [[3, 2], [1]]
    assert second["next_cursor"] is None


async def test_its_owner_is_told_who_was_given_it(
    administrator: AsyncClient, people: People, ada: User, recorded: int, clock: FrozenClock
) -> None:
    answer = await administrator.get(f"/api/v1/recordings/{recorded}/content")
    assert answer.content.startswith(MAGIC)
    assert blocks(answer.content)[-1][1] == b"what was shown"
    assert answer.headers["cache-control"] == "no-store"
    assert f'filename="deskbay-recording-{recorded}.fbs"' in answer.headers["content-disposition"]
    (item,) = (await (await people.program(ada)).get("/api/v1/recordings/own")).json()["items"]
    (look,) = item["looks"]
    assert look["user"]["username"] == "grace"
    assert look["at"] == clock.now().isoformat().replace("+00:00", "Z")


async def test_one_whose_file_is_elsewhere(app: FastAPI, administrator: AsyncClient, recorded: int) -> None:
    (file,) = (app.state.settings.data / "recordings").iterdir()
    file.unlink()
    answer = await administrator.get(f"/api/v1/recordings/{recorded}/content")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "This recording has no file on this server: nothing was shown yet, or another server has it.",
    )
    assert (await administrator.get(f"/api/v1/recordings/{recorded}")).json()["looks"] == []


async def test_deleting(administrator: AsyncClient, app: FastAPI, recorded: int) -> None:
    assert (await administrator.delete(f"/api/v1/recordings/{recorded}")).status_code == 204
    assert (await administrator.get("/api/v1/recordings")).json()["items"] == []
    assert list((app.state.settings.data / "recordings").iterdir()) == []


async def test_one_that_goes_on_is_not_deleted(
    administrator: AsyncClient, recordings: Recordings, visitor: Visitor
) -> None:
    async with recordings.of(visitor) as witness:
        assert witness is not None
        witness(memoryview(b"shown"))
        assert (await administrator.delete("/api/v1/recordings/1")).status_code == 409
    assert (await administrator.delete("/api/v1/recordings/1")).status_code == 204


@pytest.fixture
def address(port: int, running: int, xvnc: Path) -> str:  # noqa: ARG001 - the server has to be there
    return f"ws://127.0.0.1:{port}/api/v1/desktops/{running}/vnc"


async def change(app: FastAPI, **columns: object) -> None:
    async with app.state.database.write() as db:
        template = await db.get_one(Template, 1)
        for name, value in columns.items():
            setattr(template, name, value)


async def ended(administrator: AsyncClient) -> Sequence[dict[str, object]]:
    """The recordings, once none goes on."""
    while True:
        items: list[dict[str, object]] = (await administrator.get("/api/v1/recordings")).json()["items"]
        if all(item["ended_at"] for item in items):
            return items
        await asyncio.sleep(0.02)


async def test_what_a_viewer_was_shown_is_what_is_recorded(
    app: FastAPI, administrator: AsyncClient, people: People, ada: User, address: str
) -> None:
    await change(app, is_recorded=True, clipboard=Clipboard.NONE)
    async with entering(address, bearer(await people.program(ada))) as websocket:
        client = Client(websocket)
        await client.enter(0)
        await client.take_picture()
    (item,) = await ended(administrator)
    assert item["end"] == "left"
    shown = blocks((await administrator.get(f"/api/v1/recordings/{item['id']}/content")).content)
    assert shown[0] == (0, WELCOME)
    assert b"".join(piece for _, piece in shown[1:]) == b"".join(client.received)


async def test_an_administrator_who_enters_is_recorded_too(
    app: FastAPI, administrator: AsyncClient, address: str
) -> None:
    await change(app, is_recorded=True)
    async with entering(address, bearer(administrator)) as websocket:
        await Client(websocket).enter(0)
    (item,) = await ended(administrator)
    assert [item[role]["username"] for role in ("viewer", "owner")] == ["grace", "ada"]  # type: ignore[index]


async def test_the_policy_of_the_clipboard_holds_for_who_speaks_without_sense(
    app: FastAPI, people: People, ada: User, address: str
) -> None:
    await change(app, clipboard=Clipboard.OUT)
    async with entering(address, bearer(await people.program(ada))) as websocket:
        client = Client(websocket)
        await client.enter(0)
        await websocket.send(b"\x63")
        with pytest.raises(ConnectionClosed) as caught:
            await client.take_picture()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.reason == "The message 99 is not known here."


async def test_people_are_told_before(app: FastAPI, people: People, ada: User, running: int) -> None:
    await change(app, is_recorded=True, clipboard=Clipboard.IN)
    program = await people.program(ada)
    desktop = (await program.get(f"/api/v1/desktops/{running}")).json()
    (template, *_) = (await program.get("/api/v1/templates")).json()["items"]
    for told in (desktop, template):
        assert (told["is_recorded"], told["clipboard"]) == (True, "in")


async def test_a_template_keeps_what_is_wished_of_it(people: People) -> None:
    grace = await people.program(await people.add("root", Role.ADMINISTRATOR))
    wish = {"name": "Exam", "category": "Exams", "clipboard": "out", "is_recorded": True}
    sizes = {
        "memory_mb": 512,
        "least_memory_mb": 512,
        "most_memory_mb": 512,
        "cpus": 1,
        "least_cpus": 1,
        "most_cpus": 1,
    }
    made = (await grace.post("/api/v1/templates", json=wish | sizes)).json()
    assert (made["clipboard"], made["is_recorded"]) == ("out", True)
    copy = (await grace.post(f"/api/v1/templates/{made['id']}/clone")).json()
    assert (copy["clipboard"], copy["is_recorded"]) == ("out", True)
    assert (await grace.post("/api/v1/templates", json=wish | sizes | {"clipboard": "all"})).status_code == 422
