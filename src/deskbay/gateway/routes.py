"""Tickets over HTTP, and the WebSocket that a desktop is used through."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response, WebSocket

from deskbay.accounts.access import (
    Credential,
    SignedIn,
    authenticate,
    not_signed_in,
    refuse_other_origins,
    refuse_other_pages,
)
from deskbay.accounts.models import User
from deskbay.accounts.service import EVERYWHERE, is_signed_out
from deskbay.database import Database, Transaction
from deskbay.desktops.models import Desktop
from deskbay.desktops.pool import PoolOfApp, RuntimePool, as_problem
from deskbay.desktops.routes import ClockOfApp, OwnDesktop
from deskbay.desktops.runtimes import UnixDisplay, Unreachable
from deskbay.desktops.service import get_desktop
from deskbay.gateway import service
from deskbay.gateway.relay import Relay
from deskbay.gateway.schemas import TicketOut
from deskbay.gateway.thumbnails import Thumbnails
from deskbay.kit.keys import Key
from deskbay.kit.problems import Problem, documented, respond

router = APIRouter(prefix="/api/v1/desktops/{desktop_id}", tags=["gateway"])
SIGNED_OUT = 4401
"""Close code for a user who has signed out meanwhile."""
GOING_AWAY = 1001
"""Close code that has a page connect again."""

log = structlog.get_logger()


def _thumbnails(request: Request) -> Thumbnails:
    thumbnails: Thumbnails = request.app.state.thumbnails
    return thumbnails


ThumbnailsOfApp = Annotated[Thumbnails, Depends(_thumbnails)]


@router.post(
    "/ticket",
    status_code=HTTPStatus.CREATED,
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def issue_ticket(db: Transaction, user: SignedIn, desktop: OwnDesktop, clock: ClockOfApp) -> TicketOut:
    """Issue a ticket: it opens the desktop's WebSocket once, within 30 seconds, without cookie or header."""
    service.require_open(desktop)
    ticket, expires_at = await service.issue_ticket(db, clock, user, desktop)
    return TicketOut(ticket=ticket, expires_at=expires_at)


@router.get(
    "/thumbnail",
    response_class=Response,
    responses=documented(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE
    )
    | {HTTPStatus.OK: {"content": {"image/webp": {}}}, HTTPStatus.NOT_MODIFIED: {"description": "It is the same"}},
)
async def get_thumbnail(
    desktop: OwnDesktop,
    pool: PoolOfApp,
    thumbnails: ThumbnailsOfApp,
    width: Annotated[int, Query(ge=16, le=1920, description="Pixels, at the most")] = 480,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Show what is on the desktop's screen, two seconds old at the most."""
    service.require_running(desktop)
    display = pool.of(desktop).display(desktop.uuid)
    thumbnail = await thumbnails.get(display.path, width)
    headers = {"ETag": thumbnail.etag, "Cache-Control": "private, no-cache"}
    if if_none_match == thumbnail.etag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(thumbnail.image, media_type="image/webp", headers=headers)


@router.websocket("/vnc")
async def use_desktop(
    websocket: WebSocket, desktop_id: Key, ticket: Annotated[str | None, Query(max_length=100)] = None
) -> None:
    """Carry RFB (RFC 6143) in binary messages. Opened while the desktop starts, it waits until there is a picture.

    Needs a ticket, a bearer token, or the page's cookie from the page's own origin. Refused with the status
    and problem that an HTTP request would get.
    """
    try:
        user, login_id, desktop = await _admit(websocket, desktop_id, ticket)
        display = _display(websocket, desktop)
    except Problem as problem:
        await websocket.send_denial_response(respond(problem))
        return
    await websocket.accept(_binary(websocket))
    log.info("desktop entered", desktop=desktop.id, user=user.id)
    relay = Relay(display.path)
    with _ended_by_signing_out(relay, websocket, user, login_id):
        report = await relay.run(websocket)
    log.info("desktop left", desktop=desktop.id, user=user.id, why=report.end.value)


def _display(websocket: WebSocket, desktop: Desktop) -> UnixDisplay:
    pool: RuntimePool = websocket.app.state.runtimes
    try:
        return pool.of(desktop).display(desktop.uuid)
    except Unreachable as error:
        raise as_problem(error) from error


@contextmanager
def _ended_by_signing_out(relay: Relay, websocket: WebSocket, user: User, login_id: int) -> Iterator[None]:
    database: Database = websocket.app.state.database

    async def watch() -> None:
        with database.bus.subscribe() as changes:
            async for change in changes:
                if is_signed_out(change, user, login_id):
                    relay.end(SIGNED_OUT, "You signed out.")
        relay.end(GOING_AWAY, "Whether you signed out meanwhile is not known. Connect again.")

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _admit(websocket: WebSocket, desktop_id: Key, ticket: str | None) -> tuple[User, int, Desktop]:
    database: Database = websocket.app.state.database
    with database.bus.subscribe() as changes:
        async with database.write() if ticket else database.read() as db:
            user, login_id = await (
                _bearer_of(ticket, websocket, db, desktop_id) if ticket else _signed_in(websocket, db)
            )
            desktop = await get_desktop(db, user, desktop_id)
        await service.wait_for_start(database, desktop, changes)
    return user, login_id, desktop


async def _bearer_of(ticket: str, websocket: WebSocket, db: Transaction, desktop_id: int) -> tuple[User, int]:
    refuse_other_pages(websocket)
    user = await service.redeem_ticket(db, websocket.app.state.clock, ticket, desktop_id)
    return user, EVERYWHERE  # a ticket is its user's, whichever sign-in asked for it


async def _signed_in(websocket: WebSocket, db: Transaction) -> tuple[User, int]:
    caller = await authenticate(websocket, db)
    if caller is None:
        raise not_signed_in()
    if caller.credential is Credential.COOKIE:
        refuse_other_origins(websocket)
    return caller.user, caller.login_id


def _binary(websocket: WebSocket) -> str | None:
    return "binary" if "binary" in websocket.scope["subprotocols"] else None
