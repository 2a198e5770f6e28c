"""Stopping desktops by themselves: their people are warned first, and may keep them unless they are too old."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from deskbay.accounts.models import User
from deskbay.database import emit
from deskbay.desktops import limits, service, timetable
from deskbay.desktops.models import Desktop, State, StopCause, Template, Wanted
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event
from deskbay.kit.problems import Problem

CHANGED = "desktop-stop"
"""The event that a desktop will be stopped by itself, or will not any more; its device is the subject."""


async def tell_limits(db: AsyncSession, template: Template) -> None:
    """Tell, once committed, the agents in the desktops of a template that other limits may hold."""
    of_it = (Desktop.template_id == template.id, Desktop.deleted_at.is_(None), Desktop.wanted == Wanted.RUNNING)
    for device_id, owner_id in await db.execute(select(Desktop.device_id, Desktop.owner_id).where(*of_it)):
        if device_id is not None:
            emit(db, Event(CHANGED, device_id, owner_id))


def is_running(desktop: Desktop) -> bool:
    """Tell whether a desktop runs and is to go on."""
    return (desktop.wanted, desktop.state) == (Wanted.RUNNING, State.RUNNING)


def is_up_to_date(desktop: Desktop, now: datetime) -> bool:
    """Tell whether there is nothing to announce, to take back or to do."""
    return limits.coming_stop(desktop, now) == limits.announced(desktop) and not limits.is_due(desktop, now)


def review(db: AsyncSession, desktop: Desktop, now: datetime) -> None:
    """Announce the stop of a desktop, which is locked, take it back, or stop it, as it is due now."""
    if not is_running(desktop) or is_up_to_date(desktop, now):
        return
    if limits.is_due(desktop, now) and desktop.stop_cause:
        _end(db, desktop, desktop.stop_cause)
        return
    coming = limits.coming_stop(desktop, now)
    desktop.stop_at, desktop.stop_cause = (coming.at, coming.cause) if coming else (None, None)
    service.announce(db, desktop)
    if desktop.device_id is not None:
        emit(db, Event(CHANGED, desktop.device_id, desktop.owner_id))


def _end(db: AsyncSession, desktop: Desktop, cause: StopCause) -> None:
    """Stop a desktop; one whose time is over, and whose home is its own, is needed no more."""
    if cause is StopCause.LIFETIME and not desktop.keeps_home:
        service.delete_desktop(db, desktop, limits.reason_of(desktop, cause))
    else:
        service.want_stopped(db, desktop, limits.reason_of(desktop, cause))


async def lock_desktop(db: AsyncSession, desktop_id: int) -> Desktop | None:
    """Return a desktop as it is now, for this transaction alone; None when it is gone."""
    return await _locked(db, Desktop.id == desktop_id)


async def take_input(db: AsyncSession, clock: Clock, device_id: int, idle: timedelta, ago: timedelta) -> None:
    """Write down that a desktop's agent saw, so long ago, that there had been no input for so long. Raises Problem 404.

    What comes late says nothing against what is known already.
    """
    desktop = await _of_device(db, device_id)
    now = clock.now()
    watched = now - ago
    active = watched - idle
    desktop.watched_at = max(desktop.watched_at or watched, watched)
    desktop.active_at = max(desktop.active_at or active, active)
    review(db, desktop, now)


async def keep_from_inside(db: AsyncSession, clock: Clock, device_id: int) -> None:
    """Keep the desktop that a device is, as its person said there. Raises Problem 404, or 409 as `keep` does."""
    await keep(db, clock, await _of_device(db, device_id))


async def keep_own(db: AsyncSession, clock: Clock, user: User, desktop: Desktop) -> None:
    """Keep a desktop of the user's own. Raises Problem 403 for another's, or 409 as `keep` does."""
    _refuse_others(user, desktop)
    locked = await lock_desktop(db, desktop.id)
    if locked is not None:
        await keep(db, clock, locked)


def _refuse_others(user: User, desktop: Desktop) -> None:
    if desktop.owner_id != user.id:
        what = f"Only {desktop.owner.username}, whose desktop it is, can keep it running."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="not-the-owner")


def _refuse_resting(desktop: Desktop) -> None:
    if not is_running(desktop):
        what = f"The desktop is {desktop.state}, not running. Start it again."
        raise Problem(HTTPStatus.CONFLICT, what, kind="not-running")


async def keep(db: AsyncSession, clock: Clock, desktop: Desktop) -> None:
    """Take it as used now; where its lifetime is over, extend it by as much again, and let a scheduled stop be.

    Raises Problem 409 when it doesn't run, or has run for as long as it may.
    """
    _refuse_resting(desktop)
    if desktop.stop_cause and not limits.may_be_kept(desktop, desktop.stop_cause):
        what = f"It can't be kept. {limits.warning_reason(desktop, desktop.stop_cause)} Save your work."
        raise Problem(HTTPStatus.CONFLICT, what, kind=f"{desktop.stop_cause}-over")
    now = clock.now()
    if desktop.stop_cause is StopCause.LIFETIME:
        _extend_by_its_lifetime(desktop)
    if desktop.stop_cause is StopCause.SCHEDULE:
        await timetable.skip_stop(db, desktop)
    desktop.active_at = max(desktop.active_at or now, now)
    review(db, desktop, now)


def _extend_by_its_lifetime(desktop: Desktop) -> None:
    end, latest = limits.end_of_lifetime(desktop), limits.latest_end(desktop)
    assert end and latest  # noqa: S101, PT018 - it was announced
    desktop.ends_at = min(latest, end + timedelta(seconds=limits.lifetime_of(desktop) or 0))


async def extend(db: AsyncSession, clock: Clock, desktop: Desktop, until: datetime) -> None:
    """Move the end of the present launch of a desktop.

    Raises Problem 409 when it doesn't run or has no end, 422 for an end before the present one or after the latest.
    """
    locked = await lock_desktop(db, desktop.id)
    if locked is not None:
        _refuse_resting(locked)
        _refuse_end(locked, until)
        locked.ends_at = until
        service.announce(db, locked)
        review(db, locked, clock.now())


def _refuse_end(desktop: Desktop, until: datetime) -> None:
    end, latest = limits.end_of_lifetime(desktop), limits.latest_end(desktop)
    if end is None or latest is None:
        what = "Its template gives it no lifetime: it has no end that could be moved."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-lifetime")
    if end == latest and until > latest:
        what = f"It runs until {_told(latest)}, as long as it may. Save your work; then start it again."
        raise Problem(HTTPStatus.CONFLICT, what, kind="lifetime-over")
    if not end <= until <= latest:
        what = f"It ends at {_told(end)}, and may go on until {_told(latest)}. Choose a time in between."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="end-not-offered")


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


async def _of_device(db: AsyncSession, device_id: int) -> Desktop:
    desktop = await _locked(db, Desktop.device_id == device_id)
    if desktop is None:
        what = f"The device {device_id} is no desktop that Deskbay launched."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-desktop")
    return desktop


async def _locked(db: AsyncSession, which: ColumnElement[bool]) -> Desktop | None:
    found = select(Desktop).where(which, Desktop.deleted_at.is_(None)).with_for_update()
    # Joined, they were locked too.
    with_all = found.options(selectinload(Desktop.template), selectinload(Desktop.owner))
    desktop: Desktop | None = await db.scalar(with_all.execution_options(populate_existing=True))
    return desktop
