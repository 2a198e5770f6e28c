"""What a server says (RFC 6143, 7.6, and the extensions of rfbproto), from its ServerInit on."""

import struct

from deskbay.gateway.handshake import RfbError
from deskbay.gateway.rfb import FromServer
from deskbay.gateway.sieves.cut_text import cut_text
from deskbay.gateway.sieves.encodings import Encoding, Pixels
from deskbay.gateway.sieves.sieve import Pass, Read, Say, Steps, look

INIT_BYTES, RECTANGLE_BYTES = 24, 12
BITS_PER_PIXEL = 4
"""Where they are told in a ServerInit."""


def from_server(pixels: Pixels) -> Steps:
    """Hold back what a server says of its clipboard, when nothing may go out."""
    init = yield from look(INIT_BYTES)
    pixels.size = init[BITS_PER_PIXEL] // 8
    yield Pass(struct.unpack("!20xI", init)[0])
    while True:
        (kind,) = yield Read(1)
        if kind == FromServer.CUT_TEXT:
            yield from cut_text(kind, is_let=False)
        else:
            yield Say(bytes([kind]))
            yield from _rest(kind, pixels)


def _rest(kind: int, pixels: Pixels) -> Steps:
    match kind:
        case FromServer.FRAMEBUFFER_UPDATE:
            yield from _update(pixels)
        case FromServer.COLOUR_MAP:
            head = yield from look(5)
            yield Pass(6 * struct.unpack("!xxxH", head)[0])
        case FromServer.BELL | FromServer.END_OF_CONTINUOUS_UPDATES:
            pass
        case FromServer.FENCE:
            head = yield from look(8)
            yield Pass(head[7])
        case _:
            raise RfbError(f"The VNC server sent a message of the unknown kind {kind}.")


def _update(pixels: Pixels) -> Steps:
    head = yield from look(3)
    for _ in range(struct.unpack("!xH", head)[0]):
        rectangle = yield from look(RECTANGLE_BYTES)
        width, height, encoding = struct.unpack("!4xHHi", rectangle)
        if encoding == Encoding.LAST_RECT:
            return
        yield from _body(width, height, encoding, pixels)


def _body(width: int, height: int, encoding: int, pixels: Pixels) -> Steps:
    match encoding:
        case Encoding.RAW:
            yield Pass(width * height * pixels.size)
        case Encoding.COPY_RECT:
            yield Pass(4)
        case Encoding.ZRLE | Encoding.DESKTOP_NAME:
            length = yield from look(4)
            yield Pass(struct.unpack("!I", length)[0])
        case Encoding.CURSOR:
            yield Pass(width * height * pixels.size + (width + 7) // 8 * height)
        case Encoding.EXTENDED_DESKTOP_SIZE:
            head = yield from look(4)
            yield Pass(16 * head[0])
        case Encoding.QEMU_LED_STATE:
            yield Pass(1)
        case Encoding.DESKTOP_SIZE | Encoding.QEMU_KEY_EVENT:
            pass
        case _:
            raise RfbError(f"The VNC server used the encoding {encoding}, which it was not offered.")
