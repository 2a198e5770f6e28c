"""The web page: the files that `npm run build` made, with strict headers."""

from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUILT = Path(__file__).resolve().parents[2] / "web" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
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
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no /{path}. See /api/openapi.json.")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != HTTPStatus.NOT_FOUND or path.startswith("assets/"):
                raise
            response = await super().get_response("index.html", scope)
        response.headers["Cache-Control"] = FOR_EVER if path.startswith("assets/") else ALWAYS_ASK
        return response


class SecurityHeaders:
    """Puts the security headers on every answer. What says nothing of it, browsers keep no copy of."""

    def __init__(self, app: ASGIApp, *, by_https: bool = False) -> None:
        self._app = app
        https = {"Strict-Transport-Security": A_YEAR_OF_HTTPS} if by_https else {}
        self._headers = {**SECURITY_HEADERS, **https, "Cache-Control": "no-store"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
