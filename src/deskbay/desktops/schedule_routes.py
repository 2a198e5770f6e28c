"""Schedules of desktops over HTTP."""

from http import HTTPStatus

from fastapi import APIRouter

from deskbay.database import Transaction
from deskbay.desktops import timetable
from deskbay.desktops.models import Desktop, Schedule
from deskbay.desktops.reached import SeenDesktop, UsedDesktop
from deskbay.desktops.schemas import ScheduleIn, ScheduleOut
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/desktops/{desktop_id}/schedule",
    tags=["desktops"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND),
)


@router.get("")
async def get_schedule(desktop: SeenDesktop, db: Transaction) -> ScheduleOut | None:
    """Show when a desktop starts and stops by itself; null where it has no schedule."""
    schedule = await timetable.find_schedule(db, desktop)
    return None if schedule is None else _shown(desktop, schedule)


@router.put("")
async def set_schedule(wish: ScheduleIn, desktop: UsedDesktop, db: Transaction, clock: ClockOfApp) -> ScheduleOut:
    """Have a desktop start and stop by itself. Its owner is warned before a stop, and may keep it."""
    return _shown(desktop, await timetable.set_schedule(db, clock, desktop, wish))


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def drop_schedule(desktop: UsedDesktop, db: Transaction) -> None:
    """Take a desktop's schedule away."""
    await timetable.drop_schedule(db, desktop)


def _shown(desktop: Desktop, schedule: Schedule) -> ScheduleOut:
    plan = timetable.plan_of(schedule)
    return ScheduleOut(
        days=list(plan.days),
        starts_at=plan.starts_at,
        stops_at=plan.stops_at,
        zone=schedule.zone,
        next_start_at=desktop.scheduled_start_at,
        next_stop_at=desktop.scheduled_stop_at,
    )
