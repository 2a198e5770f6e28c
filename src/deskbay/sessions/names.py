"""Names of sessions."""

from unicodedata import normalize

from coolname import generate_slug

from deskbay.kit.secrets import digest

WORDS = 3


def three_words() -> str:
    """Return a name such as "brave-sky-dragon"."""
    names = iter(lambda: generate_slug(WORDS), "")
    return next(name for name in names if name.count("-") == WORDS - 1)  # some come with an “of” besides


def name_key(name: str) -> str:
    """Return the same for names that people take for the same: capitals and the way an accent is typed don't matter."""
    return digest(normalize("NFC", normalize("NFC", name).casefold()))
