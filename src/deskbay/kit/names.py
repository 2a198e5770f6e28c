"""Names that are free."""

from collections.abc import Iterator
from itertools import count


def numbered(name: str, longest: int, joint: str = " ") -> Iterator[str]:
    """Yield a name, then the same with 2, 3, … behind the joint, without end; each has at most `longest` characters."""
    yield name[:longest]
    for number in count(2):
        end = f"{joint}{number}"
        yield name[: longest - len(end)] + end
