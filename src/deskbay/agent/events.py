"""Server-sent events (WHATWG HTML, section 9.2), as far as the server of Deskbay uses them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """A named event and its text."""

    name: str
    data: str


def read_events(lines: Iterable[bytes]) -> Iterator[Event | None]:
    """Yield each event, and None for each sign of life."""
    name = ""
    data: list[str] = []
    for raw in lines:
        line = raw.decode(errors="replace").rstrip("\r\n")
        field, _, value = line.partition(":")
        if not line and data:
            yield Event(name, "\n".join(data))
            name, data = "", []
        elif field == "event":
            name = value.removeprefix(" ")
        elif field == "data":
            data.append(value.removeprefix(" "))
        elif line.startswith(":"):
            yield None
