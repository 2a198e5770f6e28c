"""The files of recordings. What is shown by VNC is kept as FBS 001.000, the format of rfbproxy and its players: each
piece of the stream with its length, filled up to four bytes, and its time in milliseconds since the beginning. What
comes from guacd is kept as it is: whole instructions, whose `sync` tell the time, as Guacamole's own recordings are.
"""

import struct
from collections.abc import Callable

from deskbay.desktops.runtimes import DisplayProtocol

MAGIC = b"FBS 001.000\n"
WELCOME = b"RFB 003.008\n" + bytes([1, 1]) + bytes(4)
"""What a player hears of a server before its ServerInit: RFB 3.8 without security, which is well."""
Framing = Callable[[bytes, int], bytes]
"""Gives what is written of a piece of a stream, at so many milliseconds."""


def fbs_block(piece: bytes, milliseconds: int) -> bytes:
    """Return a piece of an RFB stream as FBS has it."""
    return struct.pack("!I", len(piece)) + piece + bytes(-len(piece) % 4) + struct.pack("!I", milliseconds)


def as_it_is(piece: bytes, milliseconds: int) -> bytes:  # noqa: ARG001 - the time is in the stream
    return piece


def beginning_of(protocol: DisplayProtocol) -> bytes:
    """Return how a file begins."""
    return MAGIC + fbs_block(WELCOME, 0) if protocol is DisplayProtocol.VNC else b""


def framing_of(protocol: DisplayProtocol) -> Framing:
    return fbs_block if protocol is DisplayProtocol.VNC else as_it_is
