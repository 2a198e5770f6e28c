"""A picture of a desktop: one frame taken from its VNC server (RFB 3.8, RFC 6143) and made small.

The server is not trusted: whoever owns the desktop may have put another one in its place.
"""

import asyncio
import io
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum

from PIL import Image

from deskbay.desktops.runtimes import Display, TcpDisplay
from deskbay.gateway.handshake import RfbError, enter, read_from
from deskbay.gateway.sockets import connect_to

CAPTURE_TIMEOUT = 5.0
"""Seconds for a whole frame, from the connection on."""
MOST_PIXELS = 16 * 1024 * 1024
LONGEST_TEXT = 1024 * 1024
"""Bytes of a desktop's name or clipboard, which are read past."""
BYTES_PER_PIXEL = 4
SHARED = 1
RAW = 0
BLUE_GREEN_RED_UNUSED = struct.pack("!BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
"""RFB's pixel format (7.4): 32 bits, little-endian, 8 bits a colour."""


class FromServer(IntEnum):
    """Messages that a server sends by itself (7.6), and those of extensions that a client has asked for."""

    FRAMEBUFFER_UPDATE = 0
    COLOUR_MAP = 1
    BELL = 2
    CUT_TEXT = 3
    END_OF_CONTINUOUS_UPDATES = 150
    FENCE = 248


class FromClient(IntEnum):
    """Messages that a client sends (7.5), and those of extensions that a server offers."""

    SET_PIXEL_FORMAT = 0
    SET_ENCODINGS = 2
    FRAMEBUFFER_UPDATE_REQUEST = 3
    KEY = 4
    POINTER = 5
    CUT_TEXT = 6
    CONTINUOUS_UPDATES = 150
    FENCE = 248
    XVP = 250
    SET_DESKTOP_SIZE = 251
    QEMU = 255


@dataclass(frozen=True)
class Patch:
    """A rectangle of the screen. Pixels row by row, 4 bytes each: blue, green, red, unused."""

    x: int
    y: int
    width: int
    height: int
    pixels: bytearray


@dataclass(frozen=True)
class Screen:
    """A screen, its size in pixels, and patches that cover it."""

    width: int
    height: int
    patches: list[Patch]


async def thumbnail(display: Display, width: int) -> bytes:
    """The screen as WebP, at most `width` pixels wide. RfbError when it can't be had in 5 seconds."""
    screen = await capture(display)
    return await asyncio.to_thread(shrink, screen, width)


async def capture(display: Display) -> Screen:
    """Take one frame from a VNC server, beside whoever else is connected.

    RfbError when it can't be had in 5 seconds.
    """
    try:
        async with asyncio.timeout(CAPTURE_TIMEOUT):
            with await connect_to(display) as connection:
                await enter(connection, display.password if isinstance(display, TcpDisplay) else None)
                return await Session(connection).take_frame()
    except TimeoutError:
        raise RfbError(f"The VNC server gave no frame in {CAPTURE_TIMEOUT:g} seconds.") from None
    except OSError as error:
        raise RfbError(f"The VNC server can't be reached: {error.strerror}.") from error


class Session:
    """One frame's conversation with a VNC server that was entered."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()

    async def take_frame(self) -> Screen:
        width, height = await self._enter()
        await self._ask_for_frame(width, height)
        screen = Screen(width, height, [])
        missing = width * height
        while missing > 0:
            missing -= await self._next_message(screen, missing)
        return screen

    async def _enter(self) -> tuple[int, int]:
        await self._send(bytes([SHARED]))
        width, height, name_length = struct.unpack("!HH16xI", await self._read(24))
        if not 0 < width * height <= MOST_PIXELS:
            raise RfbError(f"A screen of {width} x {height} pixels is not one to show.")
        await self._skip(name_length)
        return width, height

    async def _ask_for_frame(self, width: int, height: int) -> None:
        await self._send(
            struct.pack("!Bxxx16s", FromClient.SET_PIXEL_FORMAT, BLUE_GREEN_RED_UNUSED)
            + struct.pack("!BxHi", FromClient.SET_ENCODINGS, 1, RAW)
            + struct.pack("!BBHHHH", FromClient.FRAMEBUFFER_UPDATE_REQUEST, False, 0, 0, width, height)
        )

    async def _next_message(self, screen: Screen, missing: int) -> int:
        """Read one message; gives the pixels it brought."""
        (kind,) = await self._read(1)
        if kind == FromServer.FRAMEBUFFER_UPDATE:
            return await self._read_update(screen, missing)
        if kind == FromServer.CUT_TEXT:
            (length,) = struct.unpack("!xxxI", await self._read(7))
            await self._skip(length)
        elif kind != FromServer.BELL:
            raise RfbError(f"The VNC server sent a message of the unknown kind {kind}.")
        return 0

    async def _read_update(self, screen: Screen, missing: int) -> int:
        (count,) = struct.unpack("!xH", await self._read(3))
        brought = 0
        for _ in range(count):
            patch = await self._read_patch(screen, missing - brought)
            screen.patches.append(patch)
            brought += patch.width * patch.height
        return brought

    async def _read_patch(self, screen: Screen, missing: int) -> Patch:
        x, y, width, height, encoding = struct.unpack("!HHHHi", await self._read(12))
        if encoding != RAW:
            raise RfbError(f"The VNC server used the encoding {encoding}, which it was not offered.")
        if not (0 < width <= screen.width - x and 0 < height <= screen.height - y and width * height <= missing):
            raise RfbError("The VNC server sent pixels that the screen doesn't have.")
        return Patch(x, y, width, height, await self._read(width * height * BYTES_PER_PIXEL))

    async def _skip(self, length: int) -> None:
        if length > LONGEST_TEXT:
            raise RfbError(f"The VNC server sent a text of {length} bytes.")
        await self._read(length)

    async def _read(self, size: int) -> bytearray:
        return await read_from(self._connection, size)

    async def _send(self, data: bytes) -> None:
        await self._loop.sock_sendall(self._connection, data)


def shrink(screen: Screen, width: int) -> bytes:
    """The screen as WebP, at most `width` pixels wide; never enlarged. Takes some milliseconds of CPU."""
    image = paint(screen)
    width = min(width, screen.width)
    height = max(1, round(screen.height * width / screen.width))
    small = image.resize((width, height), Image.Resampling.BOX)
    encoded = io.BytesIO()
    small.save(encoded, "WEBP", quality=80, method=2)
    return encoded.getvalue()


def paint(screen: Screen) -> Image.Image:
    """The screen at its full size, in RGB."""
    image = Image.new("RGB", (screen.width, screen.height))
    for patch in screen.patches:
        size = (patch.width, patch.height)
        image.paste(Image.frombuffer("RGB", size, patch.pixels, "raw", "BGRX", 0, 1), (patch.x, patch.y))
    return image
