"""Hours of running desktops that people and groups have in a week or month, and how many of them are left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.desktops import allowances
from deskbay.desktops.allowances import Holding
from deskbay.desktops.models import Allowance, Change, Desktop, State, Wanted
from deskbay.kit.intervals import Interval, Period, beginning, clip, following, midnight, summed
from deskbay.kit.problems import Problem

WARNING_PART = 0.8
"""So much of a budget is used when its person is told."""
DAYS = {Period.WEEK: 7.0, Period.MONTH: 30.44}


@dataclass(frozen=True, slots=True)
class Budget:
    """A rule about hours, the present week or month, what was used in it, and how many desktops use it now."""

    rule: Allowance
    window: Interval
    zone: ZoneInfo
    used: timedelta
    running: int

    @property
    def whole(self) -> timedelta:
        return timedelta(hours=self.rule.hours or 0)

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.whole

    @property
    def is_low(self) -> bool:
        return self.used >= WARNING_PART * self.whole

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when it is used up if all goes on as now; None where it lasts until its end, or nothing runs."""
        if not self.running:
            return None
        end = now + max(self.whole - self.used, timedelta()) / self.running
        return end if end < self.window.end else None


def present(period: Period, zone: ZoneInfo, now: datetime) -> Interval:
    """Return the week or month in which a moment is."""
    first = beginning(now.astimezone(zone).date(), period)
    return Interval(midnight(first, zone), midnight(following(first, period), zone))


def rules_of(holding: Holding) -> list[Allowance]:
    """Return the rules about hours that hold: one's own or else the most generous, and all that are shared."""
    own, of_each, shared = (
        [rule for rule in rules if rule.hours is not None] for rules in (holding.own, holding.of_each, holding.shared)
    )
    return [*(own or sorted(of_each, key=_hours_a_day)[-1:]), *shared]


def _hours_a_day(rule: Allowance) -> float:
    return (rule.hours or 0) / DAYS[rule.period or Period.WEEK]


async def budgets_of(db: AsyncSession, user_id: int, zone: ZoneInfo, now: datetime) -> list[Budget]:
    """Return the budgets that hold for a person, as they stand now."""
    rules = rules_of(await allowances.holding_for(db, user_id))
    return [await _stand(db, rule, user_id, zone, now) for rule in rules]


async def _stand(db: AsyncSession, rule: Allowance, user_id: int, zone: ZoneInfo, now: datetime) -> Budget:
    window = present(rule.period or Period.WEEK, zone, now)
    people = await allowances.people_of(db, rule, user_id)
    used = await used_time(db, people, Interval(window.start, now))
    runs = (Desktop.owner_id.in_(people), Desktop.state == State.RUNNING, Desktop.deleted_at.is_(None))
    return Budget(rule, window, zone, used, await db.scalar(select(func.count()).where(*runs)) or 0)


async def used_time(db: AsyncSession, people: Collection[int], window: Interval) -> timedelta:
    """Add up how long desktops ran that were people's then; two at once count twice."""
    changes = await _changes(db, people, window)
    return summed(clip(_runs(changes, window.end), window))


async def _changes(db: AsyncSession, people: Collection[int], window: Interval) -> Sequence[Change]:
    """Return what became of people's desktops in a time, after how each was when it began, desktop by desktop."""
    then = (Change.owner_id.in_(people), Change.at >= window.start, Change.at < window.end)
    touched = select(Change.desktop_id).where(*then)
    there = or_(Desktop.deleted_at.is_(None), Desktop.deleted_at >= window.start)
    old = select(Desktop.id).where(or_(Desktop.owner_id.in_(people) & there, Desktop.id.in_(touched)))
    last = (
        select(func.max(Change.id))
        .where(Change.desktop_id.in_(old), Change.at < window.start)
        .group_by(Change.desktop_id)
    )
    before = await db.scalars(select(Change).where(Change.id.in_(last), Change.owner_id.in_(people)))
    since = await db.scalars(select(Change).where(*then))
    return sorted([*before, *since], key=lambda change: (change.desktop_id, change.id))


def _runs(changes: Sequence[Change], until: datetime) -> list[Interval]:
    """Return the times between a desktop's coming to run and what came after; what still runs does until the end."""
    return [
        Interval(change.at, then.at if then and then.desktop_id == change.desktop_id else until)
        for change, then in zip_longest(changes, changes[1:])
        if change.state is State.RUNNING
    ]


async def refuse_used_up(db: AsyncSession, user: User, zone: ZoneInfo, now: datetime) -> None:
    """Raise Problem 409 where a person, or their group, has no hours left."""
    for budget in await budgets_of(db, user.id, zone, now):
        if budget.is_used_up:
            what = f"{_whose(budget)} of this {budget.rule.period} are used up."
            reset = f"They start anew at {_reset(budget, user)}."
            raise Problem(HTTPStatus.CONFLICT, f"{what} {reset}", kind="budget-used-up")


def words_of_warning(budget: Budget, user: User) -> str:
    """Tell a person that few of their hours are left."""
    left = max(budget.whole - budget.used, timedelta()) / timedelta(hours=1)
    told = f"{_whose(budget)} of this {budget.rule.period} are nearly used up: {left:.1f} are left."
    return f"{told} Then desktops are stopped. They start anew at {_reset(budget, user)}."


def _whose(budget: Budget) -> str:
    hours, group = f"{budget.rule.hours:g} hours", budget.rule.group
    return f"The {hours} that the group “{group.name}” shares" if budget.rule.is_shared and group else f"Your {hours}"


def _reset(budget: Budget, user: User) -> str:
    zone = ZoneInfo(user.zone) if user.zone else budget.zone
    return f"{budget.window.end.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


async def running_owners(db: AsyncSession) -> dict[int, list[Desktop]]:
    """Return the desktops that run and are to go on, by their owners."""
    runs = (Desktop.deleted_at.is_(None), Desktop.wanted == Wanted.RUNNING, Desktop.state == State.RUNNING)
    found: dict[int, list[Desktop]] = {}
    for desktop in await db.scalars(select(Desktop).where(*runs)):
        found.setdefault(desktop.owner_id, []).append(desktop)
    return found
