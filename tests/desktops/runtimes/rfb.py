"""As much of a VNC client (RFC 6143) as it takes to look at a desktop, type into it and resize it."""

import asyncio
import struct
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_RAW, _DESKTOP_SIZE, _EXTENDED_DESKTOP_SIZE = 0, -223, -308
_PIXEL_FORMAT = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
"""32 bits a pixel, little-endian: blue, green, red, nothing."""


@dataclass
class Viewer:
    """A connected client with a copy of the screen, four bytes a pixel (blue, green, red, unused)."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    width: int = 0
    height: int = 0
    pixels: bytearray = b""  # type: ignore[assignment]

    @classmethod
    async def connect(cls, path: Path) -> Self:
        """Connect to the VNC server on a Unix socket."""
        viewer = cls(*await asyncio.open_unix_connection(path))
        await viewer._greet()
        return viewer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.writer.close()

    async def _greet(self) -> None:
        await self.reader.readexactly(12)
        self.writer.write(b"RFB 003.008\n")
        (kinds,) = await self.reader.readexactly(1)
        assert 1 in await self.reader.readexactly(kinds)
        self.writer.write(b"\x01")
        assert await self.reader.readexactly(4) == bytes(4)
        self.writer.write(b"\x01")
        self._resized(*struct.unpack(">HH", await self.reader.readexactly(4)))
        await self.reader.readexactly(16)
        (length,) = struct.unpack(">I", await self.reader.readexactly(4))
        await self.reader.readexactly(length)
        self.writer.write(b"\x00\0\0\0" + _PIXEL_FORMAT)
        self.writer.write(struct.pack(">BxHiii", 2, 3, _RAW, _DESKTOP_SIZE, _EXTENDED_DESKTOP_SIZE))

    def _resized(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = bytearray(width * height * 4)

    async def look(self) -> None:
        """Bring the copy of the screen up to date."""
        self._ask(incremental=False)
        while not await self._update():
            # The whole was asked for above; a server that answers with its layout first waits to be asked again.
            self._ask(incremental=True)

    def _ask(self, *, incremental: bool) -> None:
        self.writer.write(struct.pack(">BBHHHH", 3, incremental, 0, 0, self.width, self.height))

    async def _update(self) -> bool:
        while (kind := (await self.reader.readexactly(1))[0]) != 0:
            await self._skip(kind)
        _, rectangles = struct.unpack(">BH", await self.reader.readexactly(3))
        seen = [await self._rectangle() for _ in range(rectangles)]
        return any(seen)

    async def _skip(self, kind: int) -> None:
        if kind == 3:
            _, length = struct.unpack(">3sI", await self.reader.readexactly(7))
            await self.reader.readexactly(length)
        assert kind in {2, 3}, f"unexpected message {kind}"

    async def _rectangle(self) -> bool:
        x, y, width, height, encoding = struct.unpack(">HHHHi", await self.reader.readexactly(12))
        if encoding == _RAW:
            for row in range(y, y + height):
                start = (row * self.width + x) * 4
                self.pixels[start : start + width * 4] = await self.reader.readexactly(width * 4)
            return True
        if encoding == _EXTENDED_DESKTOP_SIZE:
            (screens,) = struct.unpack(">B3x", await self.reader.readexactly(4))
            await self.reader.readexactly(16 * screens)
        if (width, height) != (self.width, self.height):
            self._resized(width, height)
        return False

    async def key(self, symbol: int) -> None:
        """Press and release a key, by its X keysym."""
        self.writer.write(struct.pack(">BBHI", 4, 1, 0, symbol) + struct.pack(">BBHI", 4, 0, 0, symbol))
        await self.writer.drain()

    async def click(self, x: int, y: int, button: int = 1) -> None:
        """Press and release a mouse button at a place."""
        mask = 1 << (button - 1)
        self.writer.write(b"".join(struct.pack(">BBHH", 5, buttons, x, y) for buttons in (0, mask, 0)))
        await self.writer.drain()

    async def type(self, text: str) -> None:
        """Type text of ASCII letters; a line feed is the return key."""
        for letter in text:
            await self.key(0xFF0D if letter == "\n" else ord(letter))

    async def resize(self, width: int, height: int) -> None:
        """Ask for another screen size; the next look has it."""
        self.writer.write(struct.pack(">BxHHBxIHHHHI", 251, width, height, 1, 0, 0, 0, width, height, 0))
        await self.writer.drain()

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue at a place."""
        start = (y * self.width + x) * 4
        blue, green, red = self.pixels[start : start + 3]
        return red, green, blue

    def colours(self) -> int:
        """How many different colours are on the screen."""
        return len(set(memoryview(self.pixels).cast("I")))
