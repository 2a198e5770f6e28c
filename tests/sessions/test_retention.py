"""How long it is kept what was open in sessions, on every database."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock

from deskbay.accounts.models import Role, User
from deskbay.activity.stretches import microseconds
from deskbay.database import Database
from deskbay.database.base import Base
from deskbay.database.retention import Retention
from deskbay.devices.models import Device
from deskbay.devices.service import new_device
from deskbay.sessions import retention
from deskbay.sessions.models import (
    DeviceSnapshot,
    Restore,
    RestoreState,
    Run,
    Save,
    SaveReason,
    Session,
    Usage,
    UsageKind,
)
from deskbay.settings import Settings

A_DAY = timedelta(days=1)


class Desk:
    """Ada's laptop with sessions on it."""

    def __init__(self, database: Database, clock: FrozenClock, device: Device, ada: User) -> None:
        self.database, self.clock, self.device, self.ada = database, clock, device, ada

    async def add_session(self, name: str) -> Session:
        whose = {"user_id": self.ada.id, "device_id": self.device.id}
        texts = {"name": name, "slug": name, "name_key": name, "slug_key": name, "description": ""}
        session = Session(**whose, **texts, is_tracking=False, created_at=self.clock.now())
        async with self.database.write() as db:
            db.add(session)
        return session

    async def add_saves(self, session: Session, *ages: int) -> None:
        """Add saves that are so many days old."""
        async with self.database.write() as db:
            for number, days in enumerate(ages):
                at = self.clock.now() - days * A_DAY
                what = {"reason": SaveReason.SAVED, "digest": f"{number}", "applications": 0, "content": "{}"}
                db.add(Save(session_id=session.id, saved_at=at, **what))
                await db.flush()

    async def add_run(self, session: Session, age: int, *, ended: bool) -> None:
        """Add a run that began so many days ago, with an hour of use then."""
        at = self.clock.now() - age * A_DAY
        run = Run(id=uuid4(), session_id=session.id, device_id=self.device.id, started_at=at, flushed_at=at)
        run.ended_at, run.is_kept = at + timedelta(hours=1) if ended else None, True
        used = Usage(run_id=run.id, id=uuid4(), session_id=session.id, kind=UsageKind.OPEN, application="a", name="A")
        used.began = used.starts = microseconds(at)
        used.ends = microseconds(at + timedelta(hours=1))
        async with self.database.write() as db:
            db.add(run)
            await db.flush()
            db.add(used)

    async def add_restore(self, session: Session, finished_at: datetime | None) -> None:
        where = {"session_id": session.id, "user_id": self.ada.id, "device_id": self.device.id}
        state = RestoreState.FINISHED if finished_at else RestoreState.RUNNING
        async with self.database.write() as db:
            db.add(Restore(run=uuid4(), **where, state=state, requested_at=self.clock.now(), finished_at=finished_at))

    async def look(self, **settings: int) -> None:
        wanted = Settings(data=Path("/nowhere")).model_copy(update=settings)
        await Retention(self.database, self.clock, list(retention.rules(wanted))).look()

    async def saves(self, session: Session) -> list[str]:
        async with self.database.read() as db:
            return list(await db.scalars(select(Save.digest).where(Save.session_id == session.id).order_by(Save.id)))

    async def count(self, model: type[Base]) -> int:
        async with self.database.read() as db:
            return len((await db.scalars(select(model))).all())


@pytest.fixture
async def desk(database: Database, clock: FrozenClock) -> Desk:
    ada = User(uuid=uuid4(), username="ada", role=Role.USER, created_at=clock.now())
    device = new_device(clock, "laptop")
    async with database.write() as db:
        db.add_all([ada, device])
    return Desk(database, clock, device, ada)


async def test_of_each_session_the_newest_save_stays(desk: Desk) -> None:
    old, mixed = await desk.add_session("old"), await desk.add_session("mixed")
    await desk.add_saves(old, 90, 80, 70)
    await desk.add_saves(mixed, 90, 31, 30, 1)
    await desk.look(save_days=30)
    assert (await desk.saves(old), await desk.saves(mixed)) == (["2"], ["2", "3"])


async def test_what_was_open_on_a_device_that_is_silent_goes_with_the_saves(desk: Desk) -> None:
    for days, left in ((30, 1), (31, 0)):
        async with desk.database.write() as db:
            received = desk.clock.now() - days * A_DAY
            await db.merge(
                DeviceSnapshot(device_id=desk.device.id, user_id=desk.ada.id, received_at=received, content="{}")
            )
        await desk.look(save_days=30)
        assert await desk.count(DeviceSnapshot) == left


async def test_restores_go_with_histories_unless_they_go_on(desk: Desk) -> None:
    session = await desk.add_session("work")
    await desk.add_restore(session, desk.clock.now())
    await desk.add_restore(session, None)
    desk.clock.advance(days=33)
    await desk.look(history_days=40)
    assert await desk.count(Restore) == 2
    await desk.look(history_days=32)
    assert await desk.count(Restore) == 1


async def test_how_long_applications_were_open_is_activity(desk: Desk) -> None:
    session = await desk.add_session("work")
    await desk.add_run(session, 50, ended=True)
    await desk.add_run(session, 50, ended=False)
    await desk.add_run(session, 10, ended=True)
    await desk.look(activity_days=40)
    assert (await desk.count(Usage), await desk.count(Run)) == (1, 2)


async def test_without_settings_all_stays(desk: Desk) -> None:
    session = await desk.add_session("work")
    await desk.add_saves(session, 2000, 1000)
    await desk.add_run(session, 2000, ended=True)
    await desk.add_restore(session, desk.clock.now() - 2000 * A_DAY)
    await desk.look()
    assert (await desk.saves(session), await desk.count(Run), await desk.count(Restore)) == (["0", "1"], 1, 1)
