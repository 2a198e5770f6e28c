"""Encodings of rectangles whose lengths in bytes can be told without decoding them, by their numbers in rfbproto."""

from dataclasses import dataclass
from enum import IntEnum


class Encoding(IntEnum):
    """The encodings that a sieve of what the server says knows."""

    RAW = 0
    COPY_RECT = 1
    ZRLE = 16
    DESKTOP_SIZE = -223
    LAST_RECT = -224
    CURSOR = -239
    QEMU_KEY_EVENT = -258
    QEMU_LED_STATE = -261
    DESKTOP_NAME = -307
    EXTENDED_DESKTOP_SIZE = -308
    FENCE = -312
    CONTINUOUS_UPDATES = -313
    EXTENDED_CLIPBOARD = -0x3F5E1A32


EXTENDED_MOUSE_BUTTONS = -316
QUALITY_AND_COMPRESSION = {*range(-32, -22), *range(-256, -246)}
"""Levels, of which there are no rectangles."""
MEASURABLE = {*Encoding, *QUALITY_AND_COMPRESSION}


@dataclass(slots=True)
class Pixels:
    """How many bytes a pixel has, as both sides have agreed; for good, once a picture was asked for."""

    size: int = 4
    are_settled: bool = False
