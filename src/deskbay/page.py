"""The web page: the files that `npm run build` made, with strict headers."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUILT = Path(__file__).resolve().parents[2] / "web" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
A_YEAR_OF_HTTPS = "max-age=31536000"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "clipboard-read=(self), clipboard-write=(self), fullscreen=(self)",
}


def security_headers(public_url: str | None) -> dict[str, str]:
    """Return the headers that every answer has. What says nothing of it, browsers keep no copy of."""
    by_https = {"Strict-Transport-Security": A_YEAR_OF_HTTPS} if (public_url or "").startswith("https://") else {}
    return {**SECURITY_HEADERS, **by_https, "Cache-Control": "no-store"}


class Page(StaticFiles):
    """The page's files; every other path is one of the page's own, and gets the page."""

    async def check_config(self) -> None:
        """Accept that the folder may not be there yet: `get_response` says so."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not BUILT.is_dir():
            return PlainTextResponse(
                "The web page is not built yet. Run scripts/run, or: cd web && npm ci && npm run build\n",
                HTTPStatus.SERVICE_UNAVAILABLE,
            )
        if path == "api" or path.startswith("api/"):
            raise _refused(path, scope)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != HTTPStatus.NOT_FOUND or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = FOR_EVER if path.startswith("assets/") else ALWAYS_ASK
        return response


def _refused(path: str, scope: Scope) -> HTTPException:
    """Return what a path of the API is answered that is none, or is asked in a way that it is not there for."""
    near = [route for route in scope["app"].routes if route.matches(scope)[0] is Match.PARTIAL]
    allowed = ", ".join(method for method in METHODS if _is_taken(near, {**scope, "method": method}))
    if not allowed:
        return HTTPException(HTTPStatus.NOT_FOUND, f"There is no /{path}. See /api/openapi.json.")
    what = f"/{path} is not there for {scope['method']}. It takes {allowed}."
    return HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, what, headers={"Allow": allowed})


def _is_taken(routes: Sequence[BaseRoute], scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


class SecurityHeaders:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self._app = app
        self._headers = security_headers(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
