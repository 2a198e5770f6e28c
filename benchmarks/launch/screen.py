"""A VNC client that wants one thing: the first whole picture (RFB 3.8, RFC 6143)."""

import socket
import struct
from collections.abc import Callable
from pathlib import Path

from websockets.sync.client import connect

WIDTH, HEIGHT = 1280, 800
BYTES_PER_PIXEL = 4
Read = Callable[[int], bytes]
Write = Callable[[bytes], None]


def first_frame_from_socket(path: Path) -> None:
    """Take the first frame from a VNC server on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        _take_frame(lambda size: _received(connection, size), connection.sendall)


def first_frame_from_websocket(url: str, token: str) -> None:
    """Take the first frame through the gateway."""
    headers = {"Authorization": f"Bearer {token}"}
    with connect(url, additional_headers=headers, compression=None, max_size=None, proxy=None) as websocket:
        waiting = bytearray()

        def read(size: int) -> bytes:
            while len(waiting) < size:
                message = websocket.recv(timeout=30)
                assert isinstance(message, bytes)
                waiting.extend(message)
            taken = bytes(waiting[:size])
            del waiting[:size]
            return taken

        _take_frame(read, websocket.send)


def _received(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(size - len(data))
        assert part, "the VNC server hung up"
        data += part
    return bytes(data)


def _take_frame(read: Read, write: Write) -> None:
    assert read(12) == b"RFB 003.008\n"
    write(b"RFB 003.008\n")
    read(read(1)[0])
    write(b"\x01")
    assert read(4) == bytes(4)
    write(b"\x01")
    width, height, name = struct.unpack("!HH16xI", read(24))
    read(name)
    assert (width, height) == (WIDTH, HEIGHT)
    raw = 0
    write(struct.pack("!BxHi", 2, 1, raw) + struct.pack("!BBHHHH", 3, 0, 0, 0, width, height))
    missing = width * height
    while missing:
        _, rectangles = struct.unpack("!BxH", read(4))
        for _ in range(rectangles):
            _, _, wide, high, encoding = struct.unpack("!HHHHi", read(12))
            assert encoding == raw
            read(wide * high * BYTES_PER_PIXEL)
            missing -= wide * high
