"""The log tells of who was refused something, by the name of the request."""

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from deskbay.database.audit.circumstances import Actor, ActorKind, act_as
from deskbay.database.audit.requests import NamedRequests

ADA = Actor(ActorKind.TOKEN, 7, 3)


async def answer(request: Request) -> Response:
    if "known" in request.query_params:
        act_as(ADA)
    return Response(status_code=int(request.path_params["status"]))


async def told(path: str) -> list[dict[str, object]]:
    app = NamedRequests(Starlette(routes=[Route("/{status}", answer)]))
    with capture_logs(processors=[merge_contextvars]) as logs:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
            await client.get(path, headers={"X-Request-ID": "from-the-proxy"})
    return [dict(line) for line in logs]


@pytest.mark.parametrize("status", [403, 404])
async def test_who_is_refused_is_told(status: int) -> None:
    (line,) = await told(f"/{status}?known")
    assert (line["event"], line["request"]) == ("refused", "from-the-proxy")
    assert (line["actor"], line["id"], line["token"]) == ("token", 7, 3)
    assert line["address"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/200?known", "/401", "/404"])
async def test_who_gets_what_they_ask_for_or_is_nobody_is_not(path: str) -> None:
    assert await told(path) == []
