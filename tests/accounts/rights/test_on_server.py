"""Administrators of the server are made and unmade, and one is always left."""

import asyncio

from sqlalchemy import select
from tests.clock import FrozenClock
from tests.people import as_caller

from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.on_server import change_role
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.kit.problems import Problem


async def test_two_who_take_it_from_each_other_leave_one(database: Database, clock: FrozenClock) -> None:
    async with database.write() as db:
        pair = [
            await create_user(db, clock, NewUser(username=name), role=Role.ADMINISTRATOR) for name in ("ada", "bob")
        ]
    have_read = asyncio.Barrier(2) if database.engine.dialect.name != "sqlite" else None

    async def take_from(by_id: int, other_id: int) -> None:
        async with database.write() as db:
            by, other = await db.get_one(User, by_id), await db.get_one(User, other_id)
            if have_read:
                await have_read.wait()
            await change_role(db, as_caller(by, Scope.PEOPLE_WRITE), other, Role.USER)

    one, other = (user.id for user in pair)
    taken = await asyncio.gather(take_from(one, other), take_from(other, one), return_exceptions=True)
    refused = [error.status for error in taken if isinstance(error, Problem)]
    async with database.read() as db:
        left = (await db.scalars(select(User.id).where(User.role == Role.ADMINISTRATOR))).all()
    assert (len(left), refused) == (1, [403])
