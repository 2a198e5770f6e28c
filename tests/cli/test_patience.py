"""Clients that send too slowly, or too much of a head, are given up; others are waited for."""

import asyncio

import pytest
from tests.cli.test_express import ACTIVITY, PINGS

from deskbay.cli import patience
from deskbay.cli.patience import LARGEST_HEAD

HEAD = b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
REQUEST = b"GET /api/v1/about HTTP/1.1\r\nHost: here\r\n\r\n"
TOO_LATE = b"HTTP/1.1 408 Request Timeout"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience that is over at once."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.0)
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.0)


async def answers(port: int, sent: bytes) -> bytes:
    """Return what comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    told = await reader.read()
    writer.close()
    return told


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /api",
        HEAD,
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n{" % PINGS.encode(),
        b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n{" % ACTIVITY.encode(),
    ],
    ids=["nothing", "half a line", "half a head", "half a body", "half of chunks", "half of pings", "half an activity"],
)
async def test_who_stops_midway_is_given_up(port: int, sent: bytes) -> None:
    assert TOO_LATE in await answers(port, sent)


async def test_the_next_request_on_a_connection_is_not_waited_for_either(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST)
    assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.0)
    writer.write(b"\r\n")
    assert TOO_LATE in await reader.read()
    writer.close()


async def test_who_is_in_time_is_answered(port: int) -> None:
    assert (await answers(port, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))).startswith(
        b"HTTP/1.1 200"
    )


async def test_a_slow_body_has_more_time_the_more_of_it_has_come(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.0)
    monkeypatch.setattr(patience, "SLOWEST_BYTES", 1)
    body = b"x" * 600
    sent = HEAD + b"Connection: close\r\nContent-Length: 601\r\n\r\n" + body
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await asyncio.sleep(1.5)  # longer than the server takes to look again
    writer.write(b"x")
    assert (await reader.read()).startswith(b"HTTP/1.1 422")
    writer.close()


async def test_a_head_without_end_is_refused(port: int) -> None:
    sent = b"GET / HTTP/1.1\r\nHost: here\r\nX-Long: " + b"x" * (LARGEST_HEAD + 1)
    assert (await answers(port, sent)).startswith(b"HTTP/1.1 431")


async def test_an_activity_that_is_too_large_is_refused(port: int) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    head = b"POST %s HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" % ACTIVITY.encode()
    sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 129 + b"0\r\n\r\n"
    assert (await answers(port, sent)).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", [PINGS, ACTIVITY])
async def test_pings_for_another_name_are_refused(port: int, path: str) -> None:
    head = b"POST %s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}" % path.encode()
    assert (await answers(port, head)).startswith(b"HTTP/1.1 421")
