"""What failed in signing in, in the audit: enough to see that somebody tries, and too little for a flood to fill it."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database.audit.circumstances import SYSTEM, Actor, ActorKind, act_as, circumstances
from deskbay.database.audit.happenings import Happening, Values, written
from deskbay.database.audit.looks import note
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.kit.problems import Problem

PERIOD = timedelta(minutes=10)
"""So long the same failure of the same account from the same address counts as one."""
MOST = 500
"""So many are told within that time, and then that there are more."""
MORE: Values = {"why": "too-many-to-tell"}
NOBODY = Actor(ActorKind.NOBODY)


class SignInRefused(Problem):
    """A sign-in that is refused, where it is known into whose account."""

    def __init__(self, status: HTTPStatus, detail: str, *, kind: str, account: str) -> None:
        super().__init__(status, detail, kind=kind)
        self.account = account


def account_in(problem: Problem) -> str | None:
    """Return the account that a refusal is about, where it tells."""
    return problem.account if isinstance(problem, SignInRefused) else None


async def tell_failure(db: AsyncSession, now: datetime, account: str | None, what: Values) -> None:
    """Have a failure told when the transaction is committed: whose account was tried, where there is such a one.

    What somebody typed that is nobody's name is not told: it may be a password.
    """
    if circumstances().actor == SYSTEM:
        act_as(NOBODY)
    user_id = await _user_id(db, account) if account else None
    failure = _failure(user_id, what)
    told = await _told_lately(db, now)
    if told <= MOST and not await _is_told(db, now, failure):
        note(db, failure if told < MOST else _failure(None, MORE))


def _failure(user_id: int | None, what: Values) -> Happening:
    number = None if user_id is None else str(user_id)
    return Happening(Action.REFUSED, User.__tablename__, number, user_id, after=what)


async def _user_id(db: AsyncSession, account: str) -> int | None:
    user_id: int | None = await db.scalar(select(User.id).where(User.username_key == account.lower()))
    return user_id


async def _told_lately(db: AsyncSession, now: datetime) -> int:
    lately = (AuditEntry.at > now - PERIOD) & (AuditEntry.action == Action.REFUSED)
    return await db.scalar(select(func.count()).select_from(AuditEntry).where(lately)) or 0


async def _is_told(db: AsyncSession, now: datetime, failure: Happening) -> bool:
    same = (
        (AuditEntry.at > now - PERIOD)
        & (AuditEntry.action == Action.REFUSED)
        & (AuditEntry.object_id == failure.id)
        & (AuditEntry.address == circumstances().address)
        & (AuditEntry.after == written(failure.after))
    )
    return await db.scalar(select(AuditEntry.id).where(same).limit(1)) is not None
