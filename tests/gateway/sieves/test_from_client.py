"""What a client may say, as the policy of the clipboard goes."""

import struct

import pytest
from tests.gateway.sieves.messages import (
    CAPS,
    EXTENDED_CLIPBOARD,
    EXTENDED_MOUSE_BUTTONS,
    FENCE,
    KEY,
    NOTIFY,
    PEEK,
    POINTER,
    PROVIDE,
    REQUEST,
    TEXT,
    WANTS_PICTURE,
    cut_text,
    encodings,
    extended,
    pixel_format,
)

from deskbay.desktops.models import Clipboard
from deskbay.gateway.handshake import RfbError
from deskbay.gateway.sieves.encodings import Pixels
from deskbay.gateway.sieves.from_client import from_client
from deskbay.gateway.sieves.sieve import Sieve

SHARED = b"\x01"
CUT_TEXT = 6
ORDINARY = [
    pixel_format(32),
    WANTS_PICTURE,
    KEY,
    POINTER,
    FENCE,
    struct.pack("!BBHHHH", 150, 1, 0, 0, 640, 400),
    struct.pack("!BxBB", 250, 1, 2),
    struct.pack("!BxHHBx", 251, 800, 600, 2) + bytes(32),
    struct.pack("!BBHII", 255, 0, 1, 0x61, 30),
]


def passed(clipboard: Clipboard, *messages: bytes, piece: int = 1 << 16) -> bytes:
    sieve, said = Sieve(from_client(clipboard, Pixels())), SHARED + b"".join(messages)
    return b"".join(sieve.sift(said[start : start + piece]) for start in range(0, len(said), piece))


@pytest.mark.parametrize("clipboard", Clipboard)
@pytest.mark.parametrize("piece", [1, 7, 1 << 16])
def test_everything_else_goes_on(clipboard: Clipboard, piece: int) -> None:
    assert passed(clipboard, *ORDINARY, piece=piece) == SHARED + b"".join(ORDINARY)


@pytest.mark.parametrize("clipboard", [Clipboard.OUT, Clipboard.NONE])
@pytest.mark.parametrize("piece", [1, 5, 1 << 16])
def test_text_is_held_back_where_none_may_come_in(clipboard: Clipboard, piece: int) -> None:
    texts = [
        cut_text(CUT_TEXT, b"secret" * 1000),
        cut_text(CUT_TEXT, b""),
        extended(CUT_TEXT, NOTIFY | TEXT),
        extended(CUT_TEXT, PROVIDE | TEXT, b"secret" * 1000),
        extended(CUT_TEXT, PROVIDE | TEXT, b"few"),
    ]
    assert passed(clipboard, KEY, *texts, KEY, piece=piece) == SHARED + KEY + KEY


def test_text_comes_in_where_it_may() -> None:
    texts = [cut_text(CUT_TEXT, b"all yours"), extended(CUT_TEXT, PROVIDE | TEXT, b"all yours"), KEY]
    assert passed(Clipboard.IN, *texts) == SHARED + b"".join(texts)


@pytest.mark.parametrize("word", [extended(CUT_TEXT, CAPS | PROVIDE | TEXT, bytes(4)), extended(CUT_TEXT, REQUEST)])
def test_what_is_said_to_get_text_goes_on(word: bytes) -> None:
    assert passed(Clipboard.OUT, word, KEY) == SHARED + word + KEY


@pytest.mark.parametrize("flags", [CAPS, REQUEST | PROVIDE, PEEK])
def test_text_is_not_let_in_as_something_else(flags: int) -> None:
    assert passed(Clipboard.OUT, extended(CUT_TEXT, flags, b"secret" * 20), KEY) == SHARED + KEY


def test_a_length_that_can_not_be_is_dropped() -> None:
    assert passed(Clipboard.NONE, struct.pack("!Bxxxi", CUT_TEXT, -3) + b"abc", KEY) == SHARED + KEY


def test_only_encodings_are_asked_for_whose_lengths_are_known_where_nothing_may_go_out() -> None:
    asked = encodings(7, 16, 5, 0, -26, EXTENDED_CLIPBOARD, EXTENDED_MOUSE_BUTTONS, -239, 0x574D5664)
    assert passed(Clipboard.IN, asked) == SHARED + encodings(16, 0, -26, EXTENDED_CLIPBOARD, -239)


def test_pointers_of_two_lengths_are_not_asked_for() -> None:
    assert passed(Clipboard.OUT, encodings(7, 16, EXTENDED_MOUSE_BUTTONS)) == SHARED + encodings(7, 16)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"\x63", "The message 99 is not known here."),
        (bytes([255, 1]) + bytes(10), "The message 255 with the sub-type 1 is not known here."),
        (WANTS_PICTURE + pixel_format(8), "Choose the pixel format before you ask for the first picture."),
    ],
)
def test_what_can_not_be_told_apart_is_refused(said: bytes, why: str) -> None:
    with pytest.raises(RfbError) as caught:
        passed(Clipboard.NONE, said)
    assert str(caught.value) == why


def test_the_pixels_are_told() -> None:
    pixels = Pixels()
    Sieve(from_client(Clipboard.NONE, pixels)).sift(SHARED + pixel_format(16))
    assert pixels.size == 2
