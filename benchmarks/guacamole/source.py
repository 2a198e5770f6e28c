"""What guacd is to a tunnel: a handshake, and then instructions without end.

`python -m benchmarks.guacamole.source PORT MIX`
"""

import base64
import socket
import sys
import threading
from contextlib import suppress

from deskbay.gateway.guacd.instructions import instruction

CHUNK = 256 * 1024
PICTURE = 6048
"""Bytes of a blob, as many as guacd puts into one."""


def pictures() -> bytes:
    """A screen as pictures: what a video or a scrolled page looks like."""
    blob = base64.b64encode(bytes(PICTURE)).decode()
    return b"".join(
        [
            instruction("img", "1", "14", "0", "image/webp", "0", "0"),
            *[instruction("blob", "1", blob)] * 4,
            instruction("end", "1"),
            instruction("sync", "1234567890"),
        ]
    )


def drawing() -> bytes:
    """A screen that is drawn: what typing and moving windows look like."""
    return b"".join(
        [
            instruction("copy", "0", "100", "120", "640", "16", "14", "0", "100", "104"),
            instruction("rect", "0", "100", "200", "640", "16"),
            instruction("cfill", "14", "0", "255", "255", "255", "255"),
            instruction("sync", "1234567890"),
        ]
    )


MIXES = {"pictures": pictures, "drawing": drawing}


def serve(connection: socket.socket, stream: bytes) -> None:
    with connection, suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65536)
        connection.sendall(instruction("args", "VERSION_1_5_0", "hostname", "port"))
        heard = b""
        while b"7.connect" not in heard or not heard.endswith(b";"):
            heard += connection.recv(65536)
        connection.sendall(instruction("ready", "$benchmark"))
        while True:
            connection.sendall(stream)


def main() -> None:
    port, mix = int(sys.argv[1]), sys.argv[2]
    once = MIXES[mix]()
    stream = once * (CHUNK // len(once))
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=[connection, stream], daemon=True).start()


if __name__ == "__main__":
    main()
