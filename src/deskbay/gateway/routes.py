"""Tickets over HTTP, and the WebSocket that a desktop is used through."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response, WebSocket

from deskbay.database import Transaction
from deskbay.desktops.reached import SeenDesktop, UsedDesktop, Writer
from deskbay.gateway import service
from deskbay.gateway.displays import display_of, is_vnc, other_protocol
from deskbay.gateway.entering import Entrant, enter
from deskbay.gateway.recordings.service import Recordings
from deskbay.gateway.relay import VncRelay
from deskbay.gateway.schemas import TicketOut
from deskbay.gateway.thumbnails import Thumbnails
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import documented

router = APIRouter(prefix="/api/v1/desktops/{desktop_id}", tags=["gateway"])


def _thumbnails(request: Request) -> Thumbnails:
    thumbnails: Thumbnails = request.app.state.thumbnails
    return thumbnails


ThumbnailsOfApp = Annotated[Thumbnails, Depends(_thumbnails)]


@router.post(
    "/ticket",
    status_code=HTTPStatus.CREATED,
    responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def issue_ticket(db: Transaction, caller: Writer, desktop: UsedDesktop, clock: ClockOfApp) -> TicketOut:
    """Issue a ticket: it opens the desktop's WebSocket once, within 30 seconds, without cookie or header."""
    service.require_open(desktop)
    ticket, expires_at = await service.issue_ticket(db, clock, caller.user, desktop)
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
    request: Request,
    desktop: SeenDesktop,
    thumbnails: ThumbnailsOfApp,
    width: Annotated[int, Query(ge=16, le=1920, description="Pixels, at the most")] = 480,
    if_none_match: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Show what is on the desktop's screen, two seconds old at the most."""
    service.require_running(desktop)
    display = await display_of(request, desktop)
    thumbnail = await thumbnails.get(display, width)
    headers = {"ETag": thumbnail.etag, "Cache-Control": "private, no-cache"}
    if if_none_match == thumbnail.etag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(thumbnail.image, media_type="image/webp", headers=headers)


@router.websocket("/vnc")
async def use_desktop(websocket: WebSocket, visitor: Entrant) -> None:
    """Carry RFB (RFC 6143) in binary messages. Opened while the desktop starts, it waits until there is a picture.

    Needs a ticket, a bearer token, or the page's cookie from the page's own origin. Refused with the status
    and problem that an HTTP request would get.
    """
    display = await display_of(websocket, visitor.desktop)
    if not is_vnc(display):
        raise other_protocol(visitor.desktop, "guacamole")
    recordings: Recordings = websocket.app.state.recordings
    async with recordings.of(visitor) as witness:
        relay = VncRelay(display, visitor.desktop.template.clipboard, witness)
        await enter(websocket, visitor, relay, subprotocol="binary")
