"""The server's log: one line an event on standard error, without query strings and without secrets."""

import logging
import re
import sys
import time
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskbay.app import EXPRESS
from deskbay.database.audit.requests import REQUEST_ID

QUIET = ("alembic", "azure", "httpx", "uvicorn", "uvicorn.error", "websockets")
"""Loggers that say too much: some tell whole addresses, with what stands behind the question mark."""
log = structlog.get_logger("deskbay.requests")
LINK_OF_A_MAIL = re.compile("^(/verify/).+")
"""Its code is a secret until it is used, and with it is somebody's address."""
COUNTLESS = {path for _, path in EXPRESS}
"""What computers send each minute is told only when it is refused."""


def configure_log() -> None:
    """Write every log line, ours and the libraries', in one form on standard error."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    # Plain tracebacks: the rich ones print the values of variables, and some of these are secrets.
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class RequestLog:
    """Logs method, path, status and milliseconds of every HTTP request that an application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, name = int(HTTPStatus.INTERNAL_SERVER_ERROR), None

        async def watch(message: Message) -> None:
            nonlocal status, name
            if message["type"] == "http.response.start":
                status, name = int(message["status"]), Headers(raw=message["headers"]).get(REQUEST_ID)
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, watch)
        finally:
            if scope["path"] not in COUNTLESS or status >= HTTPStatus.BAD_REQUEST:
                tell_request(scope["method"], scope.get("raw_path", b""), status, time.perf_counter() - began, name)


def tell_request(method: str, raw_path: bytes, status: int, seconds: float, name: str | None = None) -> None:
    """Log a request that was answered. Those for pings have no names."""
    path = raw_path.decode("ascii", "backslashreplace")  # still escaped: one line stays one line
    shown = LINK_OF_A_MAIL.sub(r"\1…", path)
    named = {"request": name} if name else {}
    log.info("request", method=method, path=shown, status=status, ms=round(seconds * 1000, 1), **named)
