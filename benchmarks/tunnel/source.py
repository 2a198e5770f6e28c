"""VNC servers in name only, on a Unix socket, for one client at a time.

`python -m benchmarks.tunnel.source stream SOCKET BYTES` sends that many bytes as fast as they are taken;
`python -m benchmarks.tunnel.source echo SOCKET` answers each pointer event's worth of bytes with a small update.
"""

import socket
import sys

BLOCK = 1024 * 1024
EVENT, UPDATE = 6, 1024


def stream(client: socket.socket, size: int) -> None:
    """Send `size` bytes, then wait for the client to leave."""
    block = memoryview(bytes(range(256)) * (BLOCK // 256))
    while size:
        size -= client.send(block[: min(size, BLOCK)])
    client.recv(1)


def echo(client: socket.socket) -> None:
    while client.recv(EVENT, socket.MSG_WAITALL):
        client.sendall(bytes(UPDATE))


def main() -> None:
    kind, path, *size = sys.argv[1:]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            client, _ = listener.accept()
            with client:
                if kind == "stream":
                    stream(client, int(size[0]))
                else:
                    echo(client)


if __name__ == "__main__":
    main()
