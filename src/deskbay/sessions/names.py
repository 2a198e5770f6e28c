"""Names of sessions, and the slugs in their addresses."""

from collections.abc import Collection
from unicodedata import normalize

from coolname import generate_slug
from slugify import slugify

from deskbay.kit.secrets import digest
from deskbay.sessions.models import LONGEST_NAME

WORDS = 3
NAMELESS = "session"


def three_words() -> str:
    """Return a name such as "brave-sky-dragon"."""
    names = iter(lambda: generate_slug(WORDS), "")
    return next(name for name in names if name.count("-") == WORDS - 1)  # some come with an “of” besides


def name_key(name: str) -> str:
    """Return the same for names that people take for the same: capitals and the way an accent is typed don't matter."""
    return digest(normalize("NFC", normalize("NFC", name).casefold()))


def free_slug(name: str, taken: Collection[str]) -> str:
    """Return the slug of a name, with a number where another name has the same."""
    slug = slugify(name, max_length=LONGEST_NAME) or NAMELESS
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)
