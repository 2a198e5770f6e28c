"""Desktops over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.announcements import service as announcements
from deskbay.accounts.announcements.schemas import AnnouncementEvent
from deskbay.accounts.rights import watch
from deskbay.accounts.rights.schemas import RightsEvent
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.service import is_signed_out
from deskbay.database import Database, DatabaseOfApp, Transaction
from deskbay.desktops import beginnings, launching, restoring, service, stops, templates
from deskbay.desktops.availability import AvailabilityOfApp
from deskbay.desktops.pool import PoolOfApp
from deskbay.desktops.reached import Reader, SeenDesktop, UsedDesktop, Writer
from deskbay.desktops.schemas import (
    DesktopGone,
    DesktopIn,
    DesktopList,
    DesktopOut,
    LogOut,
    StopIn,
)
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event, EventBus
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import documented
from deskbay.sessions import restores
from deskbay.sessions import service as sessions
from deskbay.sessions.schemas import RestoreOut, SessionOut
from deskbay.settings import Settings
from deskbay.volumes import service as volumes
from deskbay.volumes import shares
from deskbay.volumes.schemas import VolumeEvent

router = APIRouter(prefix="/api/v1", responses=documented(HTTPStatus.UNAUTHORIZED))
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


def _clock(connection: HTTPConnection) -> Clock:
    clock: Clock = connection.app.state.clock
    return clock


def _settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


ClockOfApp = Annotated[Clock, Depends(_clock)]
SettingsOfApp = Annotated[Settings, Depends(_settings)]
Listener = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_READ, private=True))]


@router.post("/desktops", tags=["desktops"], status_code=HTTPStatus.CREATED, responses=NOT_FOUND | CONFLICT)
async def launch_desktop(  # noqa: PLR0917 - each is a part of the request
    wish: DesktopIn,
    db: Transaction,
    caller: Writer,
    clock: ClockOfApp,
    settings: SettingsOfApp,
    availability: AvailabilityOfApp,
    idempotency_key: Annotated[
        str | None, Header(max_length=255, description="The same key again gives the same desktop, not another")
    ] = None,
) -> DesktopOut:
    """Launch a desktop. It is pending at first; `GET /api/v1/events` tells how it goes on."""
    user, template = caller.user, await templates.get_launchable(db, caller.rights, wish.template)
    availability.require_way_to(template)
    session, save = await restoring.find_wish(db, user, wish.session_id, wish.save_id)
    session = session or await beginnings.own_copy(db, clock, user, template)
    volume = await volumes.get_usable(db, caller.rights, wish.volume_id) if wish.volume_id else None
    launched = launching.LaunchWish(
        template,
        wish.name,
        size=launching.Size(wish.memory_mb, wish.cpus),
        session=session,
        save=save,
        volume=volume,
        idempotency_key=idempotency_key,
    )
    desktop = await launching.launch(db, clock, user, launched, service.Right.of(settings))
    return (await service.describe(db, [desktop]))[0]


@router.get("/desktops", tags=["desktops"], responses=documented(HTTPStatus.FORBIDDEN))
async def list_desktops(
    db: Transaction,
    caller: Reader,
    page: PageQuery,
    everyones: Annotated[bool, Query(alias="all", description="Of everyone within your reach")] = False,
    changeable: Annotated[bool, Query(description="Of all of them those alone that you may change")] = False,
) -> DesktopList:
    """List desktops, newest first."""
    scope = Scope.DESKTOPS_WRITE if changeable else Scope.DESKTOPS_READ
    desktops, cursor = await service.list_desktops(db, caller.rights, page, everyones=everyones, scope=scope)
    return DesktopList(items=await service.describe(db, desktops), next_cursor=cursor)


@router.get("/desktops/{desktop_id}", tags=["desktops"], responses=NOT_FOUND)
async def get_desktop(db: Transaction, desktop: SeenDesktop) -> DesktopOut:
    """Show a desktop."""
    return (await service.describe(db, [desktop]))[0]


@router.get(
    "/desktops/{desktop_id}/log", tags=["desktops"], responses=NOT_FOUND | documented(HTTPStatus.SERVICE_UNAVAILABLE)
)
async def get_desktop_log(desktop: SeenDesktop, pool: PoolOfApp) -> LogOut:
    """Show the last lines that a desktop printed."""
    return LogOut(lines=await pool.of(desktop).log(desktop.uuid))


@router.post("/desktops/{desktop_id}/start", tags=["desktops"], responses=NOT_FOUND | CONFLICT)
async def start_desktop(
    db: Transaction, desktop: UsedDesktop, caller: Writer, clock: ClockOfApp, settings: SettingsOfApp
) -> DesktopOut:
    """Start a desktop again that is stopped or failed."""
    await service.start_desktop(db, clock, desktop, right=service.Right.of(settings), by=caller.user)
    return (await service.describe(db, [desktop]))[0]


@router.post("/desktops/{desktop_id}/stop", tags=["desktops"], responses=NOT_FOUND)
async def stop_desktop(db: Transaction, desktop: UsedDesktop, caller: Writer, wish: StopIn | None = None) -> DesktopOut:
    """Stop a desktop, or cancel its start. Its home stays."""
    await service.stop_desktop(db, desktop, wish.reason if wish else None, by=caller.user)
    return (await service.describe(db, [desktop]))[0]


@router.post(
    "/desktops/{desktop_id}/keep",
    tags=["desktops"],
    responses=NOT_FOUND | CONFLICT | documented(HTTPStatus.FORBIDDEN),
)
async def keep_desktop(db: Transaction, desktop: UsedDesktop, caller: Writer, clock: ClockOfApp) -> DesktopOut:
    """Keep a desktop of yours that would be stopped by itself: it counts as used now, or its end is moved.

    409 when it ran for as long as it may.
    """
    await stops.keep_own(db, clock, caller.user, desktop)
    return (await service.describe(db, [desktop]))[0]


@router.delete("/desktops/{desktop_id}", tags=["desktops"], status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_desktop(db: Transaction, desktop: UsedDesktop, caller: Writer) -> None:
    """Delete a desktop for good. The home of its owner stays."""
    service.delete_desktop(db, desktop, by=caller.user)


@router.get("/events", tags=["events"], response_class=EventSourceResponse)
async def stream_events(request: Request, caller: Listener, database: DatabaseOfApp) -> AsyncIterator[ServerSentEvent]:
    """Stream every change of the user's desktops, sessions and restores, from now on.

    `desktop`, `session` and `restore` carry one as it is now, `desktop-deleted` and `session-deleted` the id of one
    that is gone; `volume` the id of a volume that has changed, that is shared with the user now or no more, or that is
    gone; `announcements` the id of an announcement that is new, other or gone; `rights` what the user may do now. After
    a break, fetch the lists again: events are not kept. Ends when the user signs out.
    """
    bus: EventBus = request.app.state.bus
    rights = watch.RightsWatch(database, caller)
    with bus.subscribe() as changes:
        await rights.begin()
        yield ServerSentEvent(comment="listening")
        async for change in changes:
            if is_signed_out(change, caller.user, caller.login_id):
                return
            if await rights.has_changed(change):
                yield ServerSentEvent(event=watch.CHANGED, data=RightsEvent(rights=dict(rights.known)))
            if change.owner in {caller.user.id, announcements.NOBODYS} and (event := await _as_sent(database, change)):
                yield event


async def _as_sent(database: Database, change: Event) -> ServerSentEvent | None:
    if change.name in {service.DELETED, sessions.DELETED}:
        return ServerSentEvent(event=change.name, data=DesktopGone(id=change.subject))
    if change.name == announcements.CHANGED:
        return ServerSentEvent(event=change.name, data=AnnouncementEvent(id=change.subject))
    if change.name == shares.CHANGED:
        return ServerSentEvent(event=change.name, data=VolumeEvent(id=change.subject))
    show = SHOWN.get(change.name)
    if show is None:
        return None
    async with database.read() as db:
        shown = await show(db, change.subject)
    return ServerSentEvent(event=change.name, data=shown) if shown else None


async def _desktop(db: AsyncSession, desktop_id: int) -> DesktopOut | None:
    desktop = await service.find_desktop(db, desktop_id)
    return (await service.describe(db, [desktop]))[0] if desktop else None


async def _session(db: AsyncSession, session_id: int) -> SessionOut | None:
    session = await sessions.find_session(db, session_id)
    return (await sessions.describe(db, [session]))[0] if session else None


async def _restore(db: AsyncSession, restore_id: int) -> RestoreOut | None:
    restore = await restores.find_restore(db, restore_id)
    return await restores.describe(db, restore) if restore else None


SHOWN: Mapping[str, Callable[[AsyncSession, int], Awaitable[BaseModel | None]]] = {
    service.CHANGED: _desktop,
    sessions.CHANGED: _session,
    restores.CHANGED: _restore,
}
