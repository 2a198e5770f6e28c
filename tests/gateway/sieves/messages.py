"""Messages of RFB, made by hand."""

import struct

CAPS, REQUEST, PEEK, NOTIFY, PROVIDE = (1 << bit for bit in range(24, 29))
TEXT = 1
EXTENDED_CLIPBOARD, EXTENDED_MOUSE_BUTTONS = -0x3F5E1A32, -316
INIT = struct.pack("!HH", 640, 400) + bytes([32, 24]) + bytes(14) + struct.pack("!I", 4) + b"Desk"
"""A ServerInit, of a screen of 32 bits a pixel."""
WANTS_PICTURE = struct.pack("!BBHHHH", 3, 0, 0, 0, 640, 400)
KEY = struct.pack("!BBxxI", 4, 1, 0x61)
POINTER = struct.pack("!BBHH", 5, 0xFF, 7, 9)
FENCE = struct.pack("!BxxxIB", 248, 1, 3) + b"abc"


def encodings(*numbers: int) -> bytes:
    return struct.pack(f"!BxH{len(numbers)}i", 2, len(numbers), *numbers)


def pixel_format(bits: int) -> bytes:
    return struct.pack("!BxxxB", 0, bits) + bytes(15)


def cut_text(kind: int, text: bytes) -> bytes:
    return struct.pack("!BxxxI", kind, len(text)) + text


def extended(kind: int, flags: int, rest: bytes = b"") -> bytes:
    return struct.pack("!BxxxiI", kind, -4 - len(rest), flags) + rest


def rectangle(encoding: int, body: bytes = b"", *, width: int = 2, height: int = 3) -> bytes:
    return struct.pack("!HHHHi", 0, 0, width, height, encoding) + body


def update(*rectangles: bytes, count: int | None = None) -> bytes:
    return struct.pack("!BxH", 0, len(rectangles) if count is None else count) + b"".join(rectangles)
