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
    """The request can't be answered as wished; the client gets the detail, under that name."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None, *, name: str = "detail"
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
        self.name = name


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
            except Refused as error:
                return _respond(error.status, {error.name: error.detail}, error.headers)
            except Problem as problem:
                return _respond(problem.status, {"detail": problem.detail}, problem.headers)
            except RequestValidationError as error:
                wrong = [_without_secret(one) for one in error.errors()]
                return _respond(HTTPStatus.UNPROCESSABLE_ENTITY, {"detail": wrong})

        return plain


def _without_secret(wrong: Mapping[str, object]) -> dict[str, object]:
    place, given = wrong.get("loc"), wrong.get("input")
    of_secret = isinstance(place, tuple) and not SECRETS.isdisjoint(place)
    with_secret = isinstance(given, Mapping) and not SECRETS.isdisjoint(given)
    hidden = {"ctx", "url"} | ({"input"} if of_secret or with_secret else set())
    return {name: value for name, value in wrong.items() if name not in hidden}


def _respond(status: HTTPStatus, body: object, headers: Mapping[str, str] | None = None) -> Response:
    # Escaped, because a client can send half a character, which no encoding can write.
    text = json.dumps(jsonable_encoder(body))
    return Response(text, status, headers=headers, media_type="application/json")
