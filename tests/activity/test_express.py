"""The express way into PostgreSQL leaves the same as the general one, and gives way where others write."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from tests.activity.test_reports import Lab
from tests.clock import FrozenClock
from tests.servers import Backend

from deskbay.activity.express import Express
from deskbay.activity.ingest import PingWriter
from deskbay.activity.models import Activity, SignIn
from deskbay.activity.pings import Outcome, Ping, store_pings
from deskbay.activity.stretches import DAY, microseconds
from deskbay.database import Database, create_engine
from deskbay.database.direct import Direct
from deskbay.kit.events import EventBus

pytestmark = pytest.mark.parametrize("backend", [Backend.POSTGRESQL], indirect=True)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
STORED, REPEATED = Outcome.STORED, Outcome.REPEATED


@pytest.fixture
async def lab(database: Database, clock: FrozenClock) -> Lab:
    lab = await Lab(database, clock).open()
    clock.time = NOON
    async with database.write() as db:  # January is there
        await store_pings(db, [ping_of(one, -600) for one in lab.sign_ins], NOON)
    return lab


@pytest.fixture
def express(lab: Lab) -> Express:
    return Express(direct_of(lab.database))


@pytest.fixture
async def other_server(database_url: str, lab: Lab) -> AsyncIterator[PingWriter]:
    """A second server on the same database."""
    database = Database(create_engine(database_url), EventBus())
    yield PingWriter(database, lab.clock, 10_000)
    await database.close()


def direct_of(database: Database) -> Direct:
    assert database.direct
    return database.direct


def ping_of(sign_in: UUID, minutes: float = 0, promise: int = 60, **more: object) -> Ping:
    at = microseconds(NOON + timedelta(minutes=minutes))
    return Ping(sign_in, at, promise, latest=microseconds(NOON) + DAY)._replace(**more)  # type: ignore[arg-type]


async def intervals(database: Database, sign_in: UUID) -> set[tuple[object, ...]]:
    async with database.read() as db:
        rows = await db.execute(
            select(Activity.kind, Activity.name, Activity.starts, Activity.ends, Activity.reaches)
            .join(SignIn, SignIn.id == Activity.sign_in_id)
            .where(SignIn.uuid == sign_in, Activity.starts >= microseconds(NOON - timedelta(days=8)))
        )
        return {tuple(row) for row in rows}


async def state(database: Database, sign_in: UUID) -> tuple[object, ...]:
    shown = (
        SignIn.started_at, SignIn.ends_at, SignIn.ends_hour, SignIn.last_ping_at, SignIn.input_at,
        SignIn.clock_offset_ms, SignIn.recent_pings,
    )  # fmt: skip
    async with database.read() as db:
        return tuple((await db.execute(select(*shown).where(SignIn.uuid == sign_in))).one())


async def test_what_nearly_all_pings_are_goes_the_express_way(lab: Lab, express: Express) -> None:
    first, second = lab.sign_ins[:2]
    lesson = ping_of(second, event="lesson", application="Writer", open_applications=("Writer", "Browser"))
    group = [
        ping_of(first),
        lesson,
        ping_of(first, 1, idle_seconds=30),
        lesson,
        ping_of(uuid4()),
        ping_of(first, 2, login="bob"),
        ping_of(first, 2 * 24 * 60),
        ping_of(first, 0.5, in_order=True),
    ]
    unknown = Outcome.UNKNOWN
    expected = [STORED, STORED, STORED, REPEATED, unknown, unknown, Outcome.IN_FUTURE, Outcome.TOO_OLD]
    assert await express.store(group, NOON) == expected
    noon, minute = microseconds(NOON), 60_000_000
    assert ("presence", "", noon, noon + 2 * minute, noon + 2 * minute + minute // 2) in await intervals(
        lab.database, first
    )
    assert {kind for kind, *_ in await intervals(lab.database, second)} == {
        "presence", "event", "application", "open-application",
    }  # fmt: skip


@pytest.mark.parametrize(
    "pings",
    [
        [(-25 * 60, 60)],
        [(-35 * 60, 12 * 3600), (-23.5 * 60, 3600)],
        [(0, 3 * 24 * 3600)],
        [(0, 60), (3, 60), (1.5, 120)],
    ],
    ids=["late", "a day that may be rolled up goes on", "a promise of days", "two intervals become one"],
)
async def test_what_goes_beyond_is_left_to_the_general_way(
    lab: Lab, express: Express, pings: Sequence[tuple[float, int]]
) -> None:
    sign_in = lab.sign_ins[0]
    before = await intervals(lab.database, sign_in)
    *first, last = [ping_of(sign_in, *ping) for ping in pings]
    writer = PingWriter(lab.database, lab.clock, 1000)
    assert [await writer.store([one]) for one in first] == [[STORED] for _ in first]
    assert await express.store([last], NOON) == [None]
    assert await writer.store([last]) == [STORED]
    assert await writer.store([last]) == [REPEATED]
    assert await intervals(lab.database, sign_in) != before


@pytest.mark.parametrize("seed", range(4))
async def test_both_ways_leave_the_same(lab: Lab, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same each time
    either, other = lab.sign_ins[:2]
    writer = PingWriter(lab.database, lab.clock, 1000)
    for _ in range(12):
        group = [random_ping(either, random) for _ in range(random.randrange(1, 6))]
        outcomes = await writer.store(group)
        async with lab.database.write() as db:
            assert await store_pings(db, [ping._replace(sign_in=other) for ping in group], NOON) == outcomes
    assert await intervals(lab.database, either) == await intervals(lab.database, other)
    (started, *rest), (other_started, *other_rest) = [await state(lab.database, one) for one in (either, other)]
    assert rest == other_rest
    assert (started, other_started) == tuple(datetime(2025, 10, 19, hour, tzinfo=UTC) for hour in (0, 1))


def random_ping(sign_in: UUID, random: Random) -> Ping:
    minutes = random.choice([random.randrange(-10, 1), random.randrange(-1500, 1), random.randrange(-9000, 1)])
    return ping_of(
        sign_in,
        minutes,
        random.choice([30, 600, 7200, 90_000]),
        event=random.choice(["", "lesson"]),
        application=random.choice(["", "Writer"]),
        idle_seconds=random.choice([None, 5]),
        clock_offset_ms=random.choice([None, 0, 1500, 60_000]),
        in_order=random.random() < 0.2,
        earliest=microseconds(NOON) - 5 * DAY,
    )


async def test_a_sign_in_that_another_server_changes_meanwhile_is_looked_at_again(
    lab: Lab, other_server: PingWriter
) -> None:
    one, calm = lab.sign_ins[:2]

    class Overtaken(Direct):
        """Between the two statements of a group, another server stores a ping."""

        async def fetch(self, statement: str, *arguments: object) -> list[Sequence[object]]:
            if "UPDATE" in statement:
                assert await other_server.store([ping_of(one, 1)]) == [STORED]
            return await super().fetch(statement, *arguments)

    overtaken = Overtaken(lab.database.engine)
    assert await Express(overtaken).store([ping_of(one), ping_of(calm)], NOON) == [None, STORED]
    await overtaken.close()
    assert await PingWriter(lab.database, lab.clock, 1000).store([ping_of(one)]) == [STORED]
    begins = {starts for _, _, starts, *_ in await intervals(lab.database, one)}
    assert begins == {microseconds(NOON - timedelta(hours=10)), microseconds(NOON)}


@pytest.fixture
async def remembered(lab: Lab, express: Express) -> UUID:
    """A sign-in that the express way remembers: it has prolonged an interval of it."""
    one = lab.sign_ins[0]
    for minute in (0, 1):
        assert await express.store([ping_of(one, minute, login="ada")], NOON) == [STORED]
    return one


async def test_what_is_remembered_is_not_read_again(lab: Lab, remembered: UUID) -> None:
    statements: list[str] = []

    class Watched(Direct):
        async def fetch(self, statement: str, *arguments: object) -> list[Sequence[object]]:
            statements.append(statement.split(maxsplit=1)[0])
            return await super().fetch(statement, *arguments)

    watched = Watched(lab.database.engine)
    express = Express(watched)
    for minute in (2, 3, 4):
        assert await express.store([ping_of(remembered, minute)], NOON) == [STORED]
    await watched.close()
    assert statements == ["SELECT", "WITH", "WITH", "WITH"]


async def test_memory_that_is_not_true_any_more_is_read_again(
    lab: Lab, express: Express, other_server: PingWriter, remembered: UUID
) -> None:
    elsewhere = ping_of(remembered, 2, event="lesson")
    assert await other_server.store([elsewhere]) == [STORED]
    pings = [elsewhere, ping_of(remembered, 1.5, in_order=True), ping_of(remembered, 3, event="lesson")]
    assert await express.store(pings, NOON) == [REPEATED, Outcome.TOO_OLD, STORED]
    begins = {(kind, starts) for kind, _, starts, *_ in await intervals(lab.database, remembered)}
    later = NOON + timedelta(minutes=2)
    assert begins == {
        ("presence", microseconds(NOON - timedelta(hours=10))),
        ("presence", microseconds(NOON)),
        ("event", microseconds(later)),
    }


async def test_who_is_called_otherwise_by_now_is_known_by_the_new_name(
    lab: Lab, express: Express, remembered: UUID
) -> None:
    async with lab.database.write() as db:
        await db.execute(
            text("UPDATE users SET username = 'lovelace', username_key = 'lovelace' WHERE username = 'ada'")
        )
    old, new = (ping_of(remembered, 2, login=login) for login in ("ada", "lovelace"))
    assert await express.store([old], NOON) == [Outcome.UNKNOWN]
    assert await express.store([new], NOON) == [STORED]


async def test_a_sign_in_that_is_gone_is_unknown(lab: Lab, express: Express, remembered: UUID) -> None:
    async with lab.database.write() as db:
        await db.execute(text("DELETE FROM sign_ins"))
    assert await express.store([ping_of(remembered, 2)], NOON) == [Outcome.UNKNOWN]


async def test_memory_has_an_end(lab: Lab, express: Express, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskbay.activity.express.MOST_REMEMBERED", 2)
    for minute in range(4):
        group = [ping_of(one, minute) for one in lab.sign_ins]
        assert await express.store(group, NOON) == [STORED] * len(group)
    for one in lab.sign_ins:
        assert len(await intervals(lab.database, one)) == 2


async def test_two_servers_on_one_database_lose_nothing(lab: Lab, other_server: PingWriter) -> None:
    servers = PingWriter(lab.database, lab.clock, 10_000), other_server
    minutes = range(0, 32, 2)
    pings = [ping_of(one, minute, 10) for minute in minutes for one in lab.sign_ins]
    for expected in (STORED, REPEATED):
        answers = await asyncio.gather(*(servers[number % 2].store([ping]) for number, ping in enumerate(pings)))
        assert answers == [[expected]] * len(pings)
    for one in lab.sign_ins:
        begins = {starts for _, _, starts, *_ in await intervals(lab.database, one)}
        assert begins >= {microseconds(NOON + timedelta(minutes=minute)) for minute in minutes}


async def test_a_month_that_is_missing_is_made(lab: Lab, express: Express) -> None:
    now = lab.clock.time = NOON + timedelta(days=31)
    first, second = [ping_of(lab.sign_ins[0], 31 * 24 * 60 - more, latest=microseconds(now)) for more in (1, 0)]
    async with lab.database.write() as db:
        await db.execute(text("DROP TABLE IF EXISTS activity_2026_02"))
    assert await express.store([first], now) == [None]
    assert await PingWriter(lab.database, lab.clock, 1000).store([first]) == [STORED]
    assert await express.store([second], now) == [STORED]
