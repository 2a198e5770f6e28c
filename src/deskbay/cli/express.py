"""The server's side of HTTP, with a short way for the pings that computers send each minute."""

import time
from http import HTTPStatus
from typing import cast

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from deskbay.app import PINGS
from deskbay.cli.log import RequestLog, tell_request
from deskbay.contracts.doors import PEER
from deskbay.kit.lean import Endpoint
from deskbay.kit.problems import respond_unexpected

log = structlog.get_logger(__name__)


class ExpressProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which calls the endpoints of pings itself and sends their answers in one piece.

    They are routes of the application, too, which documents them. Nothing but the request log stands before its
    routes that such an endpoint would need: it takes the request as it is, and turns its own errors into answers.
    """

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {PEER: self.client}  # type: ignore[dict-item] # a tuple; they know dictionaries only

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        endpoint = PINGS.get((cycle.scope["method"], cycle.scope["path"]))
        if endpoint is None:
            super()._start_asgi_task(cycle, app)
            return
        task = self.loop.create_task(self._answer(cycle, endpoint))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _answer(self, cycle: RequestResponseCycle, endpoint: Endpoint) -> None:
        began = time.perf_counter()
        scope = cast("Scope", cycle.scope)
        scope["app"] = cast("RequestLog", self.config.app).app
        try:
            response = await endpoint(Request(scope, cycle.receive))  # type: ignore[arg-type] # their own names of types
        except ClientDisconnect:
            return
        except Exception:
            log.exception("a request failed", path=scope["path"])
            response = respond_unexpected()
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            tell_request(scope["method"], scope["raw_path"], response.status_code, time.perf_counter() - began)
        await _send(cycle, response)


async def _send(cycle: RequestResponseCycle, response: Response) -> None:
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(_in_one_piece(response, keep_alive=cycle.keep_alive))
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def _in_one_piece(response: Response, *, keep_alive: bool) -> bytes:
    headers = (b"%b: %b\r\n" % header for header in response.raw_headers)
    end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
    return b"".join((STATUS_LINE[response.status_code], *headers, end, response.body))
