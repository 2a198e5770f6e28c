"""Errors as `{"detail": …}`, and what can't be read as FastAPI lists it by itself."""

import json
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, JsonValue

from deskbay.kit.problems import Problem, answered

Handler = Callable[[Request], Coroutine[object, object, Response]]
SECRETS = {"password"}


class Refused(Exception):
    """The request can't be answered as wished; the client gets the detail."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class PlainError(BaseModel):
    """What every error looks like: a sentence, or a list of what is wrong with each field."""

    detail: str | list[dict[str, JsonValue]]


ERRORS = answered(
    PlainError,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


class PlainRoute(APIRoute):
    """Gives every error the plain form."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def plain(request: Request) -> Response:
            try:
                return await handler(request)
            except (Refused, Problem) as error:
                return _respond(error.status, error.detail, error.headers)
            except RequestValidationError as error:
                return _respond(HTTPStatus.UNPROCESSABLE_ENTITY, [_without_secret(wrong) for wrong in error.errors()])

        return plain


def _without_secret(wrong: Mapping[str, object]) -> dict[str, object]:
    place = wrong.get("loc")
    hidden = {"ctx", "url"} | ({"input"} if isinstance(place, tuple) and SECRETS & set(place) else set())
    return {name: value for name, value in wrong.items() if name not in hidden}


def _respond(status: HTTPStatus, detail: object, headers: Mapping[str, str] | None = None) -> Response:
    # Escaped, because a client can send half a character, which no encoding can write.
    body = json.dumps({"detail": jsonable_encoder(detail)})
    return Response(body, status, headers=headers, media_type="application/json")
