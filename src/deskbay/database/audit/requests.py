"""Requests have names: in the answer, in the log and in the audit."""

import re
from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskbay.database.audit.circumstances import SYSTEM, Circumstances, under

REQUEST_ID = "X-Request-ID"
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
"""With these somebody is answered who may not; with the second also what is in nobody's reach, or not there."""
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)

log = structlog.get_logger(__name__)


class NamedRequests:
    """Names each request, unless its sender has, and tells the circumstances to whatever it does.

    The log tells who was refused; what they asked for is in its line on the request of that name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        name = _name_of(HTTPConnection(scope))
        client = scope.get("client")
        given = Circumstances(address=client[0] if client else None, request_id=name)

        async def send_with_name(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                MutableHeaders(scope=message)[REQUEST_ID] = name
                if message["status"] in REFUSED and given.actor != SYSTEM:
                    _tell_refusal(given)
            await send(message)

        with under(given), structlog.contextvars.bound_contextvars(request=name):
            await self._app(scope, receive, send_with_name)


def _name_of(connection: HTTPConnection) -> str:
    given = connection.headers.get(REQUEST_ID, "")
    return given if GIVEN.fullmatch(given) else uuid4().hex


def _tell_refusal(given: Circumstances) -> None:
    who = given.actor
    log.info("refused", actor=who.kind, id=who.id, token=who.token_id, address=given.address)
