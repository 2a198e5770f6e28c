"""Showing once more that it is you: wanted before anything is changed that somebody signs in with."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.in_person import OwnWriterBriefly
from deskbay.accounts.models import Login, User
from deskbay.database import DatabaseOfApp
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.problems import Problem

LASTS = timedelta(minutes=10)


async def proven_until(db: AsyncSession, login_id: int) -> datetime | None:
    """Return until when a sign-in's last proof is good for changes."""
    login = await db.get(Login, login_id)
    return login.proven_at + LASTS if login and login.proven_at else None


async def prove(db: AsyncSession, clock: Clock, login_id: int) -> None:
    """Note that somebody has shown at a sign-in who they are."""
    (await db.get_one(Login, login_id)).proven_at = clock.now()


async def _proven(caller: OwnWriterBriefly, database: DatabaseOfApp, clock: ClockOfApp) -> User:
    async with database.read() as db:
        until = await proven_until(db, caller.login_id)
    if until is None or until <= clock.now():
        what = "Show once more that it is you: type your password, use a passkey, or sign in anew."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="proof-needed")
    return caller.user


Proven = Annotated[User, Depends(_proven)]
"""The user who is asking and has shown who they are within ten minutes. Problem 403 for others."""


def refuse_other(caller: Caller, shown: User) -> None:
    """Raise Problem 403 where somebody else than the caller has shown who they are."""
    if shown.id != caller.user.id:
        what = "That is a passkey of another account. Take one of yours."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="wrong-passkey")
