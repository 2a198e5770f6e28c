"""What stands before the application: the names that it answers to, the pages that may ask, how much may be sent."""

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskbay.database.audit.requests import REQUEST_ID, NamedRequests
from deskbay.kit.problems import Problem, respond
from deskbay.page import SecurityHeaders
from deskbay.settings import Settings

REMEMBERED = 1000
HEALTH = "/api/health"
"""Is asked under any name, by load balancers, and tells nobody anything."""
LARGEST_BODIES = (
    ("/api/v1/auth/", 2**16),
    ("/api/auth/", 2**16),
    ("/auth/", 2**16),
    ("/api/v1/agent/", 2**24),
    ("/api/v1/sessions/import", 2**24),
    ("/api/v1/", 2**21),
    ("", 2**23),
)
"""Bytes that a request may bring, by how its path begins: the first that fits."""
EXPOSED_HEADERS = ("Content-Disposition", "Retry-After", "WWW-Authenticate", REQUEST_ID)

Headers = Iterable[tuple[bytes, bytes]]


class Hosts:
    """Tells which names are this server's.

    A page of another site can have its own name lead here, and a browser then takes us for that site. It can't do so
    with an address, nor with a name that has no dot, which only the network here can know: those are always ours.
    """

    def __init__(self, settings: Settings) -> None:
        listed = [*settings.allowed_hosts, *([settings.public_host] if settings.public_host else [])]
        self._names = {name for name in listed if not name.startswith("*")}
        self._endings = tuple(name.removeprefix("*") for name in listed if name.startswith("*"))
        self._remembered = lru_cache(REMEMBERED)(self._is_ours)

    def are_ours(self, headers: Headers) -> bool:
        """Tell whether a request is for us."""
        return all(self._remembered(value) for name, value in headers if name == b"host")

    def _is_ours(self, value: bytes) -> bool:
        name = host_of(value.decode("latin-1"))
        is_local = "." not in name or name.endswith(".localhost") or _is_address(name)
        return is_local or name in self._names or name.endswith(self._endings)


def host_of(value: str) -> str:
    """Return the name in a Host header or the like, in small letters, without the port."""
    name, _, port = value.strip().lower().rpartition(":")
    return (name if port.isdecimal() and name else value.strip().lower()).rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class HostCheck:
    """Answers requests for other names with 421, so that no other site can be this one."""

    def __init__(self, app: ASGIApp, hosts: Hosts, settings: Settings) -> None:
        self._app = app
        self._hosts = hosts
        where = f"Open it at {settings.public_url}. " if settings.public_url else ""
        what = f"This server does not go by the name that you asked for. {where}"
        self._refusal = Problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"{what}Administrators name it in the setting public_url, or in allowed_hosts.",
            kind="wrong-host",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] == HEALTH or self._hosts.are_ours(scope["headers"]):
            await self._app(scope, receive, send)
        else:
            await respond(self._refusal)(scope, receive, send)


class BodyLimits:
    """Answers requests that bring too much with 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = largest_body(scope["path"])
        if _told_length(scope["headers"]) > most:
            await respond(_too_large(most))(scope, receive, send)
        else:
            await self._app(scope, limited(receive, most), send)


def largest_body(path: str) -> int:
    """Return how many bytes a request to a path may bring."""
    return next(most for beginning, most in LARGEST_BODIES if path.startswith(beginning))


def limited(receive: Receive, most: int) -> Receive:
    """Return what a request is received by; it raises HTTPException 413 when more comes than it may."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            problem = _too_large(most)
            raise HTTPException(problem.status, problem.detail, dict(problem.headers or {}))
        return message

    return receive_some


def _told_length(headers: Headers) -> int:
    told = next((value for name, value in headers if name == b"content-length"), b"")
    return int(told) if told.isdigit() else 0


def _too_large(most: int) -> Problem:
    what = f"The request is larger than {most // 1024} KiB. Send less at once."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, what, kind="too-large", headers={"Connection": "close"})


class Guarded(FastAPI):
    """An application before which all this stands: before its answers to errors, too. Its settings are in its state."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: Settings = self.state.settings
        inside: ASGIApp = BodyLimits(super().build_middleware_stack())
        if settings.cors_allowed_origins:
            inside = _with_origins(inside, settings.cors_allowed_origins)
        checked = HostCheck(inside, self.state.hosts, settings)
        return NamedRequests(SecurityHeaders(checked, settings.public_url))


def _with_origins(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_credentials=True,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=("*",),
        expose_headers=EXPOSED_HEADERS,
    )
