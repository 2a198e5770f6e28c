"""Accounts that are open once an address is verified, on every database."""

from http import HTTPStatus

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.accounts.mail.registration import register
from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import find_user, refuse_disabled
from deskbay.database import Database
from deskbay.kit.problems import Problem

ADA = NewUser(username="ada", email="ada@example.org")


async def registered(database: Database, clock: FrozenClock, new: NewUser = ADA) -> User:
    async with database.write() as db:
        return await register(db, clock, new, "hash")


async def test_nobody_signs_in_before(database: Database, clock: FrozenClock) -> None:
    ada = await registered(database, clock)
    with pytest.raises(Problem) as problem:
        refuse_disabled(ada)
    assert (problem.value.status, problem.value.kind) == (HTTPStatus.FORBIDDEN, "unconfirmed")
    assert "Open the link" in problem.value.detail


async def test_who_takes_too_long_is_given_up_and_the_names_are_free(database: Database, clock: FrozenClock) -> None:
    first = await registered(database, clock)
    clock.advance(hours=23, minutes=59)
    with pytest.raises(Problem, match="taken"):
        await registered(database, clock)
    clock.advance(minutes=1)
    second = await registered(database, clock)
    assert second.id != first.id
    async with database.read() as db:
        found = await find_user(db, "ada@example.org")
        given_up = await db.get_one(User, first.id)
        assert (found and found.id, given_up.email, given_up.unconfirmed_until) == (second.id, None, None)


async def test_others_who_are_disabled_stay(database: Database, clock: FrozenClock) -> None:
    ada = await registered(database, clock)
    async with database.write() as db:
        (await db.get_one(User, ada.id)).unconfirmed_until = None
    clock.advance(days=10)
    await registered(database, clock, NewUser(username="grace", email="grace@example.org"))
    async with database.read() as db:
        assert (await db.scalars(select(User.username).order_by(User.id))).all() == ["ada", "grace"]
