"""How a connection to a desktop is begun with guacd, as its manual has it: select, args, the browser's abilities,
connect, ready.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from deskbay.desktops.models import Clipboard
from deskbay.desktops.runtimes import DisplayProtocol, TcpDisplay
from deskbay.gateway.guacd.instructions import Cutter, elements_of, instruction

VERSIONED = "VERSION_"
"""How the first argument begins that guacd asks for since 1.1.0, which takes a time zone, too."""
IMAGES = ("image/png", "image/jpeg", "image/webp")
PARAMETERS: Mapping[DisplayProtocol, Mapping[str, str]] = {
    # Certificates that desktops make for themselves are signed by nobody; the gateway is what people trust.
    DisplayProtocol.RDP: {"ignore-cert": "true", "resize-method": "display-update", "disable-audio": "true"},
    DisplayProtocol.SSH: {"scrollback": "5000"},
}


@dataclass(frozen=True, slots=True)
class Viewport:
    """What a browser shows a desktop in: pixels, dots per inch, and the zone of its clock."""

    width: int = 1280
    height: int = 800
    dpi: int = 96
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that guacd has opened: its id there, and what came after it was told."""

    id: str
    rest: bytes


class Handshake(asyncio.Protocol):
    """The first words with guacd on a connection. Its errors are ConnectionErrors."""

    def __init__(self) -> None:
        self._cutter = Cutter()
        self._received = b""
        self._news = asyncio.Event()
        self._is_over = False

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - gone is gone
        self._is_over = True
        self._news.set()

    async def open(
        self, transport: asyncio.Transport, display: TcpDisplay, viewport: Viewport, clipboard: Clipboard
    ) -> Opened:
        """Have guacd connect with a desktop. Nothing more is read afterwards until the transport is told to."""
        transport.write(instruction("select", display.protocol))
        answers = _answers(await self._next("args"), _parameters(display), limits_of(clipboard), viewport)
        transport.write(b"".join(instruction(*words) for words in answers))
        connection = await self._next("ready")
        if self._is_over:
            raise ConnectionError("guacd hung up.")
        transport.pause_reading()
        return Opened("".join(connection), self._received)

    async def _next(self, wanted: str) -> list[str]:
        """Return the arguments of the next instruction, which has to be the one that is wanted."""
        while not (ends := self._cutter.cut(self._received)):
            if self._is_over:
                raise ConnectionError("guacd hung up.")
            self._news.clear()
            await self._news.wait()
        opcode, *arguments = elements_of(self._received[: ends[0]])
        self._received, self._cutter = self._received[ends[0] :], Cutter()
        if opcode != wanted:
            raise ConnectionError(f"guacd said “{opcode}” in place of “{wanted}”: {' '.join(arguments)}")
        return arguments


def limits_of(clipboard: Clipboard) -> dict[str, str]:
    """Return guacd's parameters that hold a clipboard to its policy."""
    copying = {} if clipboard.lets_out else {"disable-copy": "true"}
    return copying | ({} if clipboard.lets_in else {"disable-paste": "true"})


def _answers(
    asked: list[str], parameters: Mapping[str, str], limits: Mapping[str, str], viewport: Viewport
) -> list[list[str]]:
    """Return what is said to a guacd that asks so. Raises ConnectionError where it would not keep to the limits."""
    if unknown := limits.keys() - set(asked):
        raise ConnectionError(f"This guacd does not know {', '.join(sorted(unknown))}: take one that is newer.")
    is_versioned = bool(asked) and asked[0].startswith(VERSIONED)
    values = {**parameters, **limits} | ({asked[0]: asked[0]} if is_versioned else {})
    return [
        ["size", str(viewport.width), str(viewport.height), str(viewport.dpi)],
        ["audio"],
        ["video"],
        ["image", *IMAGES],
        *([["timezone", viewport.timezone]] if is_versioned and viewport.timezone else []),
        ["connect", *(values.get(name, "") for name in asked)],
    ]


def _parameters(display: TcpDisplay) -> dict[str, str]:
    given = {
        "hostname": display.host,
        "port": str(display.port),
        "username": display.username or "",
        "password": display.password or "",
    }
    return {**PARAMETERS[display.protocol], **given}
