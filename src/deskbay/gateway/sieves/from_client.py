"""What a client says (RFC 6143, 7.5, and the extensions of rfbproto), from its ClientInit on."""

import struct
from collections.abc import Mapping

from deskbay.desktops.models import Clipboard
from deskbay.gateway.handshake import RfbError
from deskbay.gateway.rfb import FromClient
from deskbay.gateway.sieves.cut_text import cut_text
from deskbay.gateway.sieves.encodings import EXTENDED_MOUSE_BUTTONS, MEASURABLE, Pixels
from deskbay.gateway.sieves.sieve import Pass, Read, Say, Steps, look

SIZES: Mapping[int, int] = {
    FromClient.FRAMEBUFFER_UPDATE_REQUEST: 10,
    FromClient.KEY: 8,
    FromClient.POINTER: 6,
    FromClient.CONTINUOUS_UPDATES: 10,
    FromClient.XVP: 4,
}
"""How long messages are that always have the same length, in bytes."""
QEMU_KEY_BYTES = 12


def from_client(clipboard: Clipboard, pixels: Pixels) -> Steps:
    """Hold back what a clipboard's policy does not let in.

    Where nothing may go out, the server is asked for encodings whose lengths can be told without decoding them.
    """
    yield Pass(1)  # ClientInit
    while True:
        (kind,) = yield Read(1)
        if kind in SIZES:
            pixels.are_settled |= kind == FromClient.FRAMEBUFFER_UPDATE_REQUEST
            yield Say(bytes([kind]))
            yield Pass(SIZES[kind] - 1)
        elif kind == FromClient.CUT_TEXT:
            yield from cut_text(kind, is_let=clipboard.lets_in)
        else:
            yield from _rare(kind, clipboard, pixels)


def _rare(kind: int, clipboard: Clipboard, pixels: Pixels) -> Steps:
    match kind:
        case FromClient.SET_PIXEL_FORMAT:
            yield from _pixel_format(pixels)
        case FromClient.SET_ENCODINGS:
            yield from _encodings(clipboard)
        case FromClient.FENCE:
            yield Say(bytes([kind]))
            head = yield from look(8)
            yield Pass(head[7])
        case FromClient.SET_DESKTOP_SIZE:
            yield Say(bytes([kind]))
            head = yield from look(7)
            yield Pass(16 * head[5])
        case FromClient.QEMU:
            rest = yield Read(QEMU_KEY_BYTES - 1)
            if rest[0] != 0:
                raise RfbError(f"The message 255 with the sub-type {rest[0]} is not known here.")
            yield Say(bytes([kind]) + rest)
        case _:
            raise RfbError(f"The message {kind} is not known here.")


def _pixel_format(pixels: Pixels) -> Steps:
    message = yield Read(19)
    if pixels.are_settled:
        raise RfbError("Choose the pixel format before you ask for the first picture.")
    pixels.size = message[3] // 8
    yield Say(bytes([FromClient.SET_PIXEL_FORMAT]) + message)


def _encodings(clipboard: Clipboard) -> Steps:
    _, count = struct.unpack("!BH", (yield Read(3)))
    asked = struct.unpack(f"!{count}i", (yield Read(4 * count)))
    # With these a pointer's message would have one length or another, as the server has announced or not.
    let = [encoding for encoding in asked if encoding != EXTENDED_MOUSE_BUTTONS]
    if not clipboard.lets_out:
        let = [encoding for encoding in let if encoding in MEASURABLE]
    yield Say(struct.pack(f"!BxH{len(let)}i", FromClient.SET_ENCODINGS, len(let), *let))
