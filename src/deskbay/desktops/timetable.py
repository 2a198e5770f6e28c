"""The schedules that people give to their desktops, and what they have desktops do."""

import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops import service
from deskbay.desktops.models import Desktop, Schedule, Wanted
from deskbay.desktops.schedules import Plan, Weekday
from deskbay.desktops.schemas import ScheduleIn
from deskbay.kit.clock import Clock

STARTED = "Its schedule started it."


async def find_schedule(db: AsyncSession, desktop: Desktop) -> Schedule | None:
    schedule: Schedule | None = await db.get(Schedule, desktop.id)
    return schedule


async def set_schedule(db: AsyncSession, clock: Clock, desktop: Desktop, wish: ScheduleIn) -> Schedule:
    """Have a desktop start and stop by a schedule from now on."""
    schedule = await find_schedule(db, desktop) or Schedule(desktop_id=desktop.id)
    schedule.days = json.dumps([day for day in Weekday if day in wish.days])
    schedule.starts_at = wish.starts_at.isoformat("minutes") if wish.starts_at else None
    schedule.stops_at = wish.stops_at.isoformat("minutes") if wish.stops_at else None
    schedule.zone = wish.zone
    db.add(schedule)
    aim(desktop, plan_of(schedule), clock.now())
    service.announce(db, desktop)
    return schedule


async def drop_schedule(db: AsyncSession, desktop: Desktop) -> None:
    """Have a desktop start and stop by nobody's clock."""
    if (schedule := await find_schedule(db, desktop)) is not None:
        await db.delete(schedule)
    desktop.scheduled_start_at = desktop.scheduled_stop_at = None
    service.announce(db, desktop)


def plan_of(schedule: Schedule) -> Plan:
    """Return what a schedule says."""
    starts_at = time.fromisoformat(schedule.starts_at) if schedule.starts_at else None
    stops_at = time.fromisoformat(schedule.stops_at) if schedule.stops_at else None
    return Plan([Weekday(day) for day in json.loads(schedule.days)], starts_at, stops_at, ZoneInfo(schedule.zone))


def aim(desktop: Desktop, plan: Plan, now: datetime) -> None:
    """Look forward to the next start and stop."""
    desktop.scheduled_start_at, desktop.scheduled_stop_at = plan.next_start(now), plan.next_stop(now)


async def skip_stop(db: AsyncSession, desktop: Desktop) -> None:
    """Let the stop that comes be, and look forward to the one after it."""
    schedule = await find_schedule(db, desktop)
    if schedule is not None and desktop.scheduled_stop_at is not None:
        desktop.scheduled_stop_at = plan_of(schedule).next_stop(desktop.scheduled_stop_at)


async def follow(db: AsyncSession, clock: Clock, desktop: Desktop, right: service.Right) -> None:
    """Do what a schedule has for a desktop, which is locked, by now; a start that was missed within its window, too.

    Raises Problem as `start_desktop` does; then it is not tried again.
    """
    schedule, now = await find_schedule(db, desktop), clock.now()
    if schedule is None:
        return
    plan, start = plan_of(schedule), desktop.scheduled_start_at
    if start is not None and start <= now:
        desktop.scheduled_start_at = plan.next_start(now)
        if now < plan.end_of_window(start):
            await service.start_desktop(db, clock, desktop, right=right, reason=STARTED)
    if desktop.wanted is not Wanted.RUNNING or (desktop.started_at and _is_before(desktop, desktop.started_at)):
        desktop.scheduled_stop_at = plan.next_stop(now)


def _is_before(desktop: Desktop, moment: datetime) -> bool:
    """Whether the stop that comes next was for an earlier run."""
    return desktop.scheduled_stop_at is not None and desktop.scheduled_stop_at < moment
