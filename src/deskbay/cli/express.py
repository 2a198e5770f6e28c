"""The server's side of HTTP, with a short way for the pings that computers send each minute."""

import time
from functools import lru_cache, partial
from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Scope
from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from deskbay.app import PINGS
from deskbay.cli.log import RequestLog, tell_request
from deskbay.cli.patience import PatientProtocol
from deskbay.contracts.doors import PEER
from deskbay.front import Hosts, largest_body, limited
from deskbay.kit.lean import AtOnce, Endpoint
from deskbay.kit.problems import respond_http, respond_unexpected
from deskbay.page import security_headers
from deskbay.settings import Settings

log = structlog.get_logger(__name__)
FAILED = "a request failed"
DIFFERENT_ANSWERS = 256
"""So many are remembered as they go over the wire: nearly all are one and the same."""


class ExpressProtocol(PatientProtocol):
    """uvicorn's protocol, which calls the endpoints of pings itself and sends their answers in one piece.

    They are routes of the application, too, which documents them. Nothing but the request log stands before its
    routes that such an endpoint would need: it takes the request as it is, and turns its own errors into answers.
    Mostly the body is there with the head, and no task is needed: the answer is written when the pings are.
    """

    _arriving: RequestResponseCycle | None = None
    """A request for pings of which the body is still to come."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {PEER: self.client}  # type: ignore[dict-item] # a tuple; they know dictionaries only

    def _hosts(self) -> Hosts:
        hosts: Hosts = cast("FastAPI", cast("RequestLog", self.config.app).app).state.hosts
        return hosts

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle, self._arriving = self._arriving, None
        if cycle is not None:
            self._take(cycle)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if _route(cycle.scope) not in PINGS or not self._hosts().are_ours(cycle.scope["headers"]):
            super()._start_asgi_task(cycle, app)
        elif cycle.more_body and not cycle.waiting_for_100_continue:
            self._arriving = cycle  # the body mostly comes along with the head
        else:
            self._take(cycle)

    def _take(self, cycle: RequestResponseCycle) -> None:
        at_once, endpoint = PINGS[_route(cycle.scope)]
        began = time.perf_counter()
        scope = cast("Scope", cycle.scope)
        scope["app"] = cast("RequestLog", self.config.app).app
        if cycle.more_body or self.flow.write_paused or not self._took_at_once(cycle, at_once, began):
            task = self.loop.create_task(self._answer(cycle, endpoint, began))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)

    def _took_at_once(self, cycle: RequestResponseCycle, at_once: AtOnce, began: float) -> bool:
        scope = cast("Scope", cycle.scope)
        try:
            return at_once(HTTPConnection(scope), bytes(cycle.body), partial(_send, cycle, began))
        except Exception:
            log.exception(FAILED, path=scope["path"])
            _send(cycle, began, respond_unexpected())
            return True

    async def _answer(self, cycle: RequestResponseCycle, endpoint: Endpoint, began: float) -> None:
        scope = cast("Scope", cycle.scope)
        try:
            receive = limited(cycle.receive, largest_body(scope["path"]))  # type: ignore[arg-type] # their own types
            response = await endpoint(Request(scope, receive))
        except ClientDisconnect:
            return
        except HTTPException as too_large:
            response = respond_http(too_large)
        except Exception:
            log.exception(FAILED, path=scope["path"])
            response = respond_unexpected()
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        _send(cycle, began, response)


def _route(scope: HTTPScope) -> tuple[str, str]:
    return scope["method"], scope["path"]


def _send(cycle: RequestResponseCycle, began: float, response: Response) -> None:
    status = response.status_code
    if status >= HTTPStatus.BAD_REQUEST:
        tell_request(cycle.scope["method"], cycle.scope["raw_path"], status, time.perf_counter() - began)
    if cycle.disconnected:
        return
    cycle.response_started = cycle.response_complete = True
    settings: Settings = cycle.scope["app"].state.settings  # type: ignore[typeddict-item] # put there by us
    cycle.transport.write(_in_one_piece(response, cycle.keep_alive, settings.public_url))
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


@lru_cache(DIFFERENT_ANSWERS)
def _in_one_piece(response: Response, keep_alive: bool, public_url: str | None) -> bytes:
    lines = (b"%b: %b\r\n" % header for header in response.raw_headers)
    end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
    return b"".join((STATUS_LINE[response.status_code], *lines, _secured(public_url), end, response.body))


@lru_cache
def _secured(public_url: str | None) -> bytes:
    """Return the lines of the headers that every answer has."""
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in security_headers(public_url).items()).encode()
