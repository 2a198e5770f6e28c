"""What a server may say where nothing may go out."""

import struct

import pytest
from tests.gateway.sieves.messages import (
    CAPS,
    FENCE,
    INIT,
    NOTIFY,
    PROVIDE,
    REQUEST,
    TEXT,
    cut_text,
    extended,
    rectangle,
    update,
)

from deskbay.gateway.handshake import RfbError
from deskbay.gateway.sieves.encodings import Pixels
from deskbay.gateway.sieves.from_server import from_server
from deskbay.gateway.sieves.sieve import Sieve

CUT_TEXT = 3
BELL = b"\x02"
LIKE_A_TEXT = cut_text(CUT_TEXT, b"only a picture")
PIXELS = (LIKE_A_TEXT + bytes(24))[:24]
PICTURE = [
    rectangle(0, PIXELS),
    rectangle(1, b"abcd"),
    rectangle(16, struct.pack("!I", len(LIKE_A_TEXT)) + LIKE_A_TEXT),
    rectangle(-239, PIXELS + bytes(3)),
    rectangle(-239, width=0, height=0),
    rectangle(-223),
    rectangle(-258),
    rectangle(-261, b"\x01"),
    rectangle(-307, struct.pack("!I", 3) + b"Pad"),
    rectangle(-308, struct.pack("!Bxxx", 2) + bytes(32)),
]
ORDINARY = [
    update(*PICTURE),
    BELL,
    update(*PICTURE, rectangle(-224), count=0xFFFF),
    struct.pack("!BxHH", 1, 0, 2) + bytes(12),
    b"\x96",
    FENCE,
    update(),
    BELL,
]


def passed(*messages: bytes, piece: int = 1 << 16) -> bytes:
    sieve, said = Sieve(from_server(Pixels())), INIT + b"".join(messages)
    return b"".join(sieve.sift(said[start : start + piece]) for start in range(0, len(said), piece))


@pytest.mark.parametrize("piece", [1, 13, 1 << 16])
def test_pictures_go_on_as_they_are(piece: int) -> None:
    assert passed(*ORDINARY, piece=piece) == INIT + b"".join(ORDINARY)


@pytest.mark.parametrize("piece", [1, 13, 1 << 16])
def test_text_is_held_back(piece: int) -> None:
    texts = [
        cut_text(CUT_TEXT, b"secret" * 1000),
        extended(CUT_TEXT, PROVIDE | TEXT, b"secret" * 1000),
        extended(CUT_TEXT, NOTIFY | TEXT),
    ]
    mixed = [part for text in texts for part in (text, *ORDINARY)]
    assert passed(*mixed, piece=piece) == INIT + b"".join(ORDINARY) * 3


@pytest.mark.parametrize("word", [extended(CUT_TEXT, CAPS | NOTIFY | TEXT, bytes(4)), extended(CUT_TEXT, REQUEST)])
def test_what_is_said_to_get_text_goes_on(word: bytes) -> None:
    assert passed(word, BELL) == INIT + word + BELL


def test_pixels_have_the_size_that_the_client_has_chosen() -> None:
    pixels = Pixels()
    sieve = Sieve(from_server(pixels))
    sieve.sift(INIT)
    pixels.size = 1
    picture = update(rectangle(0, LIKE_A_TEXT[:6])) + BELL
    assert sieve.sift(picture + cut_text(CUT_TEXT, b"secret")) == picture


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"\x63", "The VNC server sent a message of the unknown kind 99."),
        (update(rectangle(7)), "The VNC server used the encoding 7, which it was not offered."),
    ],
)
def test_what_was_not_asked_for_ends_it(said: bytes, why: str) -> None:
    with pytest.raises(RfbError) as caught:
        passed(said)
    assert str(caught.value) == why
