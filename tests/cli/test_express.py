"""Pings get the same answers by the short way as by the application's routes, and uvicorn's rules of HTTP hold."""

import asyncio
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, AsyncHTTPTransport, Response
from structlog.testing import capture_logs
from tests.people import client_of
from tests.serving import PATIENCE

from deskbay.activity.ingest import PingWriter
from deskbay.contracts.doors import Doors
from deskbay.database import Database
from deskbay.page import security_headers
from deskbay.settings import Settings

PINGS, ACTIVITY = "/api/v1/pings", "/api/session-manager/activity"
SIGN_IN = str(uuid4())
CREATED = HTTPStatus.CREATED


@pytest.fixture
async def by_socket(port: int) -> AsyncIterator[AsyncClient]:
    transport = AsyncHTTPTransport()
    async with AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        yield client


@pytest.fixture
async def token(administrator_client: AsyncClient) -> str:
    """A device's token; ada sits there."""
    made = await administrator_client.post("/api/v1/devices", json={"name": "pc-1"})
    await administrator_client.post("/api/session-manager/users", json=[{"Name": "ada"}])
    begun = {"id": SIGN_IN, "comp_name": "pc-1", "login": "ada", "next_ping_sec": 60}
    assert (await administrator_client.post("/api/session-manager/session", json=begun)).status_code == CREATED
    return str(made.json()["token"])


def shown(answer: Response) -> tuple[int, object, dict[str, str]]:
    names = ("content-type", "content-length", "www-authenticate", "retry-after")
    return answer.status_code, answer.content, {name: answer.headers[name] for name in names if name in answer.headers}


GOOD_PING = {"pings": [{"sign_in": SIGN_IN, "next_ping_seconds": 60, "at": "2026-01-05T09:00:00Z"}]}
GOOD_ACTIVITY = {"session_id": SIGN_IN, "login": "ada", "next_ping_sec": 60, "date_time": "2026-01-05T09:00:01Z"}
OBJECTS = [
    (PINGS, GOOD_PING),
    (PINGS, {"pings": [GOOD_PING["pings"][0], {**GOOD_PING["pings"][0], "sign_in": str(uuid4())}]}),
    (PINGS, {"pings": []}),
    (PINGS, {"pings": [{"sign_in": "x", "next_ping_seconds": 60}]}),
    (PINGS, {"pings": [{"sign_in": SIGN_IN, "next_ping_seconds": 0}]}),
    (PINGS, {"pings": [{"sign_in": SIGN_IN, "next_ping_seconds": 60, "event": "\ud800"}]}),
    (PINGS, {**GOOD_PING, "more": 1}),
    (PINGS, []),
    (ACTIVITY, GOOD_ACTIVITY),
    (ACTIVITY, {**GOOD_ACTIVITY, "session_id": ""}),
    (ACTIVITY, {**GOOD_ACTIVITY, "session_id": "12"}),
    (ACTIVITY, {**GOOD_ACTIVITY, "session_id": str(uuid4())}),
    (ACTIVITY, {**GOOD_ACTIVITY, "login": ""}),
    (ACTIVITY, {**GOOD_ACTIVITY, "next_ping_sec": 0}),
    (ACTIVITY, {**GOOD_ACTIVITY, "next_ping_sec": "soon"}),
    (ACTIVITY, {**GOOD_ACTIVITY, "date_time": "5.1.2026"}),
    (ACTIVITY, {**GOOD_ACTIVITY, "date_time": "2026-01-04"}),
    (ACTIVITY, {**GOOD_ACTIVITY, "session_type": "a\u0000b"}),
    (ACTIVITY, {}),
]
NO_OBJECTS = (b"", b"{", b"\xff", b"null", b"1" * 5000)
CASES = [
    *((path, json.dumps(body).encode()) for path, body in OBJECTS),
    *((path, body) for path in (PINGS, ACTIVITY) for body in NO_OBJECTS),
]


@pytest.mark.parametrize("public_url", [None, "https://desk.example.org"])
async def test_answers_have_the_headers_of_all_others(
    app: FastAPI, by_socket: AsyncClient, public_url: str | None
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"public_url": public_url})
    wanted = security_headers(public_url)
    assert ("Strict-Transport-Security" in wanted) is (public_url is not None)
    for body in (b"{}", b"{", b"[]"):
        answer = await by_socket.post(PINGS, content=body)
        assert {name: answer.headers.get(name) for name in wanted} == wanted
        assert all(len(answer.headers.get_list(name)) == 1 for name in wanted)


@pytest.mark.parametrize("with_token", [True, False])
async def test_answers_are_the_same_on_both_ways(
    app: FastAPI, by_socket: AsyncClient, token: str, with_token: bool
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if with_token else {}
    told = set()
    async with client_of(app) as in_process:
        for path, body in CASES:
            await by_socket.post(path, content=body, headers=headers)  # from now on the same ping is one again
            answers = [await client.post(path, content=body, headers=headers) for client in (by_socket, in_process)]
            assert shown(answers[0]) == shown(answers[1]), body
            told.add(answers[0].content)
    assert len(told) >= (15 if with_token else 9)


@pytest.mark.usefixtures("token")
async def test_a_body_in_pieces_is_taken_whole(by_socket: AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in json.dumps(GOOD_ACTIVITY).encode():
            yield bytes([byte])

    assert (await by_socket.post(ACTIVITY, content=pieces())).json() == {"message": "Created"}


@pytest.mark.usefixtures("token")
async def test_requests_sent_at_once_are_answered_in_order_and_the_last_closes(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(GOOD_ACTIVITY).encode()
    head = b"Host: here\r\nContent-Length: %d\r\n" % len(body)
    ping = b"POST %s HTTP/1.1\r\n" % ACTIVITY.encode() + head
    other = b"GET /api/v1/about HTTP/1.1\r\nHost: here\r\n\r\n"
    writer.write(ping + b"\r\n" + body + other + ping + b"Connection: close\r\n\r\n" + body)
    answers = await reader.read()
    writer.close()
    assert answers.count(b"HTTP/1.1 201 Created\r\n") == 2
    assert answers.index(b"201 Created") < answers.index(b"200 OK") < answers.rindex(b"201 Created")
    assert b"connection: close" in answers[answers.rindex(b"HTTP/1.1") :]


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("before", [0, 1], ids=["first", "behind another ping"])
async def test_who_waits_to_be_asked_for_the_body_is_asked(port: int, before: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(GOOD_ACTIVITY).encode()
    head = b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n" % (ACTIVITY.encode(), len(body))
    writer.write((head + b"\r\n" + body) * before + head + b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
    asked = await reader.readuntil(b"HTTP/1.1 100 Continue\r\n\r\n")
    writer.write(body)
    answers = asked + await reader.read()
    writer.close()
    assert answers.count(b"HTTP/1.1 201 Created\r\n") == before + 1


@pytest.mark.usefixtures("token")
async def test_who_sends_the_body_after_the_head_is_answered(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(GOOD_ACTIVITY).encode()
    head = b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n" % (ACTIVITY.encode(), len(body))
    for part in (head + b"Connection: close\r\n\r\n", body[:20], body[20:]):
        writer.write(part)
        await asyncio.sleep(0.02)
    assert (await reader.read()).startswith(b"HTTP/1.1 201 Created\r\n")
    writer.close()


@pytest.mark.parametrize(("path", "body"), [(PINGS, GOOD_PING), (ACTIVITY, GOOD_ACTIVITY)])
async def test_a_full_queue_puts_off_on_both_ways(
    app: FastAPI, by_socket: AsyncClient, token: str, path: str, body: object
) -> None:
    app.state.ping_writer = PingWriter(app.state.database, app.state.clock, 0)
    headers = {"Authorization": f"Bearer {token}"}
    async with client_of(app) as in_process:
        clients = (by_socket, in_process, by_socket)  # the last one finds the token remembered
        answers = [shown(await client.post(path, json=body, headers=headers)) for client in clients]
    status, _, told = answers[0]
    assert (status, told["retry-after"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
    assert answers[1:] == answers[:1] * 2


@pytest.mark.parametrize(("path", "body"), [(PINGS, GOOD_PING), (ACTIVITY, GOOD_ACTIVITY)])
async def test_a_database_that_fails_is_told_on_both_ways(
    app: FastAPI, by_socket: AsyncClient, token: str, path: str, body: object
) -> None:
    class Unwritable(Database):
        def write(self) -> None:  # type: ignore[override]
            raise OSError("no space left")

    broken = Unwritable(app.state.database.engine, app.state.database.bus)
    broken.direct = None
    app.state.ping_writer = PingWriter(broken, app.state.clock, 100)
    headers = {"Authorization": f"Bearer {token}"}
    async with client_of(app) as in_process:
        clients = (by_socket, in_process, by_socket)
        answers = [shown(await client.post(path, json=body, headers=headers)) for client in clients]
    assert answers[0][0] == HTTPStatus.SERVICE_UNAVAILABLE
    assert answers[1:] == answers[:1] * 2


async def test_who_hangs_up_amid_the_body_is_forgotten(port: int, by_socket: AsyncClient) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n{" % ACTIVITY.encode())
    await writer.drain()
    with capture_logs() as logs:
        writer.close()
        await writer.wait_closed()
        assert (await by_socket.get("/api/v1/about")).status_code == HTTPStatus.OK
    assert [line["event"] for line in logs] == ["request"]


async def test_a_refused_ping_is_logged_and_a_stored_one_is_not(by_socket: AsyncClient, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with capture_logs() as logs:
        assert (await by_socket.post(PINGS, json=GOOD_PING, headers=headers)).status_code == CREATED
        await by_socket.post(PINGS, json=GOOD_PING)
    (line,) = logs
    assert (line["method"], line["path"], line["status"]) == ("POST", PINGS, 401)
    assert token not in str(logs)


@pytest.mark.parametrize("path", [PINGS, ACTIVITY])
async def test_a_fault_of_the_server_is_told_and_logged(
    app: FastAPI, by_socket: AsyncClient, token: str, path: str
) -> None:
    del app.state.ping_writer
    body = GOOD_PING if path == PINGS else GOOD_ACTIVITY
    with capture_logs() as logs:
        answer = await by_socket.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (500, "internal-error")
    assert [line["event"] for line in logs] == ["a request failed", "request"]


@pytest.mark.parametrize(
    ("proxies", "passed_on", "status"),
    [("", "10.20.1.1", 401), ("127.0.0.0/8", "10.20.1.1", 200), ("127.0.0.0/8", "192.0.2.1", 401)],
)
@pytest.mark.usefixtures("token")
async def test_a_proxy_on_this_machine_counts_when_it_is_declared(
    app: FastAPI, by_socket: AsyncClient, proxies: str, passed_on: str, status: int
) -> None:
    networks = {"trusted_proxies": proxies, "session_manager_trusted_networks": "10.20.0.0/16"}
    app.state.doors = Doors(Settings.model_validate({"data": app.state.settings.data, **networks}))
    headers = {"X-Forwarded-For": passed_on}
    pinged = await by_socket.post(ACTIVITY, json=GOOD_ACTIVITY, headers=headers)
    assert pinged.status_code == (CREATED if status == HTTPStatus.OK else status)
    assert (await by_socket.get("/api/session-manager/dashboard", headers=headers)).status_code == status
