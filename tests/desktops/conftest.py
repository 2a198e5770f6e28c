"""People, templates and desktops to test with, on every database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.desktops.first_start import first_start

from deskbay.accounts.groups.models import Group, Nesting
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.rights import Rights
from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.templates import get_launchable


class Stage:
    """A database with templates and one person in it, and short ways to want things."""

    def __init__(self, database: Database, clock: FrozenClock, person: User) -> None:
        self.database = database
        self.bus = database.bus
        self.clock = clock
        self.person = person

    async def launch(self, *, limit: int = 5, key: str | None = None) -> Desktop:
        return await self.launch_for(self.person, limit=limit, key=key)

    async def launch_for(self, user: User, *, limit: int = 5, key: str | None = None) -> Desktop:
        async with self.database.write() as db:
            template = await get_launchable(db, Rights(user), "desktop")
            wish = LaunchWish(template, idempotency_key=key)
            return await launch(db, self.clock, user, wish, service.Right(desktops=limit))

    async def launch_and_fail(self) -> None:
        """Launch a desktop in a transaction that ends in a problem."""
        async with self.database.write() as db:
            template = await get_launchable(db, Rights(self.person), "desktop")
            await launch(db, self.clock, self.person, LaunchWish(template))
            await get_launchable(db, Rights(self.person), "mainframe")

    @asynccontextmanager
    async def changing(self, desktop: Desktop) -> AsyncIterator[Desktop]:
        async with self.database.write() as db:
            yield await service.get_desktop(db, Rights(self.person), desktop.id)

    async def start(self, desktop: Desktop) -> None:
        async with self.database.write() as db:
            await service.start_desktop(db, self.clock, await service.get_desktop(db, Rights(self.person), desktop.id))

    async def stop(self, desktop: Desktop, reason: str | None = None) -> None:
        async with self.database.write() as db:
            await service.stop_desktop(db, await service.get_desktop(db, Rights(self.person), desktop.id), reason)

    async def delete(self, desktop: Desktop) -> None:
        async with self.database.write() as db:
            service.delete_desktop(db, await service.get_desktop(db, Rights(self.person), desktop.id))

    async def settle(self, desktop: Desktop) -> None:
        """Have the desktop be what is wanted of it."""
        async with self.database.write() as db:
            known = await db.get_one(Desktop, desktop.id)
            service.enter(db, known, State(known.wanted), known.reason, self.clock)

    async def enter(self, desktop: Desktop, state: State) -> None:
        async with self.database.write() as db:
            service.enter(db, await db.get_one(Desktop, desktop.id), state, None, self.clock)

    async def nest(self, group: Group, nested: Group) -> None:
        async with self.database.write() as db:
            db.add(Nesting(group_id=group.id, nested_id=nested.id))

    async def look(self, desktop: Desktop) -> Desktop:
        async with self.database.read() as db:
            return (await db.scalars(select(Desktop).where(Desktop.id == desktop.id))).one()


def a_person(clock: FrozenClock, username: str = "ada", role: Role = Role.USER) -> User:
    return User(uuid=uuid4(), username=username, role=role, created_at=clock.now())


@pytest.fixture
async def stage(database: Database, clock: FrozenClock) -> Stage:
    person = a_person(clock)
    await first_start(database)
    async with database.write() as db:
        db.add(person)
    return Stage(database, clock, person)
