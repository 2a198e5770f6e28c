"""Signing in by password: who may, who has to wait, and what is done for someone who isn't there."""

import asyncio
from collections.abc import Sequence

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import update
from tests.accounts.test_passwords import SECONDS, CountingHasher, PatientHasher
from tests.clock import FrozenClock
from tests.people import PASSWORD, People

from deskbay.accounts import passwords
from deskbay.accounts.models import User
from deskbay.accounts.passwords import AT_ONCE
from deskbay.accounts.schemas import SignInIn
from deskbay.accounts.sign_in import PasswordSignIns
from deskbay.kit.problems import Problem

WRONG = "wrong horse"


class Door:
    """Where people sign in from addresses of their own."""

    def __init__(self, app: FastAPI) -> None:
        state = app.state
        self.database = state.database
        self.sign_ins = PasswordSignIns(state.database, state.attempts, state.clock, state.settings, None)

    async def enter(self, username: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1") -> User:
        given = SignInIn.model_validate({"username": username, "password": password})
        return await self.sign_ins.check(given, address)

    async def knock(self, username: str = "ada", password: str = WRONG, address: str = "192.0.2.1") -> str:
        """Return what someone is told who isn't let in."""
        with pytest.raises(Problem) as refused:
            await self.enter(username, password, address)
        return refused.value.kind

    async def knock_often(self, times: int, **how: str) -> Sequence[str]:
        return [await self.knock(**how) for _ in range(times)]

    async def stored_hash(self) -> str:
        async with self.database.read() as db:
            return str((await db.get_one(User, 1)).password_hash)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


@pytest.fixture
async def door(app: FastAPI, people: People) -> Door:
    await people.add("ada")
    return Door(app)


@pytest.fixture
async def quick_door(door: Door, hasher: CountingHasher) -> Door:
    """A door at which many passwords can be tried in little time."""
    async with door.database.write() as db:
        await db.execute(update(User).values(password_hash=hasher.hash(PASSWORD)))
    return door


@pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.org", "Ada@Example.org"])
async def test_by_username_or_email_address(quick_door: Door, name: str) -> None:
    assert (await quick_door.enter(name)).username == "ada"


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(quick_door: Door) -> None:
    answers = []
    for name in ("ada", "nobody", "nobody@example.org"):
        with pytest.raises(Problem) as refused:
            await quick_door.enter(name, "wrong")
        answers.append((refused.value.status, refused.value.detail, refused.value.kind, refused.value.headers))
    assert len(set(answers)) == 1


async def test_for_an_unknown_name_a_hash_of_the_same_cost_is_verified(
    quick_door: Door, hasher: CountingHasher
) -> None:
    await quick_door.knock("ada")
    await quick_door.knock("nobody")
    known, unknown = hasher.verified
    assert known.rsplit("$", 2)[0] == unknown.rsplit("$", 2)[0]


async def test_someone_without_a_password_is_not_let_in_by_any(quick_door: Door, hasher: CountingHasher) -> None:
    async with quick_door.database.write() as db:
        await db.execute(update(User).values(password_hash=None))
    for password in (PASSWORD, "None", " "):
        assert await quick_door.knock(password=password) == "wrong-credentials"
    assert len(hasher.verified) == 3


async def test_a_hash_of_old_parameters_is_renewed_when_the_password_is_known(door: Door) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    async with door.database.write() as db:
        await db.execute(update(User).values(password_hash=old))
    await door.knock()
    assert await door.stored_hash() == old
    await door.enter()
    renewed = await door.stored_hash()
    assert not passwords.is_outdated(renewed)
    await door.enter()
    assert await door.stored_hash() == renewed


async def test_ten_failures_for_an_account_close_it_for_a_minute(quick_door: Door, clock: FrozenClock) -> None:
    for number in range(10):
        assert await quick_door.knock(address=f"192.0.2.{number}") == "wrong-credentials"
    assert await quick_door.knock(password=PASSWORD, address="192.0.2.99") == "too-many-attempts"
    clock.advance(seconds=60)
    assert (await quick_door.enter()).username == "ada"


async def test_an_unknown_account_closes_just_as_well(quick_door: Door) -> None:
    for number in range(10):
        await quick_door.knock("nobody", address=f"192.0.2.{number}")
    assert await quick_door.knock("NOBODY", address="192.0.2.99") == "too-many-attempts"


async def test_ten_failures_from_an_address_close_it_for_every_account(quick_door: Door) -> None:
    for number in range(10):
        await quick_door.knock(f"guess{number}")
    assert await quick_door.knock(password=PASSWORD) == "too-many-attempts"
    assert (await quick_door.enter(address="192.0.2.2")).username == "ada"


async def test_username_and_address_are_one_account(quick_door: Door) -> None:
    for number in range(10):
        await quick_door.knock(("ada", "ada@example.org")[number % 2], address=f"192.0.2.{number}")
    assert await quick_door.knock(password=PASSWORD, address="192.0.2.99") == "too-many-attempts"


async def test_addresses_of_one_ipv6_network_count_as_one(quick_door: Door) -> None:
    for number in range(10):
        await quick_door.knock(f"guess{number}", address=f"2001:db8::{number}")
    assert await quick_door.knock(address="2001:db8::ffff") == "too-many-attempts"
    assert (await quick_door.enter(address="2001:db8:0:1::1")).username == "ada"


async def test_who_is_refused_costs_no_hashing(quick_door: Door, hasher: CountingHasher) -> None:
    await quick_door.knock_often(10)
    await quick_door.knock_often(5)
    assert len(hasher.verified) == 10


async def test_signing_in_counts_for_nothing(quick_door: Door) -> None:
    for _ in range(12):
        await quick_door.enter()
    assert await quick_door.knock() == "wrong-credentials"


async def test_a_flood_at_once_does_not_slip_past_the_count(quick_door: Door, hasher: CountingHasher) -> None:
    told = await asyncio.gather(*(quick_door.knock() for _ in range(50)))
    assert told.count("wrong-credentials") == 10
    assert len(hasher.verified) < 10 + AT_ONCE


async def test_no_transaction_is_open_while_a_password_is_hashed(
    quick_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = PatientHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    signing_in = asyncio.create_task(quick_door.enter())
    assert await asyncio.to_thread(hasher.has_begun.wait, SECONDS)
    async with quick_door.database.write() as db:
        await db.execute(update(User).values(full_name="Written meanwhile"))
    hasher.may_go_on.set()
    assert (await signing_in).username == "ada"
