"""The name by which desktops are known elsewhere: one's own words for it, and what is nobody else's."""

import re
from uuid import UUID

from slugify import slugify

from deskbay.desktops.models import Desktop

LONGEST_NAME = 12
NAMELESS = "desktop"
_RELEASE = re.compile(r".*-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


def release_of(desktop: Desktop) -> str:
    """Return the name that clients know a desktop by: `<name>-<uuid4>`, which Helm's limit of 53 letters holds."""
    return f"{slugify(desktop.name)[:LONGEST_NAME].strip('-') or NAMELESS}-{desktop.uuid}"


def desktop_in(release: str) -> UUID | None:
    """Return whose release a name is, as far as it is one."""
    match = _RELEASE.fullmatch(release)
    return UUID(match[1]) if match else None
