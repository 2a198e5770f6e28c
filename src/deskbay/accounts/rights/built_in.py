"""The roles that are there from the start, and can't be changed."""

from dataclasses import dataclass

from deskbay.accounts.models import Role
from deskbay.accounts.rights.scopes import Granted, Reach, Scope, granted, together


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A role, who has it, and what they may do."""

    name: str
    who: str
    rights: Granted


USER = BuiltIn(
    "user",
    "everyone",
    granted(
        [
            "desktops:write!own",
            "templates:read!own",
            "volumes:write!own",
            "sessions:write!own",
            "activity:write!own",
            "devices:write!own",
            "people:read!own",
            "recordings:read!own",
            "server:read!own",
            "profile:write!own",
        ]
    ),
)
GROUP_ADMINISTRATOR = BuiltIn(
    "group administrator",
    "who looks after a group, for its people and those of the groups that lie in it",
    together(USER.rights, granted(["desktops:write!group", "activity:read!group", "people:write!group"])),
)
ADMINISTRATOR = BuiltIn("administrator", "administrators of the server", dict.fromkeys(Scope, Reach.ALL))
DEVICE = BuiltIn(
    "device",
    "computers and desktops that show their own token, each for itself",
    granted(["activity:write!own", "devices:write!own", "sessions:write!own", "desktops:write!own"]),
)
BUILT_IN = {Role.USER: USER, Role.ADMINISTRATOR: ADMINISTRATOR}
"""What a person may do at least, by what they are to the server."""
