"""The WebSocket through which desktops are used that are shown by RDP or SSH."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, WebSocket

from deskbay.desktops.runtimes import TcpDisplay
from deskbay.gateway.displays import display_of, is_vnc, other_protocol
from deskbay.gateway.entering import Entrant, enter
from deskbay.gateway.guacd.handshake import Viewport
from deskbay.gateway.guacd.tunnel import Address, GuacdTunnel
from deskbay.gateway.recordings.service import Recordings
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

router = APIRouter(prefix="/api/v1/desktops/{desktop_id}", tags=["gateway"])

Pixels = Annotated[int, Query(ge=64, le=16384)]


def _viewport(
    width: Pixels = 1280,
    height: Pixels = 800,
    dpi: Annotated[int, Query(ge=48, le=480)] = 96,
    timezone: Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9_+/-]*$")] = "",
) -> Viewport:
    return Viewport(width, height, dpi, timezone)


@router.websocket("/guacamole")
async def use_desktop_by_guacd(
    websocket: WebSocket, visitor: Entrant, viewport: Annotated[Viewport, Depends(_viewport)]
) -> None:
    """Carry Guacamole's instructions in text messages, as guacamole-common-js' WebSocketTunnel does.

    Opened while the desktop starts, it waits until that runs. Needs a ticket, a bearer token, or the page's cookie from
    the page's own origin. Refused with the status and problem that an HTTP request would get.
    """
    display = await display_of(websocket, visitor.desktop)
    if not isinstance(display, TcpDisplay) or is_vnc(display):
        raise other_protocol(visitor.desktop, "vnc")
    guacd = _guacd(websocket)
    recordings: Recordings = websocket.app.state.recordings
    async with recordings.of(visitor, display.protocol) as witness:
        clipboard = visitor.desktop.template.clipboard
        tunnel = GuacdTunnel(guacd, display, viewport, clipboard, witness)
        await enter(websocket, visitor, tunnel, subprotocol="guacamole")


def _guacd(websocket: WebSocket) -> Address:
    settings: Settings = websocket.app.state.settings
    if settings.guacd is None:
        what = "This server has no guacd any more. An administrator names its address in the setting guacd."
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, kind="no-guacd")
    host, _, port = settings.guacd.rpartition(":")
    return host.strip("[]"), int(port)
