"""Each desktop is a device: its owner's, and made from a template, by which reports tell hours."""

from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage

from deskbay.accounts.rights.rights import Rights
from deskbay.activity import roll_ups
from deskbay.activity.reports import By, Question, by_period, rank
from deskbay.activity.sign_ins import NewSignIn, start_sign_in
from deskbay.desktops import launching
from deskbay.desktops.launching import LaunchWish
from deskbay.desktops.models import Desktop
from deskbay.desktops.templates import get_launchable
from deskbay.devices.models import Device
from deskbay.kit.intervals import Period

TODAY = date(2026, 1, 5)


async def device_of(stage: Stage, desktop: Desktop) -> Device | None:
    async with stage.database.read() as db:
        found: Device | None = await db.scalar(select(Device).join(Desktop).where(Desktop.id == desktop.id))
        return found


async def launch(stage: Stage, template: str) -> Desktop:
    async with stage.database.write() as db:
        found = await get_launchable(db, Rights(stage.person), template)
        return await launching.launch(db, stage.clock, stage.person, LaunchWish(found))


async def sit(stage: Stage, clock: FrozenClock, desktop: Desktop, hours: int) -> None:
    """Have the owner report from a desktop that they are there, and wait until they are gone."""
    async with stage.database.write() as db:
        device = await db.get_one(Device, desktop.device_id)
        new = NewSignIn(uuid4(), clock.now(), hours * 3600, None, 0)
        await start_sign_in(db, clock, stage.person, device, new)
    clock.advance(hours=hours, minutes=1)


async def test_a_desktop_is_its_owners_device_and_named_after_it(stage: Stage) -> None:
    desktops = [await launch(stage, template) for template in ("desktop", "desktop", "browser")]
    devices = [await device_of(stage, desktop) for desktop in desktops]
    for desktop, device, template in zip(desktops, devices, ("desktop", "desktop", "browser"), strict=True):
        assert device
        assert (device.template, device.owner_id) == (template, stage.person.id)
        assert device.name.startswith(desktop.name)
    assert len({device.name for device in devices if device}) == 3


async def test_the_same_desktop_stays_the_same_device(stage: Stage) -> None:
    desktop = await stage.launch()
    before = await device_of(stage, desktop)
    await stage.stop(desktop)
    await stage.start(desktop)
    after = await device_of(stage, desktop)
    assert before
    assert after
    assert before.id == after.id


async def test_one_that_is_no_device_yet_becomes_one_when_it_is_started(stage: Stage) -> None:
    desktop = await stage.launch()
    async with stage.changing(desktop) as changing:
        changing.device_id = None
    await stage.stop(desktop)
    assert await device_of(stage, desktop) is None
    async with stage.database.write() as db:
        await db.delete(await db.get_one(Device, desktop.device_id))
    await stage.start(desktop)
    device = await device_of(stage, desktop)
    assert device
    assert device.template == "desktop"


@pytest.mark.parametrize("rolled_up", [False, True])
async def test_reports_tell_the_hours_at_desktops_by_template(
    stage: Stage, clock: FrozenClock, *, rolled_up: bool
) -> None:
    for template, hours in (("desktop", 2), ("desktop", 1), ("browser", 4)):
        await sit(stage, clock, await launch(stage, template), hours)
    if rolled_up:
        clock.advance(days=3)
        async with stage.database.write() as db:
            await roll_ups.begin(db, "UTC", clock.now())
        more = True
        while more:
            async with stage.database.write() as db:
                more = await roll_ups.roll_up_next_day(db, clock.now())
    question = Question(By.TEMPLATE, TODAY, TODAY, ZoneInfo("UTC"), name="")
    async with stage.database.read() as db:
        ranking = await rank(db, question, 10)
        split = await by_period(db, question, Period.MONTH, list(ranking.top))
    assert ranking.top == {"browser": timedelta(hours=4), "desktop": timedelta(hours=3)}
    assert split.of_keys == {key: {date(2026, 1, 1): spent} for key, spent in ranking.top.items()}
