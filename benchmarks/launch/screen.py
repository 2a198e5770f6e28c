"""A VNC client that watches a desktop come up (RFB 3.8, RFC 6143)."""

import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

WIDTH, HEIGHT = 1280, 800
BYTES_PER_PIXEL = 4
RECEIVE = 1024 * 1024
COLOURS_OF_A_DESKTOP = 100
"""More than a window manager shows before the wallpaper is there."""

Read = Callable[[int], bytes]
Write = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """When the first whole frame was there, and when one that shows the desktop: not a black screen any more."""

    frame: float
    desktop: float


def watch_socket(path: Path) -> Seen:
    """Watch a VNC server on a Unix socket until the desktop is there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return _watch(lambda size: _received(connection, size), connection.sendall)


def watch_websocket(url: str, token: str) -> Seen:
    """Watch through the gateway until the desktop is there, with as little work of the client's own as can be."""
    client = ClientProtocol(parse_uri(url), max_size=None)
    with socket.create_connection((client.uri.host, client.uri.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = client.connect()
        request.headers["Authorization"] = f"Bearer {token}"
        client.send_request(request)
        waiting = bytearray()

        def write(data: bytes) -> None:
            client.send_binary(data)
            connection.sendall(b"".join(client.data_to_send()))

        def read(size: int) -> bytes:
            while len(waiting) < size:
                receive()
            taken = bytes(waiting[:size])
            del waiting[:size]
            return taken

        def receive() -> None:
            client.receive_data(connection.recv(RECEIVE))
            assert client.state is not State.CLOSED, "the gateway hung up"
            for event in client.events_received():
                if isinstance(event, Frame):
                    waiting.extend(event.data)

        connection.sendall(b"".join(client.data_to_send()))
        while client.state is State.CONNECTING:
            receive()
        assert client.handshake_exc is None, client.handshake_exc
        return _watch(read, write)


def _received(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(min(RECEIVE, size - len(data)))
        assert part, "the VNC server hung up"
        data += part
    return bytes(data)


def _watch(read: Read, write: Write) -> Seen:
    _agree(read, write)
    raw = 0
    write(struct.pack("!BxHi", 2, 1, raw))
    pixels = bytearray(WIDTH * HEIGHT * BYTES_PER_PIXEL)
    frame_at = None
    while True:
        write(struct.pack("!BBHHHH", 3, frame_at is not None, 0, 0, WIDTH, HEIGHT))
        _update(read, pixels)
        now = time.perf_counter()
        frame_at = frame_at or now
        if _colours(pixels) > COLOURS_OF_A_DESKTOP:
            return Seen(frame_at, now)


def _agree(read: Read, write: Write) -> None:
    assert read(12) == b"RFB 003.008\n"
    write(b"RFB 003.008\n")
    read(read(1)[0])
    write(b"\x01")
    assert read(4) == bytes(4)
    write(b"\x01")
    width, height, name = struct.unpack("!HH16xI", read(24))
    read(name)
    assert (width, height) == (WIDTH, HEIGHT)


def _update(read: Read, pixels: bytearray) -> None:
    """Read one update into the picture."""
    _, rectangles = struct.unpack("!BxH", read(4))
    for _ in range(rectangles):
        x, y, width, height, encoding = struct.unpack("!HHHHi", read(12))
        assert encoding == 0
        size = width * BYTES_PER_PIXEL
        patch = read(size * height)
        for row in range(height):
            start = ((y + row) * WIDTH + x) * BYTES_PER_PIXEL
            pixels[start : start + size] = patch[row * size : (row + 1) * size]


def _colours(pixels: bytearray) -> int:
    """Count the colours of some thousand pixels all over the picture."""
    return len({bytes(pixels[at : at + 3]) for at in range(0, len(pixels), BYTES_PER_PIXEL * 499)})
