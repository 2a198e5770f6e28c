"""Answers and errors in the envelope of the session manager: a message, and mostly data."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import JsonValue

from deskbay.kit.problems import Problem

Handler = Callable[[Request], Coroutine[object, object, Response]]


class Refused(Exception):
    """The request can't be answered as wished; the client gets the body."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, **body: JsonValue) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, **body}


class EnvelopedRoute(APIRoute):
    """Puts every error into the envelope."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def enveloped(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                return JSONResponse(refused.body, refused.status)
            except RequestValidationError as error:
                return JSONResponse({"message": _in_words(error), "data": None}, HTTPStatus.BAD_REQUEST)
            except Problem as problem:
                body = {"message": problem.detail, "data": None}
                return JSONResponse(body, problem.status, headers=problem.headers)

        return enveloped


def _in_words(error: RequestValidationError) -> str:
    wrongs = (f"{'.'.join(str(part) for part in wrong['loc'][1:])}: {wrong['msg']}" for wrong in error.errors())
    return "; ".join(wrong.removeprefix(": ") for wrong in wrongs)
