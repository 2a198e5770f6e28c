"""How long hours are kept once what they were added up from is gone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from deskbay.activity.models import DeviceHours, UserHours
from deskbay.database.retention import Rule
from deskbay.devices.models import Device
from deskbay.settings import Settings

LONGEST_YEAR = timedelta(days=366)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield which totals are forgotten when: those of people, and of computers that are somebody's own.

    They go by whole years, so that days, months and years agree at all times.
    """
    kept = None if settings.totals_years is None else settings.totals_years * LONGEST_YEAR
    peoples_own = select(Device.id).where(Device.owner_id.is_not(None))
    yield Rule(UserHours, kept, lambda before: UserHours.starts_on < new_year(before))
    yield Rule(
        DeviceHours,
        kept,
        lambda before: (DeviceHours.starts_on < new_year(before)) & DeviceHours.device_id.in_(peoples_own),
    )


def intervals_kept_from(settings: Settings, now: datetime) -> date | None:
    """Return the first day of which more than totals is kept; None where all is."""
    kept_from = []
    if settings.activity_days is not None:
        kept_from.append(now.date() - timedelta(days=settings.activity_days))
    if settings.totals_years is not None:
        kept_from.append(new_year(now - settings.totals_years * LONGEST_YEAR))
    return max(kept_from, default=None)


def new_year(moment: datetime) -> date:
    return date(moment.year, 1, 1)
