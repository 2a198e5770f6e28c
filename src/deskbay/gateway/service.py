"""The rules on who enters a desktop."""

import asyncio
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.database.audit.circumstances import Actor, ActorKind, act_as
from deskbay.desktops.models import Desktop, State
from deskbay.desktops.service import CHANGED, DELETED, find_desktop
from deskbay.gateway.models import Ticket
from deskbay.kit.clock import Clock
from deskbay.kit.events import Subscription
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

TICKET_LIFETIME = timedelta(seconds=30)
LOOK_SECONDS = 1.0
ON_THE_WAY_UP = {State.PENDING, State.STARTING}


def require_running(desktop: Desktop) -> None:
    """Raise Problem 409 unless there is something to look at."""
    if desktop.state is not State.RUNNING:
        raise _not_running(desktop)


def require_open(desktop: Desktop) -> None:
    """Raise Problem 409 unless the desktop runs, or is on its way up."""
    if desktop.state not in ON_THE_WAY_UP | {State.RUNNING}:
        raise _not_running(desktop)


def _not_running(desktop: Desktop) -> Problem:
    detail = f"The desktop is {desktop.state}, not running. Start it, and open it then."
    return Problem(HTTPStatus.CONFLICT, detail, kind="not-running")


async def wait_for_start(database: Database, desktop: Desktop, changes: Subscription) -> None:
    """Wait until the desktop, on its way up, runs. `changes` are those since before it was read.

    Raises Problem 409 when it does not come up, 404 when it is deleted meanwhile.
    """
    while desktop.state in ON_THE_WAY_UP:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                desktop.state = await _end_of_start(desktop, changes)
        except TimeoutError:  # another server may have changed it without our hearing of it
            desktop.state = await _state_of(database, desktop)
    require_running(desktop)


async def _end_of_start(desktop: Desktop, changes: Subscription) -> State:
    async for change in changes:
        if (change.subject, change.name) == (desktop.id, DELETED):
            raise _deleted(desktop)
        if (
            (change.subject, change.name) == (desktop.id, CHANGED)
            and (state := change.state)
            and state not in ON_THE_WAY_UP
        ):
            return State(state)
    await asyncio.sleep(LOOK_SECONDS)
    return desktop.state


async def _state_of(database: Database, desktop: Desktop) -> State:
    async with database.read() as db:
        found = await find_desktop(db, desktop.id)
    if found is None:
        raise _deleted(desktop)
    return found.state


def _deleted(desktop: Desktop) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"The desktop {desktop.id} was deleted while it started.")


async def issue_ticket(db: AsyncSession, clock: Clock, user: User, desktop: Desktop) -> tuple[str, datetime]:
    """Return a new ticket and the time at which it expires."""
    now = clock.now()
    await db.execute(delete(Ticket).where(Ticket.expires_at < now))
    secret = new_secret()
    ticket = Ticket(digest=digest(secret), user_id=user.id, desktop_id=desktop.id, expires_at=now + TICKET_LIFETIME)
    db.add(ticket)
    await db.flush()
    return secret, ticket.expires_at


async def redeem_ticket(db: AsyncSession, clock: Clock, secret: str, desktop_id: int) -> User:
    """Take a ticket, and return whose it is. Raises Problem 401 for one that is used, too old or another desktop's."""
    same = Ticket.digest == digest(secret)
    ticket = await db.scalar(select(Ticket).where(same, Ticket.desktop_id == desktop_id).with_for_update())
    if ticket is None or ticket.expires_at < clock.now():
        detail = "This ticket is used or too old. Ask for a new one; it is good once, for 30 seconds."
        raise Problem(HTTPStatus.UNAUTHORIZED, detail, kind="bad-ticket")
    await db.delete(ticket)
    act_as(Actor(ActorKind.PERSON, ticket.user_id))
    return await db.get_one(User, ticket.user_id)
