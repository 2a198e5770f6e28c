"""Who is on now, for those who watch it: everyone at first, then who has come, changed and gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import select

from deskbay.activity.doings import Doing, Here, find_doings
from deskbay.activity.lookout import Lookout
from deskbay.activity.models import SignIn
from deskbay.activity.seats import IDLE
from deskbay.activity.sign_ins import Sitting, online
from deskbay.database import Database
from deskbay.kit.clock import Clock

EVERYONE = 0
PART = 500
"""So many sign-ins are told at once."""


class Seen(NamedTuple):
    """A person at a device, as they were at a look."""

    idle: bool
    doing: Doing


@dataclass(frozen=True, slots=True)
class Attendance:
    """The people of the sign-ins that were going on at a time, by the keys of these."""

    at: datetime
    people: Mapping[int, Seen]


class _Watch:
    """Looks at who is on, and asks what they do only where that was reported since the look before."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._doings: dict[Here, Doing] = {}

    async def look(self, _: int) -> Attendance:
        now = self._clock.now()
        async with self._database.read() as db:
            keys = select(SignIn.id, SignIn.user_id, SignIn.last_ping_at, SignIn.input_at <= now - IDLE)
            rows = await db.execute(keys.where(*online(now)))
            idle = {Here(key, user_id, at): bool(is_idle) for key, user_id, at, is_idle in rows}
            reported = await find_doings(db, [one for one in idle if one not in self._doings])
        self._doings = {one: reported[one.id] if one.id in reported else self._doings[one] for one in idle}
        return Attendance(now, {one.id: Seen(is_idle, self._doings[one]) for one, is_idle in idle.items()})


def watch_presence(database: Database, clock: Clock) -> Lookout[Attendance]:
    """Return what looks at who is on. It sees something else each time, if only the time."""
    return Lookout(_Watch(database, clock).look)


async def _presence(request: Request) -> Lookout[Attendance]:
    presence: Lookout[Attendance] = request.app.state.presence
    return presence


PresenceOfApp = Annotated[Lookout[Attendance], Depends(_presence)]


class Told:
    """What one listener has been told, and so what there is still to tell."""

    def __init__(self) -> None:
        self._people: dict[int, Seen] = {}
        self._uuids: dict[int, UUID] = {}

    def ended(self, seen: Attendance) -> list[UUID]:
        """Forget the sign-ins that are over, and return their ids."""
        over = self._people.keys() - seen.people.keys()
        for key in over:
            del self._people[key]
        return [self._uuids.pop(key) for key in over]

    def parts_to_tell(self, seen: Attendance) -> Iterator[list[int]]:
        """Return the keys of sign-ins that are new or changed, newest first, in parts of PART."""
        keys = sorted((key for key, one in seen.people.items() if self._people.get(key) != one), reverse=True)
        return (keys[start : start + PART] for start in range(0, len(keys), PART))

    def remember(self, seen: Attendance, told: Sequence[Sitting]) -> None:
        for one in told:
            self._people[one.id] = seen.people[one.id]
            self._uuids[one.id] = one.uuid
