"""Nobody comes by more rights than they have through what they may do to other accounts."""

from http import HTTPStatus

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs, right_missing
from deskbay.accounts.models import Role, User
from deskbay.accounts.rights.scopes import Granted, Reach, Scope
from deskbay.kit.problems import Problem


async def refuse_without(db: AsyncSession, caller: Caller, scope: Scope, reach: Reach) -> None:
    """Raise Problem 403 where a caller lacks a right that only a part of what a route does takes."""
    if not await caller.rights.include(db, scope, reach):
        raise right_missing(Needs(scope, reach))


async def refuse_to_give(db: AsyncSession, by: Caller, given: Granted) -> None:
    """Raise Problem 403 where somebody would give a right that they don't have.

    What reaches to a group takes a right that reaches everyone: the group may be another than one's own.
    """
    for scope, reach in given.items():
        if not await by.rights.include(db, scope, Reach.OWN if reach is Reach.OWN else Reach.ALL):
            what = f"You can't give the right {scope}!{reach}, because you don't have it yourself for everyone."
            raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")


def refuse_over_administrators(by: Caller, user: User) -> None:
    """Raise Problem 403 where one who is no administrator would change the account of one."""
    if user.role is Role.ADMINISTRATOR and by.user.role is not Role.ADMINISTRATOR:
        what = "Only administrators change the account of one. Ask one of them."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="right-missing")
