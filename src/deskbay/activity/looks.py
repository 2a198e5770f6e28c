"""Whose activity somebody may see."""

from dataclasses import replace
from http import HTTPStatus

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, still
from deskbay.accounts.models import User
from deskbay.accounts.rights.scopes import Reach
from deskbay.activity.models import SignIn
from deskbay.activity.presence import Attendance
from deskbay.activity.sign_ins import online
from deskbay.database import Database
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action
from deskbay.kit.problems import Problem


async def may_see(db: AsyncSession, database: Database, caller: Caller, user_id: int | None) -> None:
    """Raise Problem 403 when somebody asks for a person whom they may not see, or for more than their own.

    The audit tells of looks at another's.
    """
    if user_id is None:
        allowed = await caller.rights.include(db, caller.scope, Reach.GROUP)
    else:
        allowed = await caller.reaches(db, user_id)
    if not allowed:
        what = "You may not see this person's activity. Add user_id with your own id, or ask an administrator."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")
    if user_id is not None:
        await looked(database, Action.LOOKED, "activity", user_id, owner_id=user_id)


async def people_seen(db: AsyncSession, caller: Caller) -> Select[int] | None:
    """Select the ids of the people whose activity somebody may see; None: everyone's."""
    if await caller.rights.include(db, caller.scope, Reach.ALL):
        return None
    return select(User.id).where(await caller.within_reach(db, User.id))


async def still_seen(database: Database, caller: Caller, everyone: Attendance) -> Attendance | None:
    """Return the part of an attendance that the caller may see now; None when they may see no others any more."""
    async with database.read() as db:
        now = await still(db, caller)
        if now is None or not await now.rights.include(db, now.scope, Reach.GROUP):
            return None
        if await now.rights.include(db, now.scope, Reach.ALL):
            return everyone
        there = select(SignIn.id).where(*online(everyone.at), await now.within_reach(db, SignIn.user_id))
        keys = set(await db.scalars(there))
    return replace(everyone, people={key: seen for key, seen in everyone.people.items() if key in keys})
