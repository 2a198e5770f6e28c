"""Who acts, from where and at which request: known to whatever is done meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor did something."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - a kind of actor
    DEVICE = "device"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is a person's, also where a token of theirs does it, or a device's; Deskbay itself has none.

    Nobody is who was not let in.
    """

    kind: ActorKind
    id: int | None = None
    token_id: int | None = None

    @property
    def person_id(self) -> int | None:
        return self.id if self.kind in {ActorKind.PERSON, ActorKind.TOKEN} else None


SYSTEM = Actor(ActorKind.SYSTEM)


@dataclass(slots=True)
class Circumstances:
    """Who acts, as far as it is known yet, the address that the request came from, and the request's name."""

    actor: Actor = SYSTEM
    address: str | None = None
    request_id: str | None = None


_current: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)


def circumstances() -> Circumstances:
    """Return those of the request under way; outside of requests Deskbay itself acts."""
    return _current.get() or Circumstances()


def act_as(actor: Actor) -> None:
    """Tell who it is that the request under way comes from. Outside of requests it changes nothing."""
    current = _current.get()
    if current is not None:
        current.actor = actor


@contextmanager
def under(given: Circumstances) -> Iterator[None]:
    """Have whatever is done within happen under these circumstances."""
    token = _current.set(given)
    try:
        yield
    finally:
        _current.reset(token)
