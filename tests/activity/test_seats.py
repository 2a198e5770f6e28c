"""What computers are now, on each database: the map, the counts, the list."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import ClauseElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.servers import Backend

from deskbay.accounts.models import Role, User
from deskbay.activity.computers import DeviceFilter, list_computers
from deskbay.activity.maps import count_seats, draw_map
from deskbay.activity.models import SignIn
from deskbay.activity.pings import hour_of
from deskbay.activity.seats import IDLE, latest_sign_ins, seats_by_room
from deskbay.database import Database
from deskbay.devices.models import Device, Room
from deskbay.devices.schemas import SeatState

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
FREE, IN_USE, IDLE_SEAT, OFFLINE = SeatState.FREE, SeatState.IN_USE, SeatState.IDLE, SeatState.OFFLINE


class School:
    """Two rooms. In the first sit ada, who works, and bob, who is away; one computer is free and two are off."""

    def __init__(self, db: AsyncSession, clock: FrozenClock) -> None:
        self.db = db
        self.clock = clock
        self.lab = Room(name="Lab", rows=2, columns=3, zone="UTC")
        self.hall = Room(name="Hall", rows=1, columns=1, zone="UTC")
        self.devices: dict[str, Device] = {}

    async def open(self) -> None:
        self.db.add_all([self.lab, self.hall])
        await self.db.flush()
        for name, room, place in [
            ("pc-c", self.lab, (1, 3)),
            ("pc-b", self.lab, (1, 2)),
            ("PC-A", self.lab, (1, 1)),
            ("pc-off", self.lab, (2, 1)),
            ("pc-new", self.lab, (None, None)),
            ("pc-hall", self.hall, (1, 1)),
            ("50%_off", None, (None, None)),
        ]:
            self._add(name, room, *place)
        now = self.clock.now()
        self.devices["pc-c"].seen_until = now + MINUTE
        self.devices["pc-off"].seen_at = now - 60 * MINUTE
        self.devices["pc-off"].seen_until = now - MINUTE
        await self.db.flush()
        await self.sits("ada", "PC-A")
        await self.sits("bob", "pc-b", touched=IDLE)

    def _add(self, name: str, room: Room | None, row: int | None, column: int | None) -> None:
        device = Device(uuid=uuid4(), name=name, room=room, row=row, column=column, enrolled_at=self.clock.now())
        self.devices[name] = device
        self.db.add(device)

    async def sits(self, name: str, at: str, *, touched: timedelta | None = None, ended: bool = False) -> None:
        now = self.clock.now()
        ends = now - MINUTE if ended else now + MINUTE
        person = User(uuid=uuid4(), username=name, role=Role.USER, created_at=now)
        self.db.add(
            SignIn(
                uuid=uuid4(),
                user=person,
                device=self.devices[at],
                address=None,
                started_at=now - 30 * MINUTE,
                ends_at=ends,
                ends_hour=hour_of(ends),
                last_ping_at=now - MINUTE,
                input_at=None if touched is None else now - touched,
                clock_offset_ms=0,
                recent_pings="",
            )
        )
        await self.db.flush()

    async def list(self, **wanted: object) -> list[str]:
        devices, _, total = await list_computers(self.db, self.clock.now(), DeviceFilter.model_validate(wanted))
        assert total == len(devices)
        return [device.name for device in devices]


@pytest.fixture
async def school(database: Database, clock: FrozenClock) -> AsyncIterator[School]:
    async with database.write() as db:
        school = School(db, clock)
        await school.open()
        yield school


async def test_the_map_says_who_sits_where_since_when(school: School) -> None:
    drawn = await draw_map(school.db, school.clock.now(), school.lab, names=True)
    now = school.clock.now()
    placed = sorted((seat for seat in drawn.seats if seat.row), key=lambda seat: (seat.row, seat.column))
    assert [(seat.device, seat.state, seat.username, seat.since) for seat in placed] == [
        ("PC-A", IN_USE, "ada", now - 30 * MINUTE),
        ("pc-b", IDLE_SEAT, "bob", now - IDLE),
        ("pc-c", FREE, None, None),
        ("pc-off", OFFLINE, None, now - 60 * MINUTE),
    ]
    assert drawn.counts == {FREE: 1, IN_USE: 1, IDLE_SEAT: 1, OFFLINE: 2}


async def test_the_map_without_names_has_none(school: School) -> None:
    drawn = await draw_map(school.db, school.clock.now(), school.lab, names=False)
    assert {(seat.device, seat.device_id, seat.username) for seat in drawn.seats} == {(None, None, None)}
    assert drawn.counts == {FREE: 1, IN_USE: 1, IDLE_SEAT: 1, OFFLINE: 2}


async def test_of_two_at_one_computer_the_later_one_counts_and_once(school: School) -> None:
    await school.sits("cleo", "pc-b")
    drawn = await draw_map(school.db, school.clock.now(), school.lab, names=True)
    assert [seat.username for seat in drawn.seats if seat.device == "pc-b"] == ["cleo"]
    assert (await count_seats(school.db, school.clock.now())).items[1].counts[IN_USE] == 2


async def test_of_two_at_one_computer_the_later_one_may_be_idle(school: School) -> None:
    await school.sits("cleo", "PC-A", touched=IDLE)
    drawn = await draw_map(school.db, school.clock.now(), school.lab, names=True)
    assert drawn.counts[IDLE_SEAT] == 2
    counted = (await count_seats(school.db, school.clock.now())).items
    assert [room.counts for room in counted if room.room_id == school.lab.id] == [drawn.counts]


async def test_counts_of_rooms_agree_with_their_maps_whoever_sits_where(school: School) -> None:
    random = Random(7)  # noqa: S311 - the same each time
    for number in range(40):
        at, touched = random.choice(list(school.devices)), random.choice([None, MINUTE, IDLE])
        await school.sits(f"p{number}", at, touched=touched, ended=random.random() < 0.5)
    counted = {room.room_id: room.counts for room in (await count_seats(school.db, school.clock.now())).items}
    for room in (school.lab, school.hall):
        assert counted[room.id] == (await draw_map(school.db, school.clock.now(), room, names=True)).counts


async def test_who_has_left_does_not_count(school: School) -> None:
    await school.sits("cleo", "pc-c", ended=True)
    drawn = await draw_map(school.db, school.clock.now(), school.lab, names=True)
    assert [(seat.state, seat.username) for seat in drawn.seats if seat.device == "pc-c"] == [(FREE, None)]


async def test_each_room_is_counted_and_so_are_computers_without_one(school: School) -> None:
    counted = (await count_seats(school.db, school.clock.now())).items
    nothing = dict.fromkeys(SeatState, 0)
    assert {room.room_id: room.counts for room in counted} == {
        None: nothing | {OFFLINE: 1},
        school.lab.id: {FREE: 1, IN_USE: 1, IDLE_SEAT: 1, OFFLINE: 2},
        school.hall.id: nothing | {OFFLINE: 1},
    }


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["50%_off", "PC-A", "pc-b", "pc-c", "pc-hall", "pc-new", "pc-off"]),
        ({"search": "off"}, ["50%_off", "pc-off"]),
        ({"search": "pc OFF"}, ["pc-off"]),
        ({"search": "%_"}, ["50%_off"]),
        ({"search": "nothing"}, []),
        ({"state": "in-use"}, ["PC-A"]),
        ({"state": "idle"}, ["pc-b"]),
        ({"state": "free"}, ["pc-c"]),
        ({"state": "offline", "search": "pc"}, ["pc-hall", "pc-new", "pc-off"]),
        ({"unplaced": True}, ["50%_off", "pc-new"]),
    ],
)
async def test_the_list_shows_what_matches_by_name(school: School, wanted: dict[str, object], found: list[str]) -> None:
    assert sorted(await school.list(**wanted)) == sorted(found)


async def test_the_list_narrows_to_a_room(school: School) -> None:
    assert await school.list(room_id=school.hall.id) == ["pc-hall"]
    assert await school.list(room_id=school.lab.id, unplaced=True) == ["pc-new"]


async def test_the_list_tells_whose_own_a_device_is_and_narrows_to_them(school: School) -> None:
    await school.sits("Dora", "pc-c")
    own = school.devices["pc-c"]
    own.owner, own.token_digest = await school.db.scalar(select(User).where(User.username == "Dora")), "of a token"
    await school.db.flush()
    devices, _, _ = await list_computers(school.db, school.clock.now(), DeviceFilter(owner="dORA"))
    assert [(device.name, device.owner and device.owner.username) for device in devices] == [("pc-c", "Dora")]
    assert await school.list(owner="nobody") == []
    assert sorted(await school.list(shared=True)) == sorted(set(school.devices) - {"pc-c"})


async def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(school: School) -> None:
    seen: list[str] = []
    cursor: int | None = None
    for _ in range(4):
        wanted = DeviceFilter(limit=2, cursor=cursor)
        page, cursor, total = await list_computers(school.db, school.clock.now(), wanted)
        assert total == 7
        seen += [device.name for device in page]
    assert cursor is None
    assert sorted(seen) == sorted(school.devices)
    assert seen == [device.name for device in (await list_computers(school.db, school.clock.now(), DeviceFilter()))[0]]


async def test_the_list_tells_state_room_and_last_report(school: School) -> None:
    devices, _, _ = await list_computers(school.db, school.clock.now(), DeviceFilter(search="pc-a"))
    (device,) = devices
    assert device.room
    assert (device.state, device.room.name, device.last_seen_at) == (IN_USE, "Lab", school.clock.now() - MINUTE)


@pytest.mark.parametrize("backend", [Backend.SQLITE])  # servers plan by the rows there are
@pytest.mark.parametrize(
    "question",
    [latest_sign_ins(select(Device.id), NOON, Device.row.is_not(None)), seats_by_room(NOON)],
    ids=["list", "rooms"],
)
async def test_who_is_on_is_found_among_all_who_ever_were_by_their_end(school: School, question: ClauseElement) -> None:
    dialect = (await school.db.connection()).dialect
    plan = text(f"EXPLAIN QUERY PLAN {question.compile(dialect=dialect, compile_kwargs={'literal_binds': True})}")
    steps = [step for *_, step in await school.db.execute(plan)]
    assert "SEARCH sign_ins USING INDEX ix_sign_ins_ends_hour (ends_hour>?)" in steps
