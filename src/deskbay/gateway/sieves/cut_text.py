"""The messages of the clipboard, which are the same both ways: plain ones, and those of the extended clipboard.

The extended clipboard is the pseudo-encoding 0xC0A1E5CE of the RFB protocol as its community keeps it (rfbproto): a
negative length tells it. Its flags say whether there is text in a message (provide), that there is some to be had
(notify), or only what a side can do and asks for (caps, request, peek).
"""

import struct

from deskbay.gateway.sieves.sieve import Drop, Pass, Read, Say, Steps

CAPS, REQUEST, PEEK = 1 << 24, 1 << 25, 1 << 26
FLAGS_BYTES = 4
MOST_BYTES_WITHOUT_TEXT = FLAGS_BYTES + 16 * 4
"""Flags, and a size for each of 16 formats."""


def cut_text(kind: int, *, is_let: bool) -> Steps:
    """Let a message go on whose `kind` was read, or hold it back if there is text in it, or the offer of some."""
    head = yield Read(7)
    (length,) = struct.unpack("!xxxi", head)
    whole = bytes([kind]) + head
    if is_let:
        yield Say(whole)
        yield Pass(abs(length))
    elif FLAGS_BYTES <= -length <= MOST_BYTES_WITHOUT_TEXT:
        yield from _without_text(whole, -length)
    else:
        yield Drop(abs(length))


def _without_text(head: bytes, length: int) -> Steps:
    flags = yield Read(FLAGS_BYTES)
    if struct.unpack("!I", flags)[0] & (CAPS | REQUEST | PEEK):
        yield Say(head + flags)
        yield Pass(length - FLAGS_BYTES)
    else:
        yield Drop(length - FLAGS_BYTES)
