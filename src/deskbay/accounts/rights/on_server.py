"""What people are to the server: administrators of it, or not."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs, right_missing
from deskbay.accounts.groups.service import EVERY_GROUP, REGROUPED
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.built_in import BUILT_IN
from deskbay.accounts.rights.no_way_up import refuse_to_give
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import emit
from deskbay.kit.events import Event


async def change_role(db: AsyncSession, by: Caller, user: User, role: Role) -> None:
    """Make somebody an administrator of the server, or one no more; Problem 403 where that would be a way up."""
    await refuse_to_give(db, by, BUILT_IN[role].rights)
    if user.role is Role.ADMINISTRATOR and by.user.id not in await _locked_administrators(db):
        raise right_missing(Needs(Scope.PEOPLE_WRITE, Reach.ALL))
    user.role = role
    emit(db, Event(REGROUPED, EVERY_GROUP, 0))


async def _locked_administrators(db: AsyncSession) -> set[int]:
    """Return who is one now: two who take it from each other at once may not leave none."""
    administrators = select(User.id).where(User.role == Role.ADMINISTRATOR).order_by(User.id)
    return set(await db.scalars(administrators.with_for_update()))
