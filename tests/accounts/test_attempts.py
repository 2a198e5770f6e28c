"""Too many failures within a minute, and how long to wait."""

import asyncio
from http import HTTPStatus

import pytest
from tests.clock import FrozenClock

from deskbay.accounts.attempts import FailedSignIns, network_of
from deskbay.accounts.passwords import AT_ONCE
from deskbay.kit.problems import Problem


@pytest.fixture
def failed(clock: FrozenClock) -> FailedSignIns:
    return FailedSignIns(clock, most=3)


def retry_after(failed: FailedSignIns, *keys: str) -> str:
    with pytest.raises(Problem) as refused:
        failed.refuse_too_many(*keys)
    assert refused.value.status is HTTPStatus.TOO_MANY_REQUESTS
    assert refused.value.headers is not None
    return refused.value.headers["Retry-After"]


def test_as_many_as_allowed_may_fail(failed: FailedSignIns) -> None:
    for _ in range(3):
        failed.refuse_too_many("ada")
        failed.record("ada")
    assert retry_after(failed, "ada") == "60"


def test_the_wait_gets_shorter_and_ends(failed: FailedSignIns, clock: FrozenClock) -> None:
    for _ in range(3):
        failed.record("ada")
        clock.advance(seconds=10)
    assert retry_after(failed, "ada") == "30"
    clock.advance(seconds=29.5)
    assert retry_after(failed, "ada") == "1"
    clock.advance(seconds=0.5)
    failed.refuse_too_many("ada")


def test_the_minute_slides(failed: FailedSignIns, clock: FrozenClock) -> None:
    for _ in range(3):
        failed.record("ada")
        clock.advance(seconds=25)
    failed.refuse_too_many("ada")
    failed.record("ada")
    assert retry_after(failed, "ada") == "10"


def test_each_key_counts_for_itself_and_the_longest_wait_holds(failed: FailedSignIns, clock: FrozenClock) -> None:
    for _ in range(3):
        failed.record("account ada", "address ::1")
    clock.advance(seconds=20)
    for _ in range(3):
        failed.record("address ::2")
    failed.refuse_too_many("account bob", "address ::3")
    assert retry_after(failed, "account ada", "address ::3") == "40"
    assert retry_after(failed, "account ada", "address ::2") == "60"


def test_what_is_over_takes_no_memory(failed: FailedSignIns, clock: FrozenClock) -> None:
    for number in range(1000):
        failed.record(f"account {number}")
    clock.advance(seconds=30)
    failed.record("account 0", "account new")
    clock.advance(seconds=31)
    failed.refuse_too_many("account 0")
    assert set(failed._failures) == {"account 0", "account new"}


async def test_only_so_many_have_their_turn_at_once(failed: FailedSignIns) -> None:
    inside = most = 0

    async def attempt() -> None:
        nonlocal inside, most
        async with failed.turn:
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
