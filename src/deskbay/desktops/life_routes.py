"""Other names, other owners, messages and histories of desktops over HTTP, and everyone's desktops live."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from deskbay.accounts import directory
from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.service import is_signed_out
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.desktops import history, life, service, stops
from deskbay.desktops.reached import OverseenDesktop, Overseer, SeenDesktop, UsedDesktop
from deskbay.desktops.schemas import (
    ChangeList,
    ChangeOut,
    DesktopOut,
    ExtendIn,
    MessageIn,
    RenameIn,
    TransferIn,
)
from deskbay.desktops.watch import Watch
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.events import EventBus
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.settings import SettingsOfApp

router = APIRouter(prefix="/api/v1", responses=documented(HTTPStatus.UNAUTHORIZED))
FORBIDDEN = documented(HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


Watcher = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_READ, Reach.GROUP))]


@router.patch("/desktops/{desktop_id}", tags=["desktops"], responses=NOT_FOUND)
async def rename_desktop(wish: RenameIn, desktop: UsedDesktop, db: Transaction) -> DesktopOut:
    """Give a desktop another name."""
    life.rename(db, desktop, wish.name)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/extend", tags=["desktops"], responses=NOT_FOUND | CONFLICT)
async def extend_desktop(wish: ExtendIn, desktop: UsedDesktop, db: Transaction, clock: ClockOfApp) -> DesktopOut:
    """Move the end of the present launch of a desktop, at most to its `latest_end`."""
    await stops.extend(db, clock, desktop, wish.until)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/transfer", tags=["desktops"], responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def transfer_desktop(  # noqa: PLR0917 - each is a part of the request
    wish: TransferIn,
    desktop: OverseenDesktop,
    db: Transaction,
    caller: Overseer,
    clock: ClockOfApp,
    settings: SettingsOfApp,
) -> DesktopOut:
    """Give a stopped desktop to somebody else within your reach, who finds their own home in it."""
    owner = await directory.get_user_within_reach(db, caller, wish.user_id)
    await life.transfer(db, clock, desktop, owner, by=caller.user, limit=settings.desktops_per_user)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/message", tags=["desktops"], responses=FORBIDDEN | NOT_FOUND)
async def tell_owner(wish: MessageIn, desktop: OverseenDesktop, db: Transaction, clock: ClockOfApp) -> DesktopOut:
    """Tell a desktop's owner something: in the desktop, and on the page until they take it away."""
    life.say(db, clock, desktop, wish.text)
    return (await service.describe(db, [desktop]))[0]


@router.delete("/desktops/{desktop_id}/message", tags=["desktops"], responses=NOT_FOUND)
async def dismiss_message(desktop: UsedDesktop, db: Transaction) -> DesktopOut:
    """Take away the message on a desktop."""
    life.unsay(db, desktop)
    return (await service.describe(db, [desktop]))[0]


@router.get("/desktops/{desktop_id}/history", tags=["desktops"], responses=NOT_FOUND)
async def get_history(desktop: SeenDesktop, db: Transaction, page: PageQuery) -> ChangeList:
    """Show the states that a desktop came into, newest first: when, why, and by whose wish."""
    changes, cursor = await history.list_changes(db, desktop, page)
    return ChangeList(items=[ChangeOut.model_validate(change) for change in changes], next_cursor=cursor)


@router.get("/desktops/events", tags=["events"], response_class=EventSourceResponse, responses=FORBIDDEN)
async def stream_desktops(request: Request, caller: Watcher, database: DatabaseOfApp) -> AsyncIterator[ServerSentEvent]:
    """Stream every change of the desktops within your reach, from now on: `desktop` and `desktop-deleted`.

    The latter tells of what is out of reach now, too. After a break, fetch the list again. Ends when you sign out, or
    reach nobody else's desktops any more.
    """
    bus: EventBus = request.app.state.bus
    watch = Watch(database, caller)
    with bus.subscribe() as changes:
        await watch.begin()
        yield ServerSentEvent(comment="listening")
        async for change in changes:
            told = None if is_signed_out(change, caller.user, caller.login_id) else await watch.tell(change)
            if told is None:
                return
            for one in told:
                name = service.CHANGED if isinstance(one, DesktopOut) else service.DELETED
                yield ServerSentEvent(event=name, data=one)
