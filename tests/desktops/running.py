"""Desktops that run, with limits, as far as the database knows."""

from datetime import timedelta

from sqlalchemy import update
from tests.desktops.conftest import Stage

from deskbay.desktops import stops
from deskbay.desktops.models import Desktop, State, Template

HOUR = 3600


async def limit(stage: Stage, *, idle: int | None = None, lifetime: int | None = None, most: int | None = None) -> None:
    """Have every template allow so many seconds."""
    async with stage.database.write() as db:
        limits = {"idle_limit_seconds": idle, "lifetime_seconds": lifetime, "most_lifetime_seconds": most}
        await db.execute(update(Template).values(limits))


async def running(
    stage: Stage, *, idle: int | None = None, lifetime: int | None = None, most: int | None = None
) -> Desktop:
    """Return a desktop that runs since now."""
    await limit(stage, idle=idle, lifetime=lifetime, most=most)
    desktop = await stage.launch()
    async with stage.changing(desktop) as row:
        row.state = State.RUNNING
    return desktop


async def tell(stage: Stage, desktop: Desktop, *, idle: float, ago: float = 0) -> None:
    """Have the desktop's agent report, in minutes."""
    assert desktop.device_id
    async with stage.database.write() as db:
        idle_for, since = timedelta(minutes=idle), timedelta(minutes=ago)
        await stops.take_input(db, stage.clock, desktop.device_id, idle_for, since)


async def run(stage: Stage, desktop: Desktop, **length: float) -> None:
    """Have a desktop run for a while, and stop."""
    await stage.enter(desktop, State.RUNNING)
    stage.clock.advance(**length)
    await stage.enter(desktop, State.STOPPED)
