"""People over HTTP, as they are seen: where they are now, and when they were seen last."""

from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.directory import UserFilter, get_user_within_reach, list_users
from deskbay.accounts.models import Login, User
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.activity.models import SignIn
from deskbay.activity.schemas import PersonList, PersonOut, SeatOfPerson
from deskbay.activity.sign_ins import online
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["people"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)

Reader = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, Reach.GROUP))]


@router.get("/users", name="list_users")
async def list_people(
    db: Transaction, clock: ClockOfApp, wanted: Annotated[UserFilter, Query()], caller: Reader
) -> PersonList:
    """List people by username: all, or those whom you look after."""
    users, cursor, total = await list_users(db, wanted, await caller.within_reach(db, User.id))
    return PersonList(items=await _seen(db, clock.now(), caller, users), next_cursor=cursor, total=total)


@router.get("/users/{user_id}", name="get_user", responses=documented(HTTPStatus.NOT_FOUND))
async def get_person(user_id: Key, db: Transaction, clock: ClockOfApp, caller: Reader) -> PersonOut:
    """Show a person."""
    (person,) = await _seen(db, clock.now(), caller, [await get_user_within_reach(db, caller, user_id)])
    return person


async def _seen(db: AsyncSession, now: datetime, caller: Caller, users: Collection[User]) -> list[PersonOut]:
    known = await caller.rights.within_reach(db, Scope.ACTIVITY_READ, SignIn.user_id)
    theirs = SignIn.user_id.in_([user.id for user in users])
    here = select(SignIn).where(*online(now), theirs, known).options(joinedload(SignIn.device))
    seats = {one.user_id: one for one in await db.scalars(here.order_by(SignIn.id))}
    last_seen = await _last_seen(db, caller, users)
    return [_shown(user, seats.get(user.id), last_seen.get(user.id)) for user in users]


async def _last_seen(db: AsyncSession, caller: Caller, users: Collection[User]) -> dict[int, datetime]:
    """Return when people last reported from a device, or renewed a sign-in to Deskbay itself."""
    keys = [user.id for user in users]
    at_login = func.max(func.coalesce(Login.seen_at, Login.created_at))
    seen: dict[int, datetime] = {}
    for whose, last in ((SignIn.user_id, func.max(SignIn.last_ping_at)), (Login.user_id, at_login)):
        known = await caller.rights.within_reach(db, Scope.ACTIVITY_READ, whose)
        for user_id, at in await db.execute(select(whose, last).where(whose.in_(keys), known).group_by(whose)):
            seen[user_id] = max(at, seen.get(user_id, at))
    return seen


def _shown(user: User, seat: SignIn | None, last_seen_at: datetime | None) -> PersonOut:
    return PersonOut(
        id=user.id,
        username=user.username,
        email=user.email,
        full_name=user.full_name,
        role=user.role,
        created_at=user.created_at,
        disabled_at=user.disabled_at,
        last_seen_at=last_seen_at,
        seat=SeatOfPerson(device_id=seat.device_id, device=seat.device.name, since=seat.started_at) if seat else None,
    )
