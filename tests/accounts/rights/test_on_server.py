"""Administrators of the server are made and unmade, come and go, and one is always left."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.on_server import change_role, disable
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.desktops.leaving import remove_person
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.sessions.privacy import erase_person

SendAway = Callable[[AsyncSession, Clock, User, User], Awaitable[None]]


async def take_role(db: AsyncSession, _: Clock, by: User, other: User) -> None:
    await change_role(db, as_caller(by, Scope.PEOPLE_WRITE), other, Role.USER)


async def shut_out(db: AsyncSession, clock: Clock, by: User, other: User) -> None:
    await disable(db, clock, as_caller(by, Scope.PEOPLE_WRITE), other)


async def remove(db: AsyncSession, clock: Clock, by: User, other: User) -> None:
    await remove_person(db, clock, other, by=by)


async def erase(db: AsyncSession, clock: Clock, by: User, other: User) -> None:
    await erase_person(db, clock, other, by=by)


@pytest.mark.parametrize(
    ("one_does", "other_does"),
    [(take_role, take_role), (shut_out, shut_out), (remove, remove), (erase, erase), (take_role, erase)],
)
async def test_of_two_who_send_each_other_away_one_is_left(
    database: Database, clock: FrozenClock, one_does: SendAway, other_does: SendAway
) -> None:
    async with database.write() as db:
        one, other = [
            (await create_user(db, clock, NewUser(username=name), role=Role.ADMINISTRATOR)).id
            for name in ("ada", "bob")
        ]
    have_read = asyncio.Barrier(2) if database.engine.dialect.name != "sqlite" else None

    async def send_away(how: SendAway, by_id: int, other_id: int) -> None:
        async with database.write() as db:
            by, gone = await db.get_one(User, by_id), await db.get_one(User, other_id)
            if have_read:
                await have_read.wait()
            await how(db, clock, by, gone)

    both = send_away(one_does, one, other), send_away(other_does, other, one)
    taken = await asyncio.gather(*both, return_exceptions=True)
    assert [error.status for error in taken if isinstance(error, Problem)] == [403]
    async with database.read() as db:
        there = select(User.id).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
        assert len((await db.scalars(there)).all()) == 1
