"""The rules on who enters a desktop."""

from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.desktops.models import Desktop, State
from deskbay.gateway.models import Ticket
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.kit.secrets import digest, new_secret

TICKET_LIFETIME = timedelta(seconds=30)


def require_running(desktop: Desktop) -> None:
    """Raise Problem 409 unless there is something to look at."""
    if desktop.state is not State.RUNNING:
        detail = f"The desktop is {desktop.state}, not running. Start it, and open it then."
        raise Problem(HTTPStatus.CONFLICT, detail, kind="not-running")


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
    return await db.get_one(User, ticket.user_id)
