"""One frame from VNC servers that keep to the protocol, and from others."""

import asyncio
import io
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.gateway.doubles import PATIENCE, FakeVncServer

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.gateway import rfb
from deskbay.gateway.handshake import RfbError
from deskbay.gateway.rfb import Patch, Screen, capture, paint, shrink, thumbnail

VERSION = b"RFB 003.008\n"
NO_PASSWORD = b"\x01\x01"
WELCOME = bytes(4)
FORMAT = bytes(16)
BELL = b"\x02"
RED, GREEN, BLUE = b"\x00\x00\xff\x00", b"\x00\xff\x00\x00", b"\xff\x00\x00\x00"


def server_init(width: int = 4, height: int = 2, name: bytes = b"desk") -> bytes:
    return struct.pack("!HH", width, height) + FORMAT + struct.pack("!I", len(name)) + name


def rectangle(x: int, y: int, width: int, height: int, pixels: bytes, *, encoding: int = 0) -> bytes:
    return struct.pack("!HHHHi", x, y, width, height, encoding) + pixels


def update(*rectangles: bytes) -> bytes:
    return struct.pack("!BxH", 0, len(rectangles)) + b"".join(rectangles)


def cut_text(text: bytes) -> bytes:
    return struct.pack("!BxxxI", 3, len(text)) + text


def says(*parts: bytes) -> Callable[[socket.socket], Awaitable[None]]:
    """A server that says its parts whatever it is told, and then nothing more."""

    async def say(client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, b"".join(parts))
        while await loop.sock_recv(client, 4096):
            pass

    return say


GREETING = VERSION + NO_PASSWORD + WELCOME
WHOLE = rectangle(0, 0, 4, 2, RED * 8)


async def test_a_frame_in_one_piece(vnc: FakeVncServer) -> None:
    vnc.behaviour = says(GREETING, server_init(), update(WHOLE))
    assert await capture(UnixDisplay(vnc.path)) == Screen(4, 2, [Patch(0, 0, 4, 2, bytearray(RED * 8))])


async def test_a_frame_in_pieces_between_other_messages(vnc: FakeVncServer) -> None:
    left, right = rectangle(0, 0, 2, 2, RED * 4), rectangle(2, 0, 2, 1, GREEN * 2)
    last = rectangle(2, 1, 2, 1, BLUE * 2)
    vnc.behaviour = says(GREETING, server_init(), BELL, update(), update(left, right), cut_text(b"hi"), update(last))
    image = paint(await capture(UnixDisplay(vnc.path)))
    red, green, blue = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    seen = [image.getpixel((x, y)) for y in range(2) for x in range(4)]
    assert seen == [red, red, green, green, red, red, blue, blue]


async def test_what_is_said_to_the_server(vnc: FakeVncServer) -> None:
    loop = asyncio.get_running_loop()

    async def answers_and_notes(client: socket.socket) -> None:
        for part in (VERSION, NO_PASSWORD, WELCOME, server_init()):
            await loop.sock_sendall(client, part)
            vnc.received += await loop.sock_recv(client, 4096)
        await loop.sock_sendall(client, update(WHOLE))
        await vnc.listens(client)

    vnc.behaviour = answers_and_notes
    await capture(UnixDisplay(vnc.path))
    await vnc.left.wait()
    pixel_format = b"\x00\x00\x00\x00" + struct.pack("!BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
    encodings = b"\x02\x00\x00\x01" + bytes(4)
    request = b"\x03\x00" + struct.pack("!HHHH", 0, 0, 4, 2)
    shared = b"\x01"
    assert vnc.received == VERSION + b"\x01" + shared + pixel_format + encodings + request


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([b"HTTP/1.1 200"], "doesn't speak RFB"),
        ([b"RFB 003.003\n"], "doesn't speak RFB"),
        ([VERSION, b"\x01\x02"], "wants a password"),
        ([VERSION, b"\x00"], "refused the connection"),
        ([VERSION, NO_PASSWORD, b"\x00\x00\x00\x01"], "refused"),
        ([GREETING, server_init(0, 2)], "0 x 2 pixels"),
        ([GREETING, server_init(65535, 65535)], "65535 x 65535 pixels"),
        ([GREETING, server_init()[:20], b"\xff\xff\xff\xff"], "text of 4294967295 bytes"),
        ([GREETING, server_init(), b"\x03\x00\x00\x00\xff\xff\xff\xff"], "text of 4294967295 bytes"),
        ([GREETING, server_init(), b"\x07"], "unknown kind 7"),
        ([GREETING, server_init(), update(rectangle(0, 0, 4, 2, b"", encoding=7))], "encoding 7"),
        ([GREETING, server_init(), update(rectangle(1, 0, 4, 2, RED * 8))], "doesn't have"),
        ([GREETING, server_init(), update(rectangle(0, 1, 4, 2, RED * 8))], "doesn't have"),
        ([GREETING, server_init(), update(rectangle(0, 0, 0, 2, b""))], "doesn't have"),
        ([GREETING, server_init(), update(*[rectangle(0, 0, 4, 1, RED * 4)] * 3)], "doesn't have"),
    ],
)
async def test_a_server_that_says_what_it_must_not(vnc: FakeVncServer, parts: list[bytes], message: str) -> None:
    vnc.behaviour = says(*parts)
    with pytest.raises(RfbError, match=message):
        await capture(UnixDisplay(vnc.path))


@pytest.mark.parametrize(
    "parts",
    [[], [VERSION], [GREETING], [GREETING, server_init()], [GREETING, server_init(), update(WHOLE)[:-1]]],
    ids=["greeting", "security", "screen", "frame", "last byte"],
)
async def test_a_server_that_gets_stuck(
    vnc: FakeVncServer, parts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rfb, "CAPTURE_TIMEOUT", 0.2)
    vnc.behaviour = says(*parts)
    with pytest.raises(RfbError, match=r"no frame in 0\.2 seconds"):
        await capture(UnixDisplay(vnc.path))
    await asyncio.wait_for(vnc.left.wait(), PATIENCE)


@pytest.mark.parametrize("message", [BELL, update(), cut_text(b"spam" * 1000)], ids=["bells", "updates", "texts"])
async def test_a_server_that_talks_for_ever(
    vnc: FakeVncServer, message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rfb, "CAPTURE_TIMEOUT", 0.3)

    async def talks_for_ever(client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, GREETING + server_init())
        while True:
            await loop.sock_sendall(client, message * 100)

    vnc.behaviour = talks_for_ever
    with pytest.raises(RfbError, match="no frame"):
        await capture(UnixDisplay(vnc.path))


async def test_a_server_that_hangs_up(vnc: FakeVncServer) -> None:
    async def says_nothing_more(client: socket.socket) -> None:
        await asyncio.get_running_loop().sock_sendall(client, GREETING)
        client.shutdown(socket.SHUT_WR)
        await vnc.listens(client)

    vnc.behaviour = says_nothing_more
    with pytest.raises(RfbError, match="hung up"):
        await capture(UnixDisplay(vnc.path))


async def test_no_server(vnc_socket: Path) -> None:
    with pytest.raises(RfbError, match="can't be reached: No such file"):
        await capture(UnixDisplay(vnc_socket))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(noise=st.binary(max_size=200), after=st.sampled_from([b"", VERSION, GREETING, GREETING + server_init()]))
async def test_noise_ends_in_an_error_or_a_frame(vnc: FakeVncServer, noise: bytes, after: bytes) -> None:
    vnc.behaviour = vnc.sends(after + noise)
    try:
        screen = await capture(UnixDisplay(vnc.path))
    except RfbError:
        return
    assert sum(patch.width * patch.height for patch in screen.patches) == screen.width * screen.height


@pytest.mark.parametrize(("width", "size"), [(320, (320, 200)), (100, (100, 62)), (5000, (640, 400)), (1, (1, 1))])
def test_a_thumbnail_keeps_its_shape_and_never_grows(width: int, size: tuple[int, int]) -> None:
    screen = Screen(640, 400, [Patch(0, 0, 640, 400, bytearray(GREEN * 640 * 400))])
    image = Image.open(io.BytesIO(shrink(screen, width)))
    assert (image.format, image.size) == ("WEBP", size)


def test_a_thumbnail_of_a_flat_screen_has_a_row_at_least() -> None:
    screen = Screen(640, 2, [Patch(0, 0, 640, 2, bytearray(GREEN * 1280))])
    assert Image.open(io.BytesIO(shrink(screen, 100))).size == (100, 1)


async def test_a_thumbnail_of_a_real_vnc_server(xvnc: Path) -> None:
    image = Image.open(io.BytesIO(await thumbnail(UnixDisplay(xvnc), 320)))
    colour = image.convert("RGB").getpixel((10, 190))
    assert image.size == (320, 200)
    assert isinstance(colour, tuple)
    assert all(abs(seen - wanted) < 8 for seen, wanted in zip(colour, (0x20, 0x40, 0xC0), strict=True))


async def test_painting_leaves_the_loop_free(vnc: FakeVncServer, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_after = Event()

    def paints_slowly(_: Screen, width: int) -> bytes:
        assert looked_after.wait(PATIENCE)
        return bytes(width)

    monkeypatch.setattr(rfb, "shrink", paints_slowly)
    vnc.behaviour = says(GREETING, server_init(), update(WHOLE))
    painting = asyncio.create_task(thumbnail(UnixDisplay(vnc.path), 3))
    for _ in range(10):
        await asyncio.sleep(0.01)
    assert not painting.done()
    looked_after.set()
    assert await painting == bytes(3)
