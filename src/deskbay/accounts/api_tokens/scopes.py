"""What a token may do: read or write, noun by noun. Whatever has no noun is for no token."""

import re
from collections.abc import Collection
from enum import StrEnum
from http import HTTPStatus

from starlette.requests import HTTPConnection

from deskbay.database import SAFE_METHODS
from deskbay.kit.problems import Problem

WHOAMI = "/api/v1/auth/me"


class Scope(StrEnum):
    """A right of a token. To write includes to read."""

    DESKTOPS_READ = "desktops:read"
    DESKTOPS_WRITE = "desktops:write"
    TEMPLATES_READ = "templates:read"
    TEMPLATES_WRITE = "templates:write"
    RUNTIMES_READ = "runtimes:read"
    RUNTIMES_WRITE = "runtimes:write"
    VOLUMES_READ = "volumes:read"
    VOLUMES_WRITE = "volumes:write"
    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    DEVICES_READ = "devices:read"
    DEVICES_WRITE = "devices:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    RECORDINGS_READ = "recordings:read"
    RECORDINGS_WRITE = "recordings:write"
    SERVER_READ = "server:read"
    SERVER_WRITE = "server:write"


NOUNS = {
    "desktops": {"desktops", "events", "connections", "container", "containers"},
    "templates": {"templates", "desktop-config"},
    "runtimes": {"runtimes", "runtime-kinds", "guacamole"},
    "volumes": {"volumes", "storage-pvcs"},
    "sessions": {"sessions", "restores", "session", "active-session", "device"},
    "activity": {"activity", "reports", "sign-ins", "pings", "tracking", "history", "session-manager"},
    "devices": {"devices", "rooms", "heartbeat"},
    "people": {"users", "groups", "allowances"},
    "recordings": {"recordings"},
    "server": {"audit", "settings", "announcements"},
}
"""The first parts of paths, after `/api/v1`, `/api` or `/`, that are about each noun."""
FIRST_PART = re.compile(r"/(?:api/v1/|api/|users/(?=containers?$))?([^/]*)")


def refuse_beyond(connection: HTTPConnection, scopes: Collection[str]) -> None:
    """Raise Problem 403 when a token of these scopes may not do what is asked."""
    if connection.url.path == WHOAMI:
        return
    needed = needed_scope(connection.scope.get("method"), connection.url.path)
    if needed is None:
        what = "API tokens can't be used here. Sign in, then try again."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="not-for-tokens")
    if not {needed, needed.replace(":read", ":write")} & set(scopes):
        what = f"This token lacks the scope {needed}. Make one that has it, on your profile."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="scope-missing")


def needed_scope(method: str | None, path: str) -> Scope | None:
    """Return the scope that a request takes; a WebSocket, which has no method, writes. None: no token will do."""
    first = FIRST_PART.match(path)
    noun = next((noun for noun, parts in NOUNS.items() if first and first[1] in parts), None)
    return Scope(f"{noun}:{'read' if method in SAFE_METHODS else 'write'}") if noun else None
