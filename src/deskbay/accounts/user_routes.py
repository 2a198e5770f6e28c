"""Accounts as administrators change them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts import service
from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.directory import get_user, no_user
from deskbay.accounts.models import User
from deskbay.accounts.passkeys.service import remove_passkeys
from deskbay.accounts.rights.no_way_up import refuse_over_administrators
from deskbay.accounts.rights.on_server import change_role, disable
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.schemas import RoleOnServer
from deskbay.accounts.second_step.service import turn_off
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import Problem, documented

router = APIRouter(
    prefix="/api/v1/users/{user_id}",
    tags=["people"],
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)

Writer = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.ALL))]


async def _changed(user_id: Key, by: Writer, db: Transaction) -> User:
    user = await get_user(db, user_id)
    if user.removed_at is not None:
        raise no_user(user_id)
    refuse_over_administrators(by, user)
    return user


ChangedUser = Annotated[User, Depends(_changed)]
"""The person of a path, to change: an administrator only by one."""


async def _another(user: ChangedUser, by: Writer) -> User:
    if user.id == by.user.id:
        what = "You can't do this to your own account. Another administrator can."
        raise Problem(HTTPStatus.CONFLICT, what, kind="yourself")
    return user


AnotherUser = Annotated[User, Depends(_another)]
"""The same, where nobody may do it to themselves: Problem 409."""


@router.put("/role", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.CONFLICT))
async def change_role_on_server(wish: RoleOnServer, user: AnotherUser, by: Writer, db: Transaction) -> None:
    """Make a person an administrator of the server, or one no more. It holds at once; nobody changes their own."""
    await change_role(db, by, user, wish.role)


@router.post("/disable", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.CONFLICT))
async def disable_user(user: AnotherUser, by: Writer, db: Transaction, clock: ClockOfApp) -> None:
    """Let a person sign in no more. Their sign-ins end and their tokens stop at once; what is theirs stays."""
    await disable(db, clock, by, user)


@router.post("/reset-sign-in", status_code=HTTPStatus.NO_CONTENT, responses=documented(HTTPStatus.CONFLICT))
async def reset_sign_in(user: AnotherUser, db: Transaction, clock: ClockOfApp) -> None:
    """Forget a person's authenticator app, recovery codes and passkeys, and sign them out: for who has lost them."""
    await turn_off(db, user)
    await remove_passkeys(db, user)
    await service.end_every_login(db, clock, user)


@router.post("/enable", status_code=HTTPStatus.NO_CONTENT)
async def enable_user(user: ChangedUser) -> None:
    """Let a person who was disabled sign in again, or one whose address was never verified sign in at all."""
    user.disabled_at = user.unconfirmed_until = None
