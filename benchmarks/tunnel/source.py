"""A VNC server in name only: streams bytes over a Unix socket to each client as fast as it takes them.

`python -m benchmarks.tunnel.source SOCKET BYTES`
"""

import socket
import sys

BLOCK = 1024 * 1024


def stream(client: socket.socket, size: int) -> None:
    """Send `size` bytes, then wait for the client to leave."""
    block = memoryview(bytes(range(256)) * (BLOCK // 256))
    while size:
        size -= client.send(block[: min(size, BLOCK)])
    client.recv(1)


def main() -> None:
    path, size = sys.argv[1], int(sys.argv[2])
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            client, _ = listener.accept()
            with client:
                stream(client, size)


if __name__ == "__main__":
    main()
