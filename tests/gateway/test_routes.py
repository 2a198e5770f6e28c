"""Who may enter a desktop, and how: against a real server."""

import asyncio
import logging
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete, select
from tests.clock import FrozenClock
from tests.desktops.doubles import PromptRuntime
from tests.gateway.doubles import FakeVncServer, entering
from tests.people import People
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from deskbay.accounts.cookies import ACCESS
from deskbay.accounts.groups.models import Member
from deskbay.accounts.groups.service import REGROUPED
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.rights import Rights
from deskbay.database import emit
from deskbay.desktops import service
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.runtimes import Runtime, UnixDisplay
from deskbay.desktops.templates import get_launchable
from deskbay.gateway.models import Ticket
from deskbay.kit.events import Event


class OneScreenRuntime(PromptRuntime):
    """Has every desktop's display at the same path."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    async def display(self, desktop: object) -> UnixDisplay:  # noqa: ARG002
        return UnixDisplay(self._path)


@pytest.fixture
def runtimes(vnc_socket: Path) -> dict[str, Runtime]:
    return {"local": OneScreenRuntime(vnc_socket)}


@pytest.fixture
def address(port: int, running: int, vnc: FakeVncServer) -> str:  # noqa: ARG001 - the desktop has to be there
    return f"ws://127.0.0.1:{port}/api/v1/desktops/{running}/vnc"


async def echoed(websocket: ClientConnection) -> bool:
    """Tell whether bytes get to the desktop and back."""
    await websocket.send(b"RFB 003.008\n")
    return await websocket.recv() == b"RFB 003.008\n"


async def status(address: str, headers: dict[str, str] | None = None) -> int:
    """Return the status with which a WebSocket is refused."""
    with pytest.raises(InvalidStatus) as caught:
        await entering(address, headers)
    response = caught.value.response
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code


def bearer(client: AsyncClient) -> dict[str, str]:
    return {"Authorization": client.headers["Authorization"]}


def cookie(client: AsyncClient) -> dict[str, str]:
    return {"Cookie": f"{ACCESS}={client.cookies[ACCESS]}"}


async def ticket(client: AsyncClient, desktop_id: int) -> str:
    answer = await client.post(f"/api/v1/desktops/{desktop_id}/ticket")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"])


async def put(people: People, desktop_id: int, state: State) -> None:
    """Put a desktop into a state, as the reconciler does."""
    async with people.database.write() as db:
        desktop = await db.get_one(Desktop, desktop_id)
        desktop.state = state
        service.announce(db, desktop)


async def test_anonymous_gets_401(address: str, client: AsyncClient, running: int) -> None:
    assert await status(address) == 401
    assert (await client.post(f"/api/v1/desktops/{running}/ticket")).status_code == 401
    assert (await client.get(f"/api/v1/desktops/{running}/thumbnail")).status_code == 401


async def test_enter_by_bearer(address: str, people: People, ada: User) -> None:
    async with entering(address, bearer(await people.program(ada))) as websocket:
        assert await echoed(websocket)
        assert websocket.subprotocol == "binary"


async def test_enter_by_cookie_from_our_own_page(address: str, port: int, people: People, ada: User) -> None:
    headers = cookie(await people.page(ada)) | {"Origin": f"http://127.0.0.1:{port}"}
    async with entering(address, headers) as websocket:
        assert await echoed(websocket)


@pytest.mark.parametrize(
    "origin", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_cookie_from_elsewhere_is_refused(
    address: str, people: People, ada: User, origin: dict[str, str]
) -> None:
    assert await status(address, cookie(await people.page(ada)) | origin) == 403


async def test_a_wrong_token_is_refused(address: str) -> None:
    assert await status(address, {"Authorization": "Bearer wrong"}) == 401


async def test_anothers_desktop_is_not_found(address: str, people: People, running: int) -> None:
    bob = await people.program(await people.add("bob"))
    assert await status(address, bearer(bob)) == 404
    assert (await bob.post(f"/api/v1/desktops/{running}/ticket")).status_code == 404
    assert (await bob.get(f"/api/v1/desktops/{running}/thumbnail")).status_code == 404


async def test_an_administrator_may_enter(address: str, people: People) -> None:
    grace = await people.program(await people.add("grace", Role.ADMINISTRATOR))
    async with entering(address, bearer(grace)) as websocket:
        assert await echoed(websocket)


async def test_its_owner_sees_that_an_administrator_entered(address: str, people: People, ada: User) -> None:
    for program in (await people.program(await people.add("grace", Role.ADMINISTRATOR)), await people.program(ada)):
        async with entering(address, bearer(program)) as websocket:
            assert await echoed(websocket)
    told = (await (await people.program(ada)).get("/api/v1/history")).json()["items"]
    entered = [(one["actor"]["name"], one["object"]["kind"]) for one in told if one["action"] == "entered"]
    assert entered == [("grace", "desktops")]


async def test_a_ticket_is_good_once(address: str, people: People, ada: User, running: int) -> None:
    paper = await ticket(await people.program(ada), running)
    async with entering(f"{address}?ticket={paper}") as websocket:
        assert await echoed(websocket)
    assert await status(f"{address}?ticket={paper}") == 401


async def test_a_ticket_presented_twice_at_once_lets_one_in(
    address: str, people: People, ada: User, running: int
) -> None:
    paper = await ticket(await people.program(ada), running)
    tries = (entering(f"{address}?ticket={paper}") for _ in range(8))
    entered = await asyncio.gather(*tries, return_exceptions=True)
    inside = [websocket for websocket in entered if isinstance(websocket, ClientConnection)]
    assert len(inside) == 1
    await inside[0].close()


async def test_a_ticket_lasts_half_a_minute(
    address: str, people: People, ada: User, running: int, clock: FrozenClock
) -> None:
    paper = await ticket(await people.program(ada), running)
    clock.advance(seconds=31)
    assert await status(f"{address}?ticket={paper}") == 401


async def test_a_ticket_is_for_its_desktop_alone(address: str, app: FastAPI, people: People, ada: User) -> None:
    async with app.state.database.write() as db:
        template = await get_launchable(db, Rights(ada), "desktop")
        other = await launch(db, app.state.clock, ada, LaunchWish(template))
        other.state = State.RUNNING
    paper = await ticket(await people.program(ada), other.id)
    assert await status(f"{address}?ticket={paper}") == 401


async def test_a_ticket_from_another_sites_page_is_refused(
    address: str, people: People, ada: User, running: int
) -> None:
    paper = await ticket(await people.program(ada), running)
    assert await status(f"{address}?ticket={paper}", {"Origin": "http://evil.example"}) == 403


async def test_a_ticket_is_in_no_log(
    address: str, people: People, ada: User, running: int, caplog: pytest.LogCaptureFixture
) -> None:
    paper = await ticket(await people.program(ada), running)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="uvicorn"):
        async with entering(f"{address}?ticket={paper}") as websocket:
            assert await echoed(websocket)
        await status(f"{address}?ticket={paper}")
    assert paper not in caplog.text


async def test_a_ticket_is_not_kept_as_it_is(running: int, app: FastAPI, people: People, ada: User) -> None:
    paper = await ticket(await people.program(ada), running)
    async with app.state.database.read() as db:
        kept = (await db.scalars(select(Ticket))).all()
    assert paper not in [row.digest for row in kept]


@pytest.mark.parametrize("state", [State.STOPPING, State.STOPPED, State.FAILED])
async def test_what_does_not_run_can_not_be_entered(
    address: str, people: People, ada: User, running: int, state: State
) -> None:
    await put(people, running, state)
    program = await people.program(ada)
    assert await status(address, bearer(program)) == 409
    assert (await program.post(f"/api/v1/desktops/{running}/ticket")).status_code == 409
    assert (await program.get(f"/api/v1/desktops/{running}/thumbnail")).status_code == 409


@pytest.mark.parametrize("state", [State.PENDING, State.STARTING])
async def test_what_starts_is_entered_as_soon_as_it_runs(
    address: str, people: People, ada: User, running: int, state: State
) -> None:
    await put(people, running, state)
    program = await people.program(ada)
    assert (await program.get(f"/api/v1/desktops/{running}/thumbnail")).status_code == 409
    paper = await ticket(program, running)
    entered = asyncio.ensure_future(asyncio.wait_for(entering(f"{address}?ticket={paper}"), 60))
    await asyncio.sleep(0.2)
    assert not entered.done()
    await put(people, running, State.RUNNING)
    async with await entered as websocket:
        assert await echoed(websocket)


async def test_what_fails_to_start_is_told(address: str, people: People, ada: User, running: int) -> None:
    await put(people, running, State.STARTING)
    refused = asyncio.ensure_future(status(address, bearer(await people.program(ada))))
    await asyncio.sleep(0.2)
    await put(people, running, State.FAILED)
    assert await refused == 409


async def test_what_is_deleted_while_it_starts_is_told(address: str, people: People, ada: User, running: int) -> None:
    await put(people, running, State.STARTING)
    program = await people.program(ada)
    refused = asyncio.ensure_future(status(address, bearer(program)))
    await asyncio.sleep(0.2)
    assert (await program.delete(f"/api/v1/desktops/{running}")).status_code == 204
    assert await refused == 404


@pytest.mark.parametrize(("key", "refused"), [("99", 404), ("x", 403), ("0", 403)])
async def test_a_desktop_that_is_not_there(address: str, people: People, ada: User, key: str, refused: int) -> None:
    headers = bearer(await people.program(ada))
    with pytest.raises(InvalidStatus) as caught:
        await entering(address.replace("/1/", f"/{key}/"), headers)
    assert caught.value.response.status_code == refused


async def test_a_desktop_whose_display_is_gone_closes_the_websocket(
    address: str, people: People, ada: User, vnc: FakeVncServer
) -> None:
    vnc.behaviour = vnc.hangs_up
    async with entering(address, bearer(await people.program(ada))) as websocket:
        with pytest.raises(ConnectionClosed):
            await websocket.recv()


async def test_thumbnail(app: FastAPI, running: int, xvnc: Path, people: People, ada: User) -> None:  # noqa: ARG001
    program = await people.program(ada)
    first = await program.get(f"/api/v1/desktops/{running}/thumbnail", params={"width": 160})
    assert (first.status_code, first.headers["content-type"]) == (200, "image/webp")
    again = await program.get(
        f"/api/v1/desktops/{running}/thumbnail", params={"width": 160}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("width", ["0", "5000", "wide"])
async def test_a_thumbnail_with_bad_input(people: People, ada: User, running: int, width: str) -> None:
    program = await people.program(ada)
    answer = await program.get(f"/api/v1/desktops/{running}/thumbnail", params={"width": width})
    assert answer.status_code == 422


async def test_a_thumbnail_that_can_not_be_had(people: People, ada: User, running: int) -> None:
    program = await people.program(ada)
    assert (await program.get(f"/api/v1/desktops/{running}/thumbnail")).status_code == 503


@pytest.mark.parametrize("path", ["sign-out", "sign-out-everywhere"])
async def test_signing_out_leaves_the_desktop(address: str, people: People, ada: User, path: str) -> None:
    program = await people.program(ada)
    async with entering(address, bearer(program)) as websocket:
        assert await echoed(websocket)
        await program.post(f"/api/v1/auth/{path}")
        with pytest.raises(ConnectionClosed) as caught:
            await websocket.recv()
    assert caught.value.rcvd
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4401, "You signed out.")


async def refused_at(address: str, headers: dict[str, str] | None = None) -> int:
    """Return the code with which a WebSocket that was let in is closed."""
    with pytest.raises(ConnectionClosed) as caught:
        async with entering(address, headers) as websocket:
            await websocket.recv()
    assert caught.value.rcvd
    return caught.value.rcvd.code


async def test_who_signs_out_on_the_way_in_leaves_the_desktop_too(
    address: str, people: People, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = await people.program(ada)

    async def meanwhile(*_: object, **__: object) -> None:
        await program.post("/api/v1/auth/sign-out")

    monkeypatch.setattr("deskbay.gateway.entering.looked", meanwhile)
    assert await refused_at(address, bearer(program)) == 4401


async def test_who_is_disabled_on_the_way_in_with_a_ticket_leaves_the_desktop_too(
    address: str, people: People, ada: User, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = await ticket(await people.program(ada), running)

    async def meanwhile(*_: object, **__: object) -> None:
        async with people.database.write() as db:
            (await db.get_one(User, ada.id)).disabled_at = ada.created_at

    monkeypatch.setattr("deskbay.gateway.entering.looked", meanwhile)
    assert await refused_at(f"{address}?ticket={secret}") == 4401


async def test_signing_out_elsewhere_or_as_another_leaves_nothing(address: str, people: People, ada: User) -> None:
    async with entering(address, bearer(await people.program(ada))) as websocket:
        assert await echoed(websocket)
        await (await people.program(ada)).post("/api/v1/auth/sign-out")
        await (await people.program(await people.add("bob"))).post("/api/v1/auth/sign-out-everywhere")
        assert await echoed(websocket)


class TestReach:
    """Joan looks after Ada."""

    @pytest.fixture
    async def joan(self, people: People, ada: User) -> User:
        joan = await people.add("joan")
        await people.look_after(joan, ada)
        return joan

    async def leave(self, people: People, user: User) -> None:
        async with people.database.write() as db:
            await db.execute(delete(Member).where(Member.user_id == user.id))
            emit(db, Event(REGROUPED, 1, user.id))

    async def test_she_enters_and_the_audit_tells(self, address: str, people: People, ada: User, joan: User) -> None:
        async with entering(address, bearer(await people.program(joan))) as websocket:
            assert await echoed(websocket)
        told = (await (await people.program(ada)).get("/api/v1/history")).json()["items"]
        assert (told[0]["actor"]["name"], told[0]["action"]) == ("joan", "entered")

    async def test_who_may_only_see_does_not_enter(self, address: str, people: People, running: int) -> None:
        eve = await people.add("eve")
        await people.give(eve, "desktops:read!all")
        eves = await people.program(eve)
        assert await status(address, bearer(eves)) == 404
        assert (await eves.post(f"/api/v1/desktops/{running}/ticket")).status_code == 404

    async def test_a_ticket_opens_nothing_that_has_left_her_reach(
        self, address: str, people: People, ada: User, joan: User, running: int
    ) -> None:
        secret = await ticket(await people.program(joan), running)
        await self.leave(people, ada)
        assert await status(f"{address}?ticket={secret}") == 404

    async def test_what_leaves_her_reach_is_closed_to_her_and_not_to_its_owner(
        self, address: str, people: People, ada: User, joan: User
    ) -> None:
        hers, own = bearer(await people.program(joan)), bearer(await people.program(ada))
        async with entering(address, hers) as watching, entering(address, own) as working:
            assert [await echoed(watching), await echoed(working)] == [True, True]
            await self.leave(people, ada)
            with pytest.raises(ConnectionClosed) as caught:
                await watching.recv()
            assert await echoed(working)
        assert caught.value.rcvd
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4403, "The desktop is out of your reach.")

    async def test_the_limits_of_a_token_hold_for_as_long_as_one_stays(
        self, address: str, people: People, ada: User
    ) -> None:
        grace = await people.add("grace", Role.ADMINISTRATOR)
        await people.look_after(grace, ada)
        wish = {"name": "Help", "scopes": ["desktops:write!group"]}
        secret = (await (await people.page(grace)).post("/api/v1/tokens", json=wish)).json()["token"]
        async with entering(address, {"Authorization": f"Bearer {secret}"}) as websocket:
            assert await echoed(websocket)
            await self.leave(people, ada)
            with pytest.raises(ConnectionClosed) as caught:
                await websocket.recv()
        assert caught.value.rcvd
        assert caught.value.rcvd.code == 4403
