"""Answers and errors in the envelope of the session manager: a message, and mostly data."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, JsonValue

from deskbay.kit.problems import Problem, answered

Handler = Callable[[Request], Coroutine[object, object, Response]]


class Refused(Exception):
    """The request can't be answered as wished; the client gets the body."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, **body: JsonValue) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, **body}


class EnvelopedError(BaseModel):
    """What every error looks like; some tell more."""

    model_config = ConfigDict(extra="allow")

    message: str
    data: JsonValue = None


ERRORS = answered(
    EnvelopedError,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class EnvelopedRoute(APIRoute):
    """Puts every error into the envelope."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def enveloped(request: Request) -> Response:
            try:
                return await handler(request)
            except (Refused, Problem) as error:
                return as_envelope(error)
            except RequestValidationError as error:
                message = in_words(wrong | {"loc": wrong["loc"][1:]} for wrong in error.errors())
                return as_envelope(Refused(message, data=None))

        return enveloped


def as_envelope(error: Refused | Problem) -> Response:
    if isinstance(error, Refused):
        return JSONResponse(error.body, error.status)
    return JSONResponse({"message": error.detail, "data": None}, error.status, headers=error.headers)


def in_words(errors: Iterable[Mapping[str, object]]) -> str:
    """Return what is wrong with each field, as Pydantic says it."""
    return "; ".join(f"{_place(wrong['loc'])}{wrong['msg']}" for wrong in errors)


def _place(parts: object) -> str:
    return ".".join(str(part) for part in parts) + ": " if isinstance(parts, tuple) and parts else ""
