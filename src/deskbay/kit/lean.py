"""A route for what is called thousands of times a second."""

from collections.abc import Awaitable, Callable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class LeanRoute(APIRoute):
    """Hands the request to its endpoint and sends what that returns. FastAPI only documents it.

    So there is no validation, no dependency, and no error that is turned into a problem: the endpoint sees to it.
    """

    endpoint: Callable[[Request], Awaitable[Response]]

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        response = await self.endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
