"""What may be done, noun by noun, and to whose things: `desktops:read!group`.

The form is JupyterHub's: https://jupyterhub.readthedocs.io/en/stable/rbac/scopes.html
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Scope(StrEnum):
    """Something that may be done. To write includes to read."""

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
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"

    @property
    def included(self) -> tuple["Scope", ...]:
        """What this lets do: to write is to read, too."""
        noun, _, verb = self.partition(":")
        return (self, Scope(f"{noun}:read")) if verb == "write" else (self,)


IN_PERSON = frozenset({Scope.PROFILE_READ, Scope.PROFILE_WRITE})
"""What everyone may do to their own account, and nobody for them: neither a token nor a role can have it."""
GRANTABLE = tuple(scope for scope in Scope if scope not in IN_PERSON)
"""What a token or a role can have."""


class Reach(StrEnum):
    """To whose things a right reaches: to one's own, those of the people whom one looks after, or everyone's."""

    OWN = "own"
    GROUP = "group"
    ALL = "all"

    def covers(self, other: "Reach") -> bool:
        """Tell whether it reaches at least as far."""
        order = list(Reach)
        return order.index(self) >= order.index(other)


Granted = Mapping[Scope, Reach]
"""How far each right reaches; what is left out may not be done at all."""


def granted(written: Iterable[str]) -> dict[Scope, Reach]:
    """Read rights as they are written. Without a filter one reaches to everyone's. Raises ValueError."""
    found: dict[Scope, Reach] = {}
    for one in written:
        scope, _, reach = one.partition("!")
        for included in Scope(scope).included:
            widen(found, included, Reach(reach or Reach.ALL))
    return found


def widen(found: dict[Scope, Reach], scope: Scope, reach: Reach) -> None:
    """Add a right to others, which keep what reaches farther."""
    if scope not in found or reach.covers(found[scope]):
        found[scope] = reach


def together(*sets: Granted) -> dict[Scope, Reach]:
    """Return what somebody may do who has all of these."""
    found: dict[Scope, Reach] = {}
    for rights in sets:
        for scope, reach in rights.items():
            widen(found, scope, reach)
    return found


def narrower(one: Reach | None, other: Reach | None) -> Reach | None:
    """Return how far both of them reach."""
    if one is None or other is None:
        return None
    return other if one.covers(other) else one
