"""Has desktops know when the hours of their owners are over, and tells people before."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.desktops import allowances, budgets, life, stops
from deskbay.desktops.budgets import Budget
from deskbay.desktops.models import BudgetWarning, Desktop
from deskbay.kit.clock import Clock
from deskbay.settings import Settings

LOOK_SECONDS = 5.0
PRECISION_SECONDS = 1.0
"""Ends that differ by less are the same, reckoned at two times."""

log = structlog.get_logger(__name__)


class BudgetKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(settings.time_zone)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("reckoning hours failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due. Writes only where there is something."""
        async with self._database.read() as db:
            owners = await budgets.running_owners(db)
            has_rules = await allowances.any_with_hours(db)
        for owner_id, desktops in owners.items():
            if has_rules or any(desktop.budget_ends_at for desktop in desktops):
                await self._reckon(owner_id, desktops)

    async def _reckon(self, owner_id: int, desktops: Sequence[Desktop]) -> None:
        async with self._database.read() as db:
            found = await budgets.budgets_of(db, owner_id, self._zone, self._clock.now())
            low = [budget for budget in found if budget.is_low and not await _is_told(db, budget, owner_id)]
        ends = [end for budget in found if (end := budget.ends_at(self._clock.now()))]
        end = min(ends, default=None)
        for desktop in desktops:
            known = desktop.budget_ends_at
            if known != end and not (known and end and abs((known - end).total_seconds()) < PRECISION_SECONDS):
                async with self._database.write() as db:
                    if (locked := await stops.lock_desktop(db, desktop.id)) is not None:
                        locked.budget_ends_at = end
        for budget in low:
            await self._tell(budget, owner_id, desktops)

    async def _tell(self, budget: Budget, owner_id: int, desktops: Sequence[Desktop]) -> None:
        """Tell a person once in each week or month."""
        async with self._database.write() as db:
            theirs = [await stops.lock_desktop(db, key) for key in sorted(desktop.id for desktop in desktops)]
            user = await db.get_one(User, owner_id, with_for_update=True)
            if await _is_told(db, budget, owner_id):
                return
            db.add(BudgetWarning(allowance_id=budget.rule.id, user_id=owner_id, period_start=budget.window.start))
            for desktop in theirs:
                if desktop is not None:
                    life.say(db, self._clock, desktop, budgets.words_of_warning(budget, user))


async def _is_told(db: AsyncSession, budget: Budget, owner_id: int) -> bool:
    told = select(BudgetWarning.user_id).where(
        BudgetWarning.allowance_id == budget.rule.id,
        BudgetWarning.user_id == owner_id,
        BudgetWarning.period_start == budget.window.start,
    )
    return await db.scalar(told) is not None
