"""The policy of the clipboard against a real VNC server, with clients that keep to no policy."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.gateway.doubles import PATIENCE, serving, until
from tests.gateway.sieves.messages import EXTENDED_CLIPBOARD, encodings
from tests.x_clipboard import copied, is_filled
from tests.xvnc import running_xvnc
from websockets.asyncio.client import ClientConnection

from deskbay.desktops.models import Clipboard
from deskbay.gateway.relay import VncRelay

SECRET = b"between us"
WHOLE_PICTURE = struct.pack("!BBHHHH", 3, 0, 0, 0, 640, 400)


@pytest.fixture
def display(vnc_socket: Path) -> Iterator[str]:
    options = ["-rfbunixpath", str(vnc_socket), "-rfbunixmode", "0600", "-rfbport=-1", "-SecurityTypes=None"]
    with running_xvnc(*options, "-AlwaysShared") as display:
        yield display


class Client:
    """Speaks RFB in a browser's place.

    `heard` has the messages of the clipboard that came, `received` all that came from the ServerInit on.
    """

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self._unread = b""
        self.received: list[bytes] = []
        self.heard: list[bytes] = []

    async def enter(self, *asked: int) -> None:
        for size, answer in ((12, b"RFB 003.008\n"), (2, b"\x01"), (4, b"\x01")):
            await self._read(size)
            await self._websocket.send(answer)
        self.received.clear()
        (name_length,) = struct.unpack("!20xI", await self._read(24))
        await self._read(name_length)
        await self._websocket.send(encodings(*asked))

    async def paste(self, text: bytes) -> None:
        await self._websocket.send(struct.pack("!BxxxI", 6, len(text)) + text)
        await self.take_picture()

    async def take_picture(self) -> None:
        """Have the server draw, so that it has dealt with all that was said before."""
        await self._websocket.send(WHOLE_PICTURE)
        while await self._hear() != 0:
            pass

    async def _hear(self) -> int:
        (kind,) = await self._read(1)
        if kind == 0:
            (count,) = struct.unpack("!xH", await self._read(3))
            for _ in range(count):
                width, height, encoding = struct.unpack("!4xHHi", await self._read(12))
                assert encoding == 0
                await self._read(width * height * 4)
        elif kind == 3:
            (length,) = struct.unpack("!xxxi", await self._read(7))
            self.heard.append(await self._read(abs(length)))
        return int(kind)

    async def hear_of_clipboard(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.heard:
                await self._hear()

    async def _read(self, size: int) -> bytes:
        while len(self._unread) < size:
            part = await self._websocket.recv()
            assert isinstance(part, bytes)
            self.received.append(part)
            self._unread += part
        read, self._unread = self._unread[:size], self._unread[size:]
        return read


@asynccontextmanager
async def client_of(vnc_socket: Path, clipboard: Clipboard, *asked: int) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(serving(vnc_socket, relay_to=partial(VncRelay, clipboard=clipboard)))
        client = Client(await stack.enter_async_context(gateway.connect()))
        await client.enter(0, *asked)
        yield client


@pytest.mark.parametrize("clipboard", Clipboard)
async def test_what_is_pasted(vnc_socket: Path, display: str, clipboard: Clipboard) -> None:
    async with client_of(vnc_socket, clipboard) as client:
        await client.paste(SECRET)
        if clipboard.lets_in:
            await until(lambda: is_filled(display))
        else:
            assert not is_filled(display)


@pytest.mark.parametrize("clipboard", [Clipboard.IN, Clipboard.NONE])
@pytest.mark.parametrize("asked", [(), (EXTENDED_CLIPBOARD,)])
async def test_what_is_copied_stays_inside(
    vnc_socket: Path, display: str, clipboard: Clipboard, asked: tuple[int, ...]
) -> None:
    async with client_of(vnc_socket, clipboard, *asked) as client, client_of(vnc_socket, Clipboard.OUT) as free:
        with copied(display, SECRET):
            await free.hear_of_clipboard()
            assert free.heard == [SECRET]
            await client.take_picture()
            assert SECRET not in b"".join(client.heard)
            assert all(struct.unpack("!I", heard[:4])[0] & 1 << 24 for heard in client.heard)
