"""The request log tells what was asked, and no secret."""

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from deskbay.cli.log import RequestLog
from deskbay.database.audit.requests import NamedRequests


async def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("", status_code=418)


async def fail(_: Request) -> PlainTextResponse:
    raise RuntimeError


@pytest.fixture
def client() -> AsyncClient:
    app = Starlette(routes=[Route("/fail", fail), Route("/{path:path}", answer)])
    transport = ASGITransport(RequestLog(app), raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://test")


async def test_a_request_is_logged_without_its_query_string(client: AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/tea?ticket=secret")
    (line,) = logs
    assert (line["method"], line["path"], line["status"]) == ("GET", "/tea", 418)
    assert line["ms"] >= 0
    assert "secret" not in str(line)


async def test_of_the_link_of_a_mail_neither_code_nor_address_is_logged(client: AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/verify/secret-code/YWRhQGV4YW1wbGUub3Jn")
        await client.get("/verify")
    assert [line["path"] for line in logs] == ["/verify/…", "/verify"]


async def test_a_path_with_a_line_break_stays_on_one_line(client: AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/tea%0A2026-01-01 forged")
    assert "\n" not in logs[0]["path"]


async def test_an_answer_that_fails_is_logged_too(client: AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/fail")
    assert logs[0]["status"] == 500


async def test_a_request_is_logged_by_the_name_that_its_answer_has() -> None:
    app = RequestLog(NamedRequests(Starlette(routes=[Route("/{path:path}", answer)])))
    with capture_logs() as logs:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            answered = await client.get("/tea", headers={"X-Request-ID": "from-the-proxy"})
    assert logs[0]["request"] == answered.headers["X-Request-ID"] == "from-the-proxy"


async def test_what_has_no_name_is_logged_without(client: AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/tea")
    assert "request" not in logs[0]
