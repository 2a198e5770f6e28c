"""Pings wait in a queue that has an end, and are written in groups."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from tests.activity.test_reports import Lab
from tests.clock import FrozenClock

from deskbay.activity.ingest import PingWriter
from deskbay.activity.models import Activity, SignIn
from deskbay.activity.pings import Outcome, Ping, earliest_kept
from deskbay.activity.stretches import DAY, SECOND, microseconds
from deskbay.database import Database
from deskbay.kit.problems import Problem


@pytest.fixture
async def lab(database: Database, clock: FrozenClock) -> Lab:
    return await Lab(database, clock).open()


def ping_of(sign_in: UUID, clock: FrozenClock, minutes: int = 0) -> Ping:
    now = microseconds(clock.now())
    return Ping(sign_in, now - minutes * 60 * SECOND, 60, latest=now)


async def test_many_at_once_are_all_stored_and_each_gets_its_own_answer(lab: Lab) -> None:
    writer = PingWriter(lab.database, lab.clock, 5000)
    known = [ping_of(one, lab.clock, minutes) for one in lab.sign_ins for minutes in range(0, 200, 10)]
    mixed = [ping for one in known for ping in (one, ping_of(uuid4(), lab.clock))]
    answers = await asyncio.gather(*(writer.store([ping]) for ping in mixed))
    assert answers == [[Outcome.STORED], [Outcome.UNKNOWN]] * len(known)
    async with lab.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Activity)) == len(known) + len(lab.sign_ins)
        ends = set(await db.scalars(select(SignIn.ends_at)))
    assert ends == {lab.clock.now() + timedelta(seconds=60)}


async def test_a_full_queue_puts_off_with_503_and_takes_more_afterwards(lab: Lab) -> None:
    writer = PingWriter(lab.database, lab.clock, 10)
    waiting = [writer.store([ping_of(lab.sign_ins[0], lab.clock, at)]) for at in range(10)]
    with pytest.raises(Problem) as caught:
        await writer.store([ping_of(lab.sign_ins[0], lab.clock)])
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})
    assert [answer for (answer,) in await asyncio.gather(*waiting)] == [Outcome.STORED] * 10
    assert await writer.store([ping_of(lab.sign_ins[1], lab.clock)]) == [Outcome.STORED]


async def test_who_hangs_up_does_not_hold_up_the_others(lab: Lab) -> None:
    writer = PingWriter(lab.database, lab.clock, 100)
    first, second = (writer.store([ping_of(one, lab.clock)]) for one in lab.sign_ins[:2])
    await asyncio.sleep(0)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    assert await second == [Outcome.STORED]


async def test_a_database_that_fails_gives_503_and_nothing_half_made(lab: Lab) -> None:
    class Unwritable(Database):
        def write(self) -> None:  # type: ignore[override]
            raise OSError("no space left")

    broken = Unwritable(lab.database.engine, lab.database.bus)
    broken.direct = None
    writer = PingWriter(broken, lab.clock, 100)
    with pytest.raises(Problem) as caught:
        await writer.store([ping_of(lab.sign_ins[0], lab.clock)])
    assert caught.value.status == 503


async def test_what_is_no_longer_kept_is_refused(lab: Lab) -> None:
    writer = PingWriter(lab.database, lab.clock, 100)
    now = microseconds(lab.clock.now())
    old = Ping(lab.sign_ins[0], now - 40 * DAY, 60, latest=now, earliest=earliest_kept(now, 31))
    assert await writer.store([old]) == [Outcome.TOO_OLD]
    assert earliest_kept(now, None) == 0


async def test_a_clock_before_all_time_spoils_no_group(lab: Lab) -> None:
    writer = PingWriter(lab.database, lab.clock, 100)
    beginning = microseconds(datetime.min.replace(tzinfo=UTC))
    fast = Ping(lab.sign_ins[0], beginning, 60, latest=microseconds(lab.clock.now()), clock_offset_ms=60_000)
    answers = await asyncio.gather(writer.store([fast]), writer.store([ping_of(lab.sign_ins[1], lab.clock)]))
    assert [*answers] == [[Outcome.TOO_OLD], [Outcome.STORED]]
