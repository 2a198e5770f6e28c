"""What comes through a guard's socket, byte by byte, and what does not."""

import asyncio
import json
import logging
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.guard.engines import DESKTOP, NETWORK, RememberingEngine, a_container, body_of

from deskbay.desktops.runtimes.docker.guard.door import guarding, listening_at
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.kit.refusals import Refusal

PATIENCE = 30.0


@pytest.fixture
async def door(double: RememberingEngine, data: Path) -> AsyncIterator[Path]:
    """The socket of a guard before the double."""
    with listening_at(data.parent / "guard.sock") as listener:
        async with guarding(listener, double.socket, ServersFolder.at(data)):
            yield data.parent / "guard.sock"


async def told(door: Path, sent: bytes) -> tuple[int, bytes, bytes]:
    """Return status, head and body of all that is answered until the guard hangs up."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_unix_connection(door)
        writer.write(sent)
        answer = await reader.read()
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, head, body


def request(method: str, target: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: docker", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def test_an_answer_comes_as_the_engine_gives_it(door: Path, double: RememberingEngine) -> None:
    status, head, body = await told(door, request("GET", "/v1.47/info"))
    assert (status, b'{"path": "/v1.47/info"}' in body) == (200, True)
    assert b"Api-Version: 1.47" in head
    assert b"secret" not in head
    assert double.asked == [("GET", "/v1.47/info")]


async def test_nothing_of_the_clients_head_reaches_the_engine(door: Path, double: RememberingEngine) -> None:
    headers = ("X-Registry-Auth: e30=", "X-Strange: 1", "Connection: keep-alive")
    await told(door, request("POST", f"/v1.47/containers/{DESKTOP}/start", b'{"Privileged": true}', *headers))
    assert double.asked[-1] == ("POST", "/v1.47/containers/c0/start")
    assert set(double.bodies) == {b""}
    assert all(head.isdisjoint({"X-Registry-Auth", "X-Strange"}) for head in double.heads)


async def test_a_refusal_has_the_engines_shape_and_one_line_in_the_log(
    door: Path, double: RememberingEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = body_of({"Image": "x", "HostConfig": {"Privileged": True}})
    status, head, body = await told(door, request("POST", f"/v1.47/containers/create?name={DESKTOP}", wish))
    assert status == 403
    assert b"Content-Type: application/json\r\n" in head
    (message,) = json.loads(body).values()
    assert message.startswith("Deskbay's guard: ")
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "refused" in line]
    assert "/containers/create" in line
    assert DESKTOP not in line
    assert double.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "/containers/%74heirs/json",
        f"/containers/{DESKTOP}/../theirs/json",
        f"/containers/./{DESKTOP}/json",
        f"//containers/{DESKTOP}/json",
        f"/containers/{DESKTOP}/json/",
        "/v1.47/../info",
        "/v1.4711/info",
        "/v2.0/info",
        "/v1.47/v1.47/info",
        "http://docker/info",
        "/info?filters=a&filters=b",
        "/info?x",
        "/info?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1",
        "/info;x",
        "/info\\..",
    ],
)
async def test_addresses_that_mean_two_things_are_refused(door: Path, double: RememberingEngine, target: str) -> None:
    status, _, _ = await told(door, request("GET", target))
    assert status == 403
    assert double.asked == []


PIECES = b"5\r\nhello\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Transfer-Encoding: chunked", "Content-Length: 4"), PIECES),
        (("Content-Length: 4", "Content-Length: 30"), b"x" * 30),
        (("Transfer-Encoding: xchunked",), PIECES),
        (("Transfer-Encoding: chunked, identity",), PIECES),
        (("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), PIECES),
        (("Content-Length: +4",), b"xxxx"),
        (("Content-Length: -1",), b""),
        (("Transfer-Encoding: chunked",), b"zz\r\nhello\r\n"),
        ((" Folded: 1",), b""),
        (("Na me: 1",), b""),
        ((f"X: {'x' * 10_000}",), b""),
    ],
)
async def test_what_can_be_read_in_two_ways_is_not_let_through(
    door: Path, double: RememberingEngine, headers: tuple[str, ...], body: bytes
) -> None:
    smuggled = request("DELETE", "/containers/theirs")
    status, _, answer = await told(door, request("POST", "/volumes/create", b"", *headers) + body + smuggled)
    assert status in {400, 403}
    assert answer.count(b"HTTP/1.1") == 0
    assert double.asked == []


@pytest.mark.parametrize("sent", [b"GET /info nothing\r\n\r\n", b"\x16\x03\x01\x00\r\n\r\n", b"GET\r\n\r\n"])
async def test_what_is_no_http_is_refused(door: Path, double: RememberingEngine, sent: bytes) -> None:
    status, _, _ = await told(door, sent)
    assert status == 400
    assert double.asked == []


async def test_a_body_in_pieces_is_read_whole(door: Path, double: RememberingEngine) -> None:
    text = body_of(NETWORK)
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (text[:7], text[7:]))
    sent = request("POST", "/networks/create", b"", "Transfer-Encoding: chunked") + pieces + b"0\r\n\r\n"
    status, _, _ = await told(door, sent)
    assert status == 200
    assert json.loads(double.bodies[-1]) == NETWORK


@pytest.mark.parametrize(
    "first",
    [
        request("GET", "/info"),
        request("GET", "/info", b"", "Connection: Upgrade", "Upgrade: tcp"),
        request("GET", "/containers/theirs/json"),
    ],
)
async def test_of_two_requests_in_a_row_the_second_is_not_answered(
    door: Path, double: RememberingEngine, first: bytes
) -> None:
    _, _, body = await told(door, first + request("POST", f"/containers/{DESKTOP}/start"))
    assert body.count(b"HTTP/1.1") == 0
    assert double.changes == []


async def test_an_upgrade_becomes_none(door: Path, double: RememberingEngine) -> None:
    upgrade = ("Connection: Upgrade", "Upgrade: tcp")
    status, _, _ = await told(door, request("POST", "/exec/e1/start", b"{}", *upgrade))
    assert status == 403
    assert double.asked == []


async def test_what_is_too_long_is_refused(door: Path, double: RememberingEngine, data: Path) -> None:
    wish = body_of(a_container(data, Env=["x" * 2**20]))
    status, _, body = await told(door, request("POST", f"/containers/create?name={DESKTOP}", wish))
    assert (status, b"What is sent is too long." in body) == (403, True)
    assert double.asked == []


async def test_an_engine_that_is_gone_is_told_by_hanging_up_and_in_the_log(
    data: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.ERROR)
    with listening_at(data.parent / "guard.sock") as listener:
        async with guarding(listener, data / "nothing", ServersFolder.at(data)):
            for target in ("/info", f"/containers/{DESKTOP}/json"):
                assert await told(data.parent / "guard.sock", request("GET", target)) == (0, b"", b"")
    assert caplog.records == []
    lines = [line for line in capsys.readouterr().out.splitlines() if "no answer" in line]
    assert ["/info" in line and "No such file or directory" in line for line in lines] == [True, False]


def test_the_socket_is_its_users_and_its_groups_and_goes_with_it(folder: Path) -> None:
    with listening_at(folder / "guard.sock"):
        assert stat.S_IMODE((folder / "guard.sock").stat().st_mode) == 0o660
    assert list(folder.iterdir()) == []


def test_what_another_one_has_left_is_taken_away(folder: Path) -> None:
    with listening_at(folder / "guard.sock") as left:
        (folder / "guard.sock").rename(folder / "left.sock")
        left.close()
    with listening_at(folder / "left.sock"):
        assert (folder / "left.sock").is_socket()


def test_a_place_that_is_taken_is_left_alone(folder: Path) -> None:
    with listening_at(folder / "guard.sock"), pytest.raises(Refusal, match="another one listens there"):
        listening_at(folder / "guard.sock").__enter__()
    (folder / "file").write_text("x")
    with pytest.raises(Refusal, match="can't listen at"):
        listening_at(folder / "file").__enter__()
    assert (folder / "file").read_text() == "x"
