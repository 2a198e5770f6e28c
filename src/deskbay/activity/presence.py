"""Who is on now, for those who watch it: everyone at first, then who has come, changed and gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import select

from deskbay.activity.lookout import Lookout
from deskbay.activity.models import SignIn
from deskbay.activity.seats import IDLE
from deskbay.activity.sign_ins import Sitting, online
from deskbay.database import Database
from deskbay.kit.clock import Clock

EVERYONE = 0
PART = 500
"""So many sign-ins are told at once."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """The keys of the sign-ins that were going on at a time, each with whether its person was idle."""

    at: datetime
    idle: Mapping[int, bool]


def watch_presence(database: Database, clock: Clock) -> Lookout[Attendance]:
    """Return what looks at who is on. It sees something else each time, if only the time."""

    async def look(_: int) -> Attendance:
        now = clock.now()
        async with database.read() as db:
            rows = await db.execute(select(SignIn.id, SignIn.input_at <= now - IDLE).where(*online(now)))
            return Attendance(now, {key: bool(idle) for key, idle in rows})

    return Lookout(look)


async def _presence(request: Request) -> Lookout[Attendance]:
    presence: Lookout[Attendance] = request.app.state.presence
    return presence


PresenceOfApp = Annotated[Lookout[Attendance], Depends(_presence)]


class Told:
    """What one listener has been told, and so what there is still to tell."""

    def __init__(self) -> None:
        self._idle: dict[int, bool] = {}
        self._uuids: dict[int, UUID] = {}

    def ended(self, seen: Attendance) -> list[UUID]:
        """Forget the sign-ins that are over, and return their ids."""
        over = self._idle.keys() - seen.idle.keys()
        for key in over:
            del self._idle[key]
        return [self._uuids.pop(key) for key in over]

    def parts_to_tell(self, seen: Attendance) -> Iterator[list[int]]:
        """Return the keys of sign-ins that are new or changed, newest first, in parts of PART."""
        keys = sorted((key for key, idle in seen.idle.items() if self._idle.get(key) != idle), reverse=True)
        return (keys[start : start + PART] for start in range(0, len(keys), PART))

    def remember(self, seen: Attendance, told: Sequence[Sitting]) -> None:
        for one in told:
            self._idle[one.id] = seen.idle[one.id]
            self._uuids[one.id] = one.uuid
