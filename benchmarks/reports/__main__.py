"""How soon reports, the list of who is on and the dashboard answer: three years of 20,000 people, and 50,000 on now.

`python -m benchmarks.reports [--people N] [--visits N]`. The intervals are made by PostgreSQL itself, as many as 100
million pings would leave at one ping a minute, and rolled up as the server does it. Each figure is the median of 15
requests to a server over HTTP; before each one the pings of a second are stored, of one in sixty of those who are on.
Ends with 1 when one takes 50 ms or more.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.pings.contenders import started
from benchmarks.pings.postgresql import Server, running_postgresql
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select, text

from deskbay.accounts.models import Role
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user, issue_tokens
from deskbay.accounts.tokens import TokenIssuer
from deskbay.activity import roll_ups
from deskbay.activity.intervals import make_partitions
from deskbay.activity.models import Activity, DeviceHours, RollUpState, UserHours
from deskbay.app import create_app
from deskbay.database import Database, create_engine
from deskbay.database.migrations import migrate
from deskbay.kit.clock import SystemClock
from deskbay.kit.events import EventBus
from deskbay.settings import Settings

SIZE = """
SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
WHERE relkind = 'r' AND relname LIKE 'activity%' OR relname IN ('user_hours', 'device_hours')"""
ROUNDS = 15
GOAL_MS = 50
TODAY = SystemClock().now().date()
ONLINE = 50_000
SEATS = 40
YEARS_OF_DAYS = 3 * 365
PORT = 18083
PEOPLE = """
INSERT INTO users (uuid, username, username_key, role, created_at)
SELECT gen_random_uuid(), 'p' || n, 'p' || n, 'user', now() FROM generate_series(1, :count) n"""
ROOMS = """
INSERT INTO rooms (name, name_key, rows, columns, zone)
SELECT 'room ' || n, 'room ' || n, 5, 8, 'UTC' FROM generate_series(1, :count) n"""
DEVICES = """
INSERT INTO devices (uuid, name, name_key, room_id, enrolled_at)
SELECT gen_random_uuid(), 'pc' || n, 'pc' || n, 1 + (n - 1) / :seats, now() FROM generate_series(1, :count) n"""
VISITS = """
INSERT INTO activity (day, user_id, device_id, sign_in_id, kind, name, starts, ends, reaches)
SELECT day, person, 1 + person % :devices, person, 'presence', '', at, at + spent, at + spent
FROM (
    SELECT day, person, spent, (extract(epoch FROM day)::bigint + 25200 + (random() * 36000)::bigint) * 1000000 AS at
    FROM (
        SELECT person, date :first + (random() * :days)::int AS day,
            (1800 + (random() * 10800)::bigint) * 1000000 AS spent
        FROM generate_series(1, :people) person, generate_series(1, :visits)
    ) visit
) visit"""
SIGN_INS = """
INSERT INTO sign_ins
    (uuid, user_id, device_id, started_at, ends_at, ends_hour, last_ping_at, input_at, clock_offset_ms, recent_pings)
SELECT gen_random_uuid(), n, n, now(), later, date_trunc('hour', later), now(),
    now() - CASE WHEN n % 10 = 0 THEN interval '1 hour' ELSE interval '0' END, 0, ''
FROM generate_series(1, :count) n, (SELECT now() + interval '12 hours' AS later) promise"""

PINGS_OF_A_SECOND = """
UPDATE sign_ins SET ends_at = ends_at + interval '1 minute', last_ping_at = now() WHERE id % 60 = :second"""


@dataclass(frozen=True)
class Stored:
    """How many rows there are of intervals and of hours, their bytes with all indexes, and the pings in them."""

    intervals: int
    hours: int
    size: int
    pings: int


async def fill(url: str, people: int, visits: int) -> None:
    """Make the data, and roll it up."""
    database = Database(create_engine(url), EventBus())
    await migrate(database.engine)
    first = TODAY - timedelta(days=YEARS_OF_DAYS + 3)
    async with database.write() as db:
        await db.execute(text(PEOPLE), {"count": max(people, ONLINE)})
        await db.execute(text(ROOMS), {"count": ONLINE // SEATS})
        await db.execute(text(DEVICES), {"count": ONLINE, "seats": SEATS})
        await make_partitions(db, [first + timedelta(days=day) for day in range(YEARS_OF_DAYS + 1)])
        numbers = {"people": people, "visits": visits, "devices": ONLINE, "days": YEARS_OF_DAYS}
        await db.execute(text(VISITS.replace(":first", f"'{first}'")), numbers)
        await db.execute(text(SIGN_INS), {"count": ONLINE})
        await db.execute(insert(RollUpState).values(id=1, zone="UTC", rolled_up_to=first))
    clock, more = SystemClock(), True
    while more:
        async with database.write() as db:
            more = await roll_ups.roll_up_next_day(db, clock.now())
    async with database.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    await database.close()


async def stored(url: str) -> Stored:
    """Count what is there; a ping stands for a minute."""
    database = Database(create_engine(url), EventBus())
    async with database.read() as db:
        intervals = await db.scalar(select(func.count()).select_from(Activity)) or 0
        seconds = float(await db.scalar(select(func.sum(Activity.ends - Activity.starts))) or 0) / 1e6
        hours = [await db.scalar(select(func.count()).select_from(table)) or 0 for table in (UserHours, DeviceHours)]
        size = await db.scalar(text(SIZE)) or 0
    await database.close()
    return Stored(intervals, sum(hours), size, round(seconds / 60))


async def token(settings: Settings) -> str:
    """Return the access token of an administrator."""
    app = create_app(settings)
    database: Database = app.state.database
    issuer: TokenIssuer = app.state.token_issuer
    async with database.write() as db:
        user = await create_user(db, issuer.clock, NewUser(username="boss"), role=Role.ADMINISTRATOR)
        tokens = await issue_tokens(db, issuer, user)
    await database.close()
    return tokens.access


def in_words(stored: Stored) -> str:
    millions = stored.pings / 1e6
    return (
        f"{millions:,.0f} million pings are {stored.intervals:,} intervals and {stored.hours:,} rows of hours: "
        f"per million pings {stored.intervals / millions:,.0f} and {stored.hours / millions:,.0f} rows, "
        f"{stored.size / millions / 1e6:.1f} MB with all indexes"
    )


def questions() -> dict[str, str]:
    month = (TODAY.replace(day=1) - timedelta(days=40)).replace(day=1)
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    years = f"from={month.replace(year=month.year - 2)}&to={end}"
    report, online = "/api/v1/reports/hours", "/api/v1/sign-ins?online=true&limit=200"
    return {
        "who is on now, first page of 50,000": online,
        "how full 1,250 rooms are, 50,000 on": "/api/v1/rooms/occupancy",
        "contract: the dashboard, all 50,000": "/api/session-manager/dashboard",
        "a month by user": f"{report}?by=user&from={month}&to={end}",
        "a month by user, split by day": f"{report}?by=user&period=day&from={month}&to={end}",
        "two years by user, split by month": f"{report}?by=user&period=month&{years}",
        "a month by user, compared with the one before": f"{report}?by=user&from={month}&to={end}&{before(month)}",
        "a month by device": f"{report}?by=device&from={month}&to={end}",
        "a month by room, split by day": f"{report}?by=room&period=day&from={month}&to={end}",
        "a year by user, split by month": f"{report}?by=user&period=month&{last_year()}",
        "one person's two years by month": f"{report}?by=user&user_id=7&period=month&{years}",
    }


def before(month: date) -> str:
    last = month - timedelta(days=1)
    return f"compare_from={last.replace(day=1)}&compare_to={last}"


def last_year() -> str:
    year = TODAY.year - 1
    return f"from={year}-01-01&to={year}-12-31"


@contextmanager
def pinging(url: str) -> Iterator[Callable[[int], None]]:
    """Give what stores the pings of a second."""
    database = Database(create_engine(url), EventBus())

    async def store(second: int) -> None:
        async with database.write() as db:
            await db.execute(text(PINGS_OF_A_SECOND), {"second": second})

    with asyncio.Runner() as runner:
        yield lambda second: runner.run(store(second))
        runner.run(database.close())


def ask(connection: HTTPConnection, path: str, headers: Mapping[str, str]) -> None:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == HTTPStatus.OK, body


def measure(question: Callable[[], None], ping: Callable[[int], None]) -> float:
    times = []
    for second in range(ROUNDS):
        ping(second)
        began = time.perf_counter()
        question()
        times.append(time.perf_counter() - began)
    return median(times) * 1000


def run(postgresql: Server, people: int, visits: int, console: Console) -> bool:
    url = postgresql.sqlalchemy("reports")
    asyncio.run(fill(url, people, visits))
    console.print(in_words(asyncio.run(stored(url))))
    table = Table("question", "ms", title="Answers at the API")
    with TemporaryDirectory(prefix="deskbay-") as folder:
        settings = Settings(data=Path(folder), database_url=url)
        access = asyncio.run(token(settings))
        command = [str(Path(sys.executable).with_name("deskbay")), "serve", "--data", folder, "--port", str(PORT)]
        headers = {"Authorization": f"Bearer {access}"}
        with (
            started(command, PORT, DESKBAY_DATABASE_URL=url),
            closing(HTTPConnection("127.0.0.1", PORT, timeout=60)) as connection,
            pinging(url) as ping,
        ):
            found = {name: measure(partial(ask, connection, path, headers), ping) for name, path in questions().items()}
    for name, took in found.items():
        table.add_row(name, f"{took:.1f}")
    console.print(table)
    return max(found.values()) < GOAL_MS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--visits", type=int, default=43, help="of each person, two hours each on the average")
    arguments = parser.parse_args()
    with running_postgresql(["reports"]) as server:
        sys.exit(0 if run(server, arguments.people, arguments.visits, Console()) else 1)
