"""Other names, other owners, messages and histories of desktops over HTTP, and everyone's desktops live."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from deskbay.accounts import directory
from deskbay.accounts.access import Administrator, SignedIn, SignedInCaller, is_administrator_still
from deskbay.accounts.service import is_signed_out
from deskbay.database import Database, DatabaseOfApp, Transaction
from deskbay.desktops import history, life, service, stops
from deskbay.desktops.models import Desktop
from deskbay.desktops.routes import OwnDesktop
from deskbay.desktops.schemas import (
    ChangeList,
    ChangeOut,
    DesktopGone,
    DesktopOut,
    ExtendIn,
    MessageIn,
    RenameIn,
    TransferIn,
)
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.events import Event, EventBus
from deskbay.kit.keys import Key
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1", responses=documented(HTTPStatus.UNAUTHORIZED))
FORBIDDEN = documented(HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


async def _managed_desktop(desktop_id: Key, db: Transaction, administrator: Administrator) -> Desktop:
    return await service.get_desktop(db, administrator, desktop_id)


ManagedDesktop = Annotated[Desktop, Depends(_managed_desktop)]


@router.patch("/desktops/{desktop_id}", tags=["desktops"], responses=NOT_FOUND)
async def rename_desktop(wish: RenameIn, desktop: OwnDesktop, db: Transaction) -> DesktopOut:
    """Give a desktop another name."""
    life.rename(db, desktop, wish.name)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/extend", tags=["desktops"], responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def extend_desktop(
    wish: ExtendIn, desktop: OwnDesktop, db: Transaction, user: SignedIn, clock: ClockOfApp
) -> DesktopOut:
    """Move the end of the present launch of a desktop of yours, at most to its `latest_end`."""
    await stops.extend(db, clock, user, desktop, wish.until)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/transfer", tags=["desktops"], responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def transfer_desktop(  # noqa: PLR0917 - each is a part of the request
    wish: TransferIn,
    desktop: ManagedDesktop,
    db: Transaction,
    administrator: Administrator,
    clock: ClockOfApp,
    settings: SettingsOfApp,
) -> DesktopOut:
    """Give a stopped desktop to somebody else, who finds their own home in it."""
    owner = await directory.get_user(db, wish.user_id)
    await life.transfer(db, clock, desktop, owner, by=administrator, limit=settings.desktops_per_user)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/message", tags=["desktops"], responses=FORBIDDEN | NOT_FOUND)
async def tell_owner(wish: MessageIn, desktop: ManagedDesktop, db: Transaction, clock: ClockOfApp) -> DesktopOut:
    """Tell a desktop's owner something: in the desktop, and on the page until they take it away."""
    life.say(db, clock, desktop, wish.text)
    return (await service.describe(db, [desktop]))[0]


@router.delete("/desktops/{desktop_id}/message", tags=["desktops"], responses=NOT_FOUND)
async def dismiss_message(desktop: OwnDesktop, db: Transaction) -> DesktopOut:
    """Take away the message on a desktop."""
    life.unsay(db, desktop)
    return (await service.describe(db, [desktop]))[0]


@router.get("/desktops/{desktop_id}/history", tags=["desktops"], responses=NOT_FOUND)
async def get_history(desktop: OwnDesktop, db: Transaction, page: PageQuery) -> ChangeList:
    """Show the states that a desktop came into, newest first: when, why, and by whose wish."""
    changes, cursor = await history.list_changes(db, desktop, page)
    return ChangeList(items=[ChangeOut.model_validate(change) for change in changes], next_cursor=cursor)


@router.get("/desktops/events", tags=["events"], response_class=EventSourceResponse, responses=FORBIDDEN)
async def stream_desktops(
    request: Request, caller: SignedInCaller, _: Administrator, database: DatabaseOfApp
) -> AsyncIterator[ServerSentEvent]:
    """Stream every change of everyone's desktops, from now on: `desktop` and `desktop-deleted`.

    After a break, fetch the list again. Ends when the administrator signs out.
    """
    bus: EventBus = request.app.state.bus
    with bus.subscribe() as changes:
        yield ServerSentEvent(comment="listening")
        async for change in changes:
            if is_signed_out(change, caller.user, caller.login_id):
                return
            if change.name in {service.CHANGED, service.DELETED}:
                if not await is_administrator_still(database, caller):
                    return
                if event := await _as_sent(database, change):
                    yield event


async def _as_sent(database: Database, change: Event) -> ServerSentEvent | None:
    async with database.read() as db:
        desktop = await service.find_desktop(db, change.subject)
        if desktop is None:
            return ServerSentEvent(event=service.DELETED, data=DesktopGone(id=change.subject))
        return ServerSentEvent(event=service.CHANGED, data=(await service.describe(db, [desktop]))[0])
