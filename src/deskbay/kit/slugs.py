"""Slugs: names as they stand in addresses."""

from collections.abc import Collection

from slugify import slugify

from deskbay.kit.names import numbered

LONGEST_NUMBER = 8
"""What is left for the number after a slug."""


def free_slug(name: str, taken: Collection[str], *, nameless: str, longest: int) -> str:
    """Return the slug of a name, with a number where another has the same.

    `nameless` stands for a name without letters and digits; a slug has at most `longest` characters.
    """
    slug = slugify(name, max_length=longest - LONGEST_NUMBER) or nameless
    return next(one for one in numbered(slug, longest, "-") if one not in taken)
