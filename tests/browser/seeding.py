"""A school with many computers and people, written straight into a server's database before it is started."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import Role, User
from deskbay.activity.models import Activity, Kind, SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.stretches import DAY, day_of, microseconds
from deskbay.database import Database, create_engine
from deskbay.database.base import Base
from deskbay.database.migrations import migrate
from deskbay.devices.models import Device, Room
from deskbay.kit.events import EventBus
from deskbay.settings import Tracking

LESSONS = [time(8), time(9, 45), time(11, 30), time(14), time(15, 45)]
LESSON = timedelta(minutes=90)
STILL_ON = timedelta(hours=8)
"""So long after the seeding those who are on now stay so."""
BATCH = 5000
SATURDAY = 5
APPLICATIONS = ["Firefox", "Writer", "Calc", "Blender", "Visual Studio Code", "Terminal", "GIMP", "PyCharm"]
FIRST_NAMES = ["Ada", "Bob", "Chen", "Dora", "Emil", "Fatima", "Grace", "Hugo", "Ines", "Jakub", "Kim", "Leila"]
LAST_NAMES = ["Lovelace", "Berg", "Costa", "Dvořák", "Eriksen", "Fischer", "García", "Hopper", "Ivanova", "Jones"]
CLASS = {
    "name": "Class 7b",
    "name_key": "class 7b",
    "slug": "class-7b",
    "description": "Room 204",
    "tracking": Tracking.CONSENT,
    "window_titles": False,
}
CLASS_SIZE = 30
Rows = Iterator[dict[str, object]]
Sitting = tuple[int, int, datetime, datetime]
"""A person (counted from 0) at a computer (likewise), from when until when."""


@dataclass(frozen=True, slots=True)
class School:
    """How much there is. Of ten computers eight are taken now, and in each lesson of the days before."""

    rooms: int = 40
    computers_of_a_room: int = 75
    days: int = 60

    @property
    def computers(self) -> int:
        return self.rooms * self.computers_of_a_room

    @property
    def people(self) -> int:
        return self.computers * 2


def seed(data: Path, school: School) -> None:
    """Fill the database of a data folder in which no server runs, and that nobody has used yet."""
    data.mkdir(mode=0o700, exist_ok=True)
    url = f"sqlite+aiosqlite:///{data / 'deskbay.sqlite'}"
    with ThreadPoolExecutor(1) as elsewhere:  # in this thread Playwright's loop may be running
        elsewhere.submit(lambda: asyncio.run(_fill(url, school))).result()


async def _fill(url: str, school: School) -> None:
    engine = create_engine(url)
    await migrate(engine)
    database = Database(engine, EventBus())
    now, dice = datetime.now(UTC).replace(microsecond=0), Random(7)  # noqa: S311 - no secret
    async with database.write() as db:
        await _insert(db, Room, _rooms(school))
        await _insert(db, Device, _computers(school, now, dice))
        await _insert(db, User, _people(school, now, dice))
        await _insert(db, Group, iter([{**CLASS, "created_at": now}]))
        await _insert(db, Member, _members(school))
        sittings = [*_lessons(school, now, dice), *_on_now(school, now, dice)]
        await _insert(db, SignIn, _sign_ins(sittings, now, dice))
        await _insert(db, Activity, _activity(sittings, now, dice))
    await database.close()


def _members(school: School) -> Rows:
    for user_id in range(1, min(CLASS_SIZE, school.people) + 1):
        yield {"group_id": 1, "user_id": user_id, "is_administrator": user_id == 1}


async def _insert(db: AsyncSession, model: type[Base], rows: Rows) -> None:
    while batch := list(islice(rows, BATCH)):
        await db.execute(insert(model), batch)


def _rooms(school: School) -> Rows:
    columns = 10
    rows = -(-school.computers_of_a_room // columns)
    for number in range(1, school.rooms + 1):
        name = f"Lab {number:02}"
        yield {"name": name, "name_key": name.lower(), "rows": rows, "columns": columns, "zone": "UTC"}


def _computers(school: School, now: datetime, dice: Random) -> Rows:
    for number in range(school.computers):
        room, place = divmod(number, school.computers_of_a_room)
        row, column = divmod(place, 10)
        name = f"pc-{room + 1:02}-{place + 1:02}"
        yield {
            "uuid": _uuid(dice),
            "name": name,
            "name_key": name,
            "room_id": room + 1,
            "row": row + 1,
            "column": column + 1,
            "enrolled_at": now - timedelta(days=school.days),
            "seen_at": now,
            "seen_until": now + STILL_ON,
        }


def _people(school: School, now: datetime, dice: Random) -> Rows:
    for number in range(school.people):
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        username = f"{first[0]}{last[:4]}{number:05}".lower().encode("ascii", "ignore").decode()
        yield {
            "uuid": _uuid(dice),
            "username": username,
            "username_key": username,
            "email": f"{username}@school.example",
            "full_name": f"{first} {last}",
            "role": Role.USER,
            "created_at": now - timedelta(days=school.days),
        }


def _lessons(school: School, now: datetime, dice: Random) -> Iterator[Sitting]:
    for back in range(school.days, 0, -1):
        day = now.date() - timedelta(days=back)
        if day.weekday() < SATURDAY:
            for begins in LESSONS:
                for person, computer in _seating(school, dice):
                    start = datetime.combine(day, begins, UTC) + timedelta(seconds=dice.randrange(600))
                    yield person, computer, start, start + LESSON - timedelta(seconds=dice.randrange(1200))


def _on_now(school: School, now: datetime, dice: Random) -> Iterator[Sitting]:
    seated = [(now - timedelta(seconds=dice.randrange(5400)), *pair) for pair in _seating(school, dice)]
    for start, person, computer in sorted(seated):
        yield person, computer, start, now + STILL_ON


def _seating(school: School, dice: Random) -> Iterator[tuple[int, int]]:
    taken = school.computers * 8 // 10
    people, computers = range(school.people), range(school.computers)
    return zip(dice.sample(people, taken), dice.sample(computers, taken), strict=True)


def _sign_ins(sittings: Sequence[Sitting], now: datetime, dice: Random) -> Rows:
    for person, computer, start, end in sittings:
        is_idle = end > now and dice.random() < 0.1
        yield {
            "uuid": _uuid(dice),
            "user_id": person + 1,
            "device_id": computer + 1,
            "started_at": start,
            "ends_at": end,
            "ends_hour": hour_of(end),
            "last_ping_at": min(end, now),
            "input_at": max(start, now - timedelta(minutes=20)) if is_idle else None,
            "clock_offset_ms": 0,
            "recent_pings": "",
        }


def _activity(sittings: Sequence[Sitting], now: datetime, dice: Random) -> Rows:
    for key, (person, computer, start, end) in enumerate(sittings, start=1):
        starts, ends = microseconds(start), microseconds(min(end, now))
        if day_of(starts) != day_of(ends):
            starts = ends - ends % DAY  # no interval goes over midnight
        row = {"day": day_of(starts), "user_id": person + 1, "device_id": computer + 1, "sign_in_id": key}
        used = starts + (ends - starts) * dice.randrange(1, 10) // 10
        yield row | {"kind": Kind.PRESENCE, "name": "", "starts": starts, "ends": ends, "reaches": ends}
        name = dice.choice(APPLICATIONS)
        yield row | {"kind": Kind.APPLICATION, "name": name, "starts": starts, "ends": used, "reaches": used}


def _uuid(dice: Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
