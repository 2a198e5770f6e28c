"""Which right a path takes by its first part, for routes that don't declare it yet."""

import re

from deskbay.accounts.rights.scopes import Scope
from deskbay.database import SAFE_METHODS

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
FIRST_PART = re.compile(r"/(?:api/v1/|api/|users/(?=containers?$))?([^/]*)")


def needed_scope(method: str | None, path: str) -> Scope | None:
    """Return the scope that a request takes; a WebSocket, which has no method, writes. None: no token will do."""
    first = FIRST_PART.match(path)
    noun = next((noun for noun, parts in NOUNS.items() if first and first[1] in parts), None)
    return Scope(f"{noun}:{'read' if method in SAFE_METHODS else 'write'}") if noun else None
