"""Who enters a desktop by way of guacd, what is said there, and how it ends: against a real server."""

import asyncio
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select
from tests.gateway import doubles
from tests.gateway.guacd.conftest import FarRuntime
from tests.gateway.guacd.doubles import ID, FakeGuacd
from tests.people import People
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from deskbay.accounts.cookies import ACCESS
from deskbay.accounts.models import Role, User
from deskbay.desktops.models import Template
from deskbay.desktops.runtimes import DisplayProtocol, TcpDisplay, UnixDisplay
from deskbay.gateway.guacd.instructions import LONGEST, instruction

entering = partial(doubles.entering, subprotocol="guacamole")


@pytest.fixture
def address(port: int, running: int) -> str:
    return f"ws://127.0.0.1:{port}/api/v1/desktops/{running}/guacamole?width=800&height=600&timezone=Europe/Berlin"


@pytest.fixture
async def bearer(people: People, ada: User) -> dict[str, str]:
    return {"Authorization": (await people.program(ada)).headers["Authorization"]}


async def status(address: str, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(InvalidStatus) as caught:
        await entering(address, headers)
    return caught.value.response.status_code


async def begun(websocket: ClientConnection) -> None:
    """Read what every connection begins with: its id, and the size that was asked for."""
    assert await websocket.recv() == f"0.,37.{ID};"
    assert await websocket.recv() == "4.size,1.0,3.800,3.600;"


async def end_of(websocket: ClientConnection) -> tuple[int, str]:
    """Read until the server closes; return its code and reason."""
    with suppress(ConnectionClosedError):  # with a code that is no ordinary end
        async for _ in websocket:
            pass
    assert websocket.close_code is not None
    return websocket.close_code, websocket.close_reason or ""


async def test_anonymous_gets_401(address: str) -> None:
    assert await status(address) == 401


async def test_anothers_desktop_is_not_there_but_for_administrators(
    address: str, people: People, guacd: FakeGuacd
) -> None:
    bob = await people.program(await people.add("bob"))
    assert await status(address, {"Authorization": bob.headers["Authorization"]}) == 404
    grace = await people.program(await people.add("grace", Role.ADMINISTRATOR))
    async with entering(address, {"Authorization": grace.headers["Authorization"]}) as websocket:
        await websocket.recv()
    assert await guacd.told("select") == ["rdp"]


async def test_a_cookie_is_taken_from_our_own_page_alone(address: str, port: int, people: People, ada: User) -> None:
    page = await people.page(ada)
    cookie = {"Cookie": f"{ACCESS}={page.cookies[ACCESS]}"}
    assert await status(address, cookie | {"Origin": "http://evil.example"}) == 403
    async with entering(address, cookie | {"Origin": f"http://127.0.0.1:{port}"}) as websocket:
        await websocket.recv()


async def test_a_ticket_opens_once(address: str, running: int, people: People, ada: User) -> None:
    answer = await (await people.program(ada)).post(f"/api/v1/desktops/{running}/ticket")
    with_ticket = f"{address}&ticket={answer.json()['ticket']}"
    async with entering(with_ticket) as websocket:
        await websocket.recv()
    assert await status(with_ticket) == 401


@pytest.mark.parametrize("wish", ["width=10", "height=x", "dpi=1", "timezone=a;b"])
async def test_a_window_that_can_not_be(address: str, bearer: dict[str, str], wish: str) -> None:
    assert await status(f"{address.partition('?')[0]}?{wish}", bearer) == 403


async def test_the_handshake_tells_guacd_all_and_the_browser_id_and_size_alone(
    address: str, bearer: dict[str, str], guacd: FakeGuacd
) -> None:
    async with entering(address, bearer) as websocket:
        assert websocket.subprotocol == "guacamole"
        await begun(websocket)
        assert await guacd.told("select") == ["rdp"]
        assert await guacd.told("size") == ["800", "600", "96"]
        assert await guacd.told("timezone") == ["Europe/Berlin"]
        assert await guacd.told("connect") == [
            "VERSION_1_5_0", "desk.example", "3389", "ada", "kept between us", "true", ""
        ]  # fmt: skip


async def test_an_old_guacd_is_told_no_time_zone(address: str, bearer: dict[str, str], guacd: FakeGuacd) -> None:
    guacd.arguments = ("hostname", "password")
    async with entering(address, bearer) as websocket:
        await websocket.recv()
        heard = [await guacd.heard.get() for _ in range(6)]
    assert [words[0] for words in heard] == ["select", "size", "audio", "video", "image", "connect"]
    assert heard[-1] == ["connect", "desk.example", "kept between us"]


async def test_what_the_template_says_enters_where_the_runtime_knows_nobody(
    app: FastAPI, address: str, bearer: dict[str, str], guacd: FakeGuacd, far_runtime: FarRuntime
) -> None:
    far_runtime.place = TcpDisplay("desk.example", 22, DisplayProtocol.SSH)
    async with app.state.database.write() as db:
        template = (await db.scalars(select(Template).where(Template.slug == "desktop"))).one()
        template.username, template.sealed_password = "root", app.state.vault.seal("toor")
    async with entering(address, bearer) as websocket:
        await websocket.recv()
    assert await guacd.told("select") == ["ssh"]
    assert (await guacd.told("connect"))[1:5] == ["desk.example", "22", "root", "toor"]


async def test_each_message_is_whole_instructions_however_they_come(
    address: str, bearer: dict[str, str], guacd: FakeGuacd
) -> None:
    name, sync = instruction("name", "Größe €; 1.2"), instruction("sync", "42")
    stream = name + sync + name
    guacd.greeting += stream[:9]  # in one piece with the last word of the handshake
    guacd.behaviour = guacd.says(*(stream[at : at + 1] for at in range(9, len(stream))))
    received = ""
    async with entering(address, bearer) as websocket:
        await begun(websocket)
        while len(received.encode()) < len(stream):
            message = await websocket.recv()
            assert isinstance(message, str)
            assert message.encode() in {name, sync, name + sync, sync + name, stream}
            received += message
    assert received.encode() == stream


async def test_lengths_are_what_each_side_counts(address: str, bearer: dict[str, str], guacd: FakeGuacd) -> None:
    """To a browser, an emoji has the length 2; to guacd it is one character."""
    guacd.behaviour = guacd.says(instruction("name", "a 😀") + instruction("sync", "42"))
    async with entering(address, bearer) as websocket:
        await begun(websocket)
        assert await websocket.recv() == "4.name,4.a 😀;4.sync,2.42;"
        await guacd.told("connect")
        await websocket.send("4.argv,1.1,4.😀 b;3.k")
        await websocket.send("ey,2.97,1.1;")
        assert await guacd.heard.get() == ["argv", "1", "😀 b"]
        assert await guacd.heard.get() == ["key", "97", "1"]


async def test_large_streams_arrive_as_they_were_sent(address: str, bearer: dict[str, str], guacd: FakeGuacd) -> None:
    blob = instruction("blob", "1", "ä" * 6000) + instruction("sync", "1")
    stream = blob * 300
    guacd.behaviour = guacd.says(stream)
    async with entering(address, bearer) as websocket:
        await begun(websocket)
        received = ""
        while len(received) < len(stream.decode()):
            received += str(await websocket.recv())
    assert received.encode() == stream


async def test_what_is_typed_goes_on_and_pings_come_back(
    address: str, bearer: dict[str, str], guacd: FakeGuacd
) -> None:
    async with entering(address, bearer) as websocket:
        await begun(websocket)
        await guacd.told("connect")
        await websocket.send("3.key,2.97,1.1;0.,4.ping,2.77;3.k")
        assert await websocket.recv() == "0.,4.ping,2.77;"
        await websocket.send(["ey,3.2", "28,1.0;"])
        assert await guacd.heard.get() == ["key", "97", "1"]
        assert await guacd.heard.get() == ["key", "228", "0"]


@pytest.mark.parametrize("wrong", ["no protocol", "1.ab;", "4.blob,99999." + "a" * LONGEST])
async def test_a_client_that_does_not_speak_the_protocol_is_shown_out(
    address: str, bearer: dict[str, str], wrong: str
) -> None:
    async with entering(address, bearer) as websocket:
        await websocket.recv()
        await websocket.send(wrong)
        assert (await end_of(websocket))[1] == "768"


async def test_a_guacd_that_says_what_is_no_protocol_ends_it(
    address: str, bearer: dict[str, str], guacd: FakeGuacd
) -> None:
    guacd.behaviour = guacd.says(b"RFB 003.008\n")
    async with entering(address, bearer) as websocket:
        assert (await end_of(websocket))[1] == "518"


async def test_a_guacd_that_hangs_up_ends_it(address: str, bearer: dict[str, str], guacd: FakeGuacd) -> None:
    guacd.behaviour = guacd.hangs_up
    async with entering(address, bearer) as websocket:
        assert (await end_of(websocket))[1] in {"518", "519"}


@pytest.mark.parametrize("greeting", [instruction("error", "Not now.", "515"), b"nonsense, and plenty of it", b""])
async def test_a_handshake_that_comes_to_nothing_is_told(
    address: str, bearer: dict[str, str], guacd: FakeGuacd, greeting: bytes
) -> None:
    guacd.greeting = greeting
    async with entering(address, bearer) as websocket:
        assert await end_of(websocket) == (4409, "519")


async def test_without_a_guacd_there_it_is_told(address: str, bearer: dict[str, str], guacd: FakeGuacd) -> None:
    guacd._server.close()
    await guacd._server.wait_closed()
    async with entering(address, bearer) as websocket:
        assert await end_of(websocket) == (4409, "519")


async def test_signing_out_leaves_the_desktop(address: str, people: People, ada: User, guacd: FakeGuacd) -> None:
    program = await people.program(ada)
    async with entering(address, {"Authorization": program.headers["Authorization"]}) as websocket:
        await websocket.recv()
        await program.post("/api/v1/auth/sign-out")
        assert await end_of(websocket) == (4401, "769")
    async with asyncio.timeout(60):
        await guacd.left.wait()


async def test_a_desktop_is_opened_at_the_socket_of_its_protocol(
    address: str, bearer: dict[str, str], far_runtime: FarRuntime, client: AsyncClient, running: int
) -> None:
    assert await status(address.replace("/guacamole", "/vnc"), bearer) == 409
    thumbnail = await client.get(f"/api/v1/desktops/{running}/thumbnail", headers=bearer)
    assert thumbnail.status_code == 503
    for display in (UnixDisplay(Path("/nonexistent")), TcpDisplay("desk.example", 5900)):
        far_runtime.place = display
        assert await status(address, bearer) == 409


async def test_a_server_whose_guacd_was_taken_away_says_so(app: FastAPI, address: str, bearer: dict[str, str]) -> None:
    app.state.settings = app.state.settings.model_copy(update={"guacd": None})
    assert await status(address, bearer) == 503
