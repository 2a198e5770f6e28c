"""A short way for what is called thousands of times a second."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Response], None]
AtOnce = Callable[[HTTPConnection, bytes, Answer], bool]
"""Takes a request whose body is there and answers it some time; or tells that it can't without waiting for something.
Nothing has happened then, and the endpoint has its turn."""


def header(connection: HTTPConnection, name: bytes) -> str | None:
    """Return a header's value without a look at the others; the name is in small letters."""
    return next((value.decode("latin-1") for sent, value in connection.scope["headers"] if sent == name), None)


class Express:
    """Hands requests of some methods and paths to their endpoints, and all others to the application.

    The routes are declared in the application as well, which documents them. Between the socket and such an endpoint
    there is no validation, no dependency and no error that is turned into a problem: the endpoint sees to it.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint]) -> None:
        self._app = app
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get((scope.get("method", ""), scope.get("path", "")))
        if endpoint is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
