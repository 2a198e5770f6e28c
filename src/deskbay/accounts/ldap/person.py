"""Who a directory knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is to a directory. The id stays when they are renamed."""

    id: str
    username: str
    email: str | None
    full_name: str | None
    groups: frozenset[str]
