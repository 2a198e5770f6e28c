"""Errors as `{"error": …}`, those about who is asking as `{"message": …}`."""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Message

from deskbay.contracts.envelope import in_words
from deskbay.database import SAFE_METHODS
from deskbay.kit.problems import Problem, answered

Handler = Callable[[Request], Coroutine[object, object, Response]]
LARGEST_BODY = 5 * 2**20
AS_BAD_REQUEST = {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
"""What this API's clients know as 400."""
UNEXPECTED = "Something went wrong on the server. Its log says what; try again, and tell an administrator if it stays."

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The request can't be answered as wished; the client gets the text."""

    def __init__(self, error: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.status = status


class NotAdmitted(Exception):
    """Whoever asks is not known, or may not do this; the client gets the text."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> None:
        super().__init__(message)
        self.status = status


class ManagerError(BaseModel):
    """What an error looks like: about what was asked for, or as `message` about who asks."""

    error: str | None = None
    message: str | None = None


ERRORS = answered(
    ManagerError,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
EXPECTED = (NotAdmitted, Refused, Problem, RequestValidationError, ValidationError)


class ErrorRoute(APIRoute):
    """Gives every error this API's form, and takes JSON of a bearable size only."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def forming(request: Request) -> Response:
            try:
                return await handler(await _bearable(request))
            except EXPECTED as error:
                return _answer(error)
            except Exception:
                log.exception("request failed", path=request.url.path)
                return _error(UNEXPECTED, HTTPStatus.INTERNAL_SERVER_ERROR)

        return forming


def _answer(error: Exception) -> Response:
    if isinstance(error, NotAdmitted):
        return JSONResponse({"message": str(error)}, error.status)
    if isinstance(error, Problem):
        status = HTTPStatus.BAD_REQUEST if error.status in AS_BAD_REQUEST else error.status
        return _error(error.detail, status, error.headers)
    if isinstance(error, RequestValidationError):
        return _error(in_words(wrong | {"loc": wrong["loc"][1:]} for wrong in error.errors()))
    if isinstance(error, ValidationError):  # of what a service was asked for
        return _error(in_words(error.errors()))
    assert isinstance(error, Refused)  # noqa: S101 - there are no others
    return _error(str(error), error.status)


def _error(
    text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, headers: Mapping[str, str] | None = None
) -> Response:
    return JSONResponse({"error": text.encode(errors="replace").decode()}, status, headers)


async def _bearable(request: Request) -> Request:
    """Return the request with its body read. Raises Refused for one that is too large, or not JSON."""
    if request.method in SAFE_METHODS:
        return request
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused("The request is over 5 MB. Send less.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused("Send JSON, with Content-Type: application/json.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, receive)
