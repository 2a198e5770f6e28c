"""What people are to the server: administrators of it, or not; and of administrators one is always left."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs, right_missing
from deskbay.accounts.groups.service import EVERY_GROUP, REGROUPED
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.built_in import BUILT_IN
from deskbay.accounts.rights.no_way_up import refuse_to_give
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.service import end_every_login
from deskbay.database import emit
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event


async def change_role(db: AsyncSession, by: Caller, user: User, role: Role) -> None:
    """Make somebody an administrator of the server, or one no more; Problem 403 where that would be a way up."""
    await refuse_to_give(db, by, BUILT_IN[role].rights)
    await leave_one(db, by.user, user)
    user.role = role
    emit(db, Event(REGROUPED, EVERY_GROUP, 0))


async def disable(db: AsyncSession, clock: Clock, by: Caller, user: User) -> None:
    """Let somebody sign in no more, and end their sign-ins. Raises Problem 403 as `leave_one` does."""
    await leave_one(db, by.user, user)
    user.disabled_at, user.unconfirmed_until = user.disabled_at or clock.now(), None
    await end_every_login(db, clock, user)


async def leave_one(db: AsyncSession, by: User, user: User) -> None:
    """Have an administrator go only by one who is one, and stays one until the transaction ends.

    Two who send each other away at once would leave none: Problem 403 for who comes second. What is locked of
    desktops and volumes has to be so by now.
    """
    both = User.id.in_([by.id, user.id])
    administrators = select(User.id).where(both, User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
    there = set(await db.scalars(administrators.order_by(User.id).with_for_update()))
    if user.id in there and by.id not in there:
        raise right_missing(Needs(Scope.PEOPLE_WRITE, Reach.ALL))
