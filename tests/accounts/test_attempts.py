"""Too many attempts within a minute, and how long to wait: on every database, for several servers at once."""

import asyncio
from http import HTTPStatus

import pytest
from sqlalchemy import func, select
from tests.clock import FrozenClock
from tests.servers import Backend

from deskbay.accounts.attempts import Attempt, Attempts, network_of
from deskbay.accounts.models import AttemptCount
from deskbay.accounts.passwords import AT_ONCE
from deskbay.database import Database
from deskbay.kit.problems import Problem

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def attempts(database: Database, clock: FrozenClock) -> Attempts:
    return Attempts(database, clock, most=3)


async def fail(attempts: Attempts, times: int = 3, *, account: str | None = "ada", address: str | None = None) -> None:
    for _ in range(times):
        await attempts.count(Attempt.SIGN_IN, account=account, address=address)


async def retry_after(attempts: Attempts, *, account: str | None = "ada", address: str | None = None) -> int:
    """Return the seconds that somebody has to wait; 0 when they need not."""
    try:
        await attempts.refuse(Attempt.SIGN_IN, account=account, address=address)
    except Problem as problem:
        refused = problem
    else:
        return 0
    assert refused.status is HTTPStatus.TOO_MANY_REQUESTS
    assert refused.headers is not None
    seconds = refused.headers["Retry-After"]
    assert f"Try again in {seconds} seconds" in refused.detail
    return int(seconds)


async def test_as_many_as_allowed_may_fail(attempts: Attempts) -> None:
    await fail(attempts, 2)
    assert await retry_after(attempts) == 0
    await fail(attempts, 1)
    assert await retry_after(attempts) == 60


async def test_what_one_server_has_counted_holds_at_the_others(
    attempts: Attempts, database: Database, clock: FrozenClock
) -> None:
    other = Attempts(database, clock, most=3)
    await fail(attempts, 2)
    await fail(other, 1)
    assert [await retry_after(attempts), await retry_after(other)] == [60, 60]


async def test_of_many_at_once_no_more_are_taken_than_allowed(attempts: Attempts) -> None:
    async def attempt() -> bool:
        try:
            await attempts.count(Attempt.TOTP, account="ada", address=HERE)
        except Problem:
            return False
        return True

    taken = await asyncio.gather(*(attempt() for _ in range(12)))
    assert sum(taken) == 3


async def test_the_wait_gets_shorter_and_ends(attempts: Attempts, clock: FrozenClock) -> None:
    await fail(attempts)
    clock.advance(seconds=59.5)
    assert await retry_after(attempts) == 1
    clock.advance(seconds=0.5)
    assert await retry_after(attempts) == 0


async def test_each_further_wait_is_twice_as_long_up_to_a_quarter_of_an_hour(
    attempts: Attempts, clock: FrozenClock
) -> None:
    waits = []
    for _ in range(6):
        await fail(attempts)
        waits.append(await retry_after(attempts))
        clock.advance(seconds=waits[-1])
    assert waits == [60, 120, 240, 480, 900, 900]
    clock.advance(hours=1)
    await fail(attempts)
    assert await retry_after(attempts) == 60


async def test_who_goes_on_while_waiting_does_not_wait_longer(attempts: Attempts, clock: FrozenClock) -> None:
    await fail(attempts)
    clock.advance(seconds=20)
    with pytest.raises(Problem, match="40 seconds"):
        await fail(attempts)
    assert await retry_after(attempts) == 40


async def test_failures_of_another_minute_do_not_add_up(attempts: Attempts, clock: FrozenClock) -> None:
    for _ in range(10):
        await fail(attempts, 2)
        clock.advance(seconds=60)
    assert await retry_after(attempts) == 0


async def test_each_account_and_address_counts_for_itself_and_the_longest_wait_holds(
    attempts: Attempts, clock: FrozenClock
) -> None:
    await fail(attempts, account="ADA", address=HERE)
    clock.advance(seconds=20)
    await fail(attempts, account=None, address=THERE)
    assert await retry_after(attempts, account="bob", address="192.0.2.3") == 0
    assert await retry_after(attempts, account="ada", address="192.0.2.3") == 40
    assert await retry_after(attempts, account="ada", address=THERE) == 60


async def test_kinds_count_for_themselves(attempts: Attempts) -> None:
    await fail(attempts, address=HERE)
    await attempts.refuse(Attempt.PAIRING, address=HERE)
    await attempts.refuse(Attempt.TOTP, account="ada")


async def test_what_was_good_after_all_is_forgiven_once(attempts: Attempts) -> None:
    await attempts.forgive(Attempt.SIGN_IN, account="ada")
    await fail(attempts)
    await attempts.forgive(Attempt.SIGN_IN, account="ada", address=HERE)
    assert await retry_after(attempts) == 0
    await fail(attempts, 1)
    assert await retry_after(attempts) > 0


async def test_a_guess_counts_when_it_is_wrong(attempts: Attempts) -> None:
    async def guess(status: HTTPStatus | None) -> None:
        async with attempts.guess(Attempt.SIGN_IN, account="ada"):
            if status is not None:
                raise Problem(status, "No.")

    for status in (None, HTTPStatus.CONFLICT, HTTPStatus.UNAUTHORIZED, HTTPStatus.UNAUTHORIZED) * 2:
        if status is None:
            await guess(None)
            continue
        with pytest.raises(Problem) as refused:
            await guess(status)
        assert refused.value.status is status
        if status is HTTPStatus.UNAUTHORIZED and await retry_after(attempts):
            break
    with pytest.raises(Problem, match="Too many sign-ins have failed"):
        await guess(None)


async def test_what_is_over_takes_no_room(attempts: Attempts, database: Database, clock: FrozenClock) -> None:
    await fail(attempts, 1, account="old", address=HERE)
    clock.advance(minutes=61.5)
    await fail(attempts, 1, account="new")
    await attempts.clean()
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(AttemptCount)) == 1


async def test_nobody_can_read_of_whom_it_is(attempts: Attempts, database: Database) -> None:
    await fail(attempts, 1, account="ada", address=HERE)
    async with database.read() as db:
        keys = (await db.scalars(select(AttemptCount.key))).all()
    assert [len(key) for key in keys] == [64, 64]


@pytest.mark.parametrize("backend", [Backend.SQLITE])
async def test_only_so_many_have_their_turn_at_once(attempts: Attempts) -> None:
    inside = most = 0

    async def attempt() -> None:
        nonlocal inside, most
        async with attempts.turn:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(attempt() for _ in range(10)))
    assert most == AT_ONCE


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_whom_an_address_stands_for(address: str, stands_for: str) -> None:
    assert network_of(address) == stands_for
