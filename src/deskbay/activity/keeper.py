"""What is done each hour: months are made, days rolled up, and what is too old goes. And a person is erased."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import Login, Role, User
from deskbay.accounts.removal import remove_user
from deskbay.activity import roll_ups
from deskbay.activity.bulk import is_postgresql
from deskbay.activity.models import Activity, RollUpState, SignIn, UserHours
from deskbay.activity.partitions import drop_months, make_months_ahead
from deskbay.activity.retention import intervals_kept_from
from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.kit.intervals import Period, beginning, midnight
from deskbay.settings import Settings

LOOK_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class Keeper:
    """Keeps the roll-ups up to date, and forgets what the policy says."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("keeping activity failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Make the coming months, roll up every day that is over, then forget."""
        async with self._database.write() as db:
            await make_months_ahead(db, self._clock.now().date())
        async with self._database.write() as db:
            await roll_ups.begin(db, self._settings.time_zone, self._clock.now())
        while await self._roll_up():
            pass
        kept_from = intervals_kept_from(self._settings, self._clock.now())
        if kept_from is not None:
            async with self._database.write() as db:
                await forget(db, kept_from)
        async with self._database.write() as db:
            if not await drop_forgotten_months(db):
                log.info("forgotten months are in use still; they go later")

    async def _roll_up(self) -> bool:
        async with self._database.write() as db:
            return await roll_ups.roll_up_next_day(db, self._clock.now())


async def forget(db: AsyncSession, before: date) -> None:
    """Forget intervals and sign-ins of days that are rolled up; their totals stay.

    In PostgreSQL whole months are left to `drop_forgotten_months`.
    """
    state = await db.scalar(select(RollUpState).where(RollUpState.id == 1).with_for_update())
    if state is None or min(before, state.rolled_up_to) <= (state.kept_from or date.min):
        return
    state.kept_from = min(before, state.rolled_up_to)
    begins = midnight(state.kept_from, ZoneInfo(state.zone))
    past = delete(Activity).where(Activity.day < begins.date())
    if is_postgresql(db):
        past = past.where(Activity.day >= beginning(begins.date(), Period.MONTH))
    await db.execute(past)
    await db.execute(delete(SignIn).where(SignIn.ends_hour < begins - timedelta(hours=1)))


async def drop_forgotten_months(db: AsyncSession) -> bool:
    """Drop the months of which nothing is kept; False when they are in use. Nothing else may be in the transaction."""
    state = await roll_ups.find_state(db)
    if state is None or state.kept_from is None:
        return True
    return await drop_months(db, midnight(state.kept_from, ZoneInfo(state.zone)).date())


async def erase(db: AsyncSession, clock: Clock, user: User) -> None:
    """Remove a person, and forget who it was and where. Their hours stay in the totals, and belong to nobody.

    The times stay, too, for a late ping of someone else has that day of the device added up again.
    """
    await remove_user(db, clock, user)
    for table in (Login, SignIn):
        await db.execute(delete(table).where(table.user_id == user.id))
    user.zone = user.language = None
    await db.flush()


async def give_hours_to_nobody(db: AsyncSession, clock: Clock, user: User) -> None:
    """Take a person's hours and sign-ins away, while the person stays: the hours belong to nobody, the totals stay."""
    now = clock.now()
    nobody = User(uuid=uuid4(), username=f"erased-{uuid4().hex}", role=Role.USER, created_at=now)
    nobody.disabled_at = nobody.removed_at = now
    db.add(nobody)
    await db.flush()
    await db.execute(delete(SignIn).where(SignIn.user_id == user.id))
    for table in (Activity, UserHours):
        await db.execute(update(table).where(table.user_id == user.id).values(user_id=nobody.id))
