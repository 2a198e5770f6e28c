"""Who enters a desktop by a WebSocket, and until when, whatever is spoken on it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Query, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Needs, refuse_other_pages
from deskbay.accounts.groups.service import REGROUPED
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Granted, Scope
from deskbay.accounts.service import EVERYWHERE, find_signed_in, is_signed_out
from deskbay.accounts.tokens import AccessClaims
from deskbay.database import Database
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action
from deskbay.desktops.models import Desktop
from deskbay.desktops.service import get_desktop, may_use
from deskbay.gateway import service
from deskbay.gateway.relay import Relay
from deskbay.kit.keys import Key

SIGNED_OUT = 4401
"""Close code for a user who has signed out meanwhile."""
OUT_OF_REACH = 4403
"""Close code for a user who may not use the desktop any more."""
YOU_SIGNED_OUT, NOT_YOURS_ANY_MORE = "You signed out.", "The desktop is out of your reach."
GOING_AWAY = 1001
"""Close code that has a page connect again."""

TicketOfVisitor = Annotated[str | None, Query(alias="ticket", max_length=100)]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person at the door of a running desktop that they may use, and the sign-in by which they came.

    `limits` are those of the API token by which they did, if they did.
    """

    user: User
    login_id: int
    desktop: Desktop
    limits: Granted | None = None


@dataclass(frozen=True, slots=True)
class NeedsOrTicket(Needs):
    """A right that a WebSocket takes of those who come without a ticket; a dependency that gives the `Visitor`.

    Waits until the desktop, on its way up, runs. Raises the Problem that an HTTP request would get.
    """

    async def __call__(  # type: ignore[override]  # FastAPI gives it what it asks for
        self, websocket: WebSocket, desktop_id: Key, ticket: TicketOfVisitor = None
    ) -> Visitor:
        database: Database = websocket.app.state.database
        with database.bus.subscribe() as changes:
            async with database.write() if ticket else database.read() as db:
                rights, login_id = await (
                    _bearer_of(ticket, websocket, db, desktop_id) if ticket else self._signed_in(websocket, db)
                )
                desktop = await get_desktop(db, rights, desktop_id)
            await service.wait_for_start(database, desktop, changes)
        return Visitor(rights.user, login_id, desktop, rights.limits)

    async def _signed_in(self, websocket: WebSocket, db: AsyncSession) -> tuple[Rights, int]:
        caller = await self.admit(websocket, db)
        return caller.rights, caller.login_id


Entrant = Annotated[Visitor, Depends(NeedsOrTicket(Scope.DESKTOPS_WRITE))]


async def _bearer_of(ticket: str, websocket: WebSocket, db: AsyncSession, desktop_id: int) -> tuple[Rights, int]:
    refuse_other_pages(websocket)
    user = await service.redeem_ticket(db, websocket.app.state.clock, ticket, desktop_id)
    return Rights(user), EVERYWHERE  # a ticket is its user's, whichever sign-in asked for it


async def enter(websocket: WebSocket, visitor: Visitor, relay: Relay, *, subprotocol: str) -> None:
    """Relay between the visitor and the desktop until one of them leaves, or the visitor signs out."""
    desktop, database = visitor.desktop, websocket.app.state.database
    await looked(database, Action.ENTERED, "desktops", desktop.id, owner_id=desktop.owner_id)
    await websocket.accept(subprotocol if subprotocol in websocket.scope["subprotocols"] else None)
    log.info("desktop entered", desktop=desktop.id, user=visitor.user.id)
    with _ended_in_time(relay, websocket, visitor):
        report = await relay.run(websocket)
    log.info("desktop left", desktop=desktop.id, user=visitor.user.id, why=report.end.value)


@contextmanager
def _ended_in_time(relay: Relay, websocket: WebSocket, visitor: Visitor) -> Iterator[None]:
    database: Database = websocket.app.state.database

    async def watch() -> None:
        with database.bus.subscribe() as changes, suppress(SQLAlchemyError, OSError):
            # What happened while the desktop started was not heard.
            if not await _is_signed_in(database, visitor):
                relay.end(SIGNED_OUT, YOU_SIGNED_OUT)
            elif not await _may_stay(database, visitor):
                relay.end(OUT_OF_REACH, NOT_YOURS_ANY_MORE)
            async for change in changes:
                if is_signed_out(change, visitor.user, visitor.login_id):
                    relay.end(SIGNED_OUT, YOU_SIGNED_OUT)
                elif change.name == REGROUPED and not await _may_stay(database, visitor):
                    relay.end(OUT_OF_REACH, NOT_YOURS_ANY_MORE)
        relay.end(GOING_AWAY, "Whether you may stay is not known. Connect again.")

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _is_signed_in(database: Database, visitor: Visitor) -> bool:
    async with database.read() as db:
        if visitor.login_id == EVERYWHERE:
            return (await db.get_one(User, visitor.user.id)).disabled_at is None
        return await find_signed_in(db, AccessClaims(visitor.user.id, visitor.login_id)) is not None


async def _may_stay(database: Database, visitor: Visitor) -> bool:
    if visitor.desktop.owner_id == visitor.user.id:
        return True
    async with database.read() as db:
        rights = Rights(await db.get_one(User, visitor.user.id), visitor.limits)
        return await may_use(db, rights, visitor.desktop)
