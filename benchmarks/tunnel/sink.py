"""A WebSocket client that reads a stream, takes its frames apart, and prints the seconds it took.

`python -m benchmarks.tunnel.sink PORT PATH BYTES`: from the first to the last of BYTES of payload. It stays connected
until its standard input closes, so that the server can still be measured.
"""

import socket
import struct
import sys
import time

RECEIVE = 1024 * 1024
LENGTHS = {126: ("!H", 2), 127: ("!Q", 8)}


def open_websocket(port: int, path: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: binary",
        f"Origin: http://127.0.0.1:{port}",
        "Cookie: session=benchmark",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    if b" 101 " not in head.splitlines()[0]:
        raise SystemExit(f"The server refused: {head!r}")
    return connection


class Reader:
    """Takes frames apart. `payload` counts the bytes of the binary frames so far."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.memory = memoryview(bytearray(RECEIVE))
        self.start = self.stop = self.payload = 0

    def header(self) -> int:
        """The length of the next frame."""
        opcode, length = self.take(2)
        assert opcode == 0x82, f"not a whole binary frame: {opcode:#x}"
        if length in LENGTHS:
            form, size = LENGTHS[length]
            (length,) = struct.unpack(form, self.take(size))
        return int(length)

    def take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            if self.start == self.stop:
                self.fill()
            part = self.memory[self.start : min(self.stop, self.start + size - len(taken))]
            taken += part
            self.start += len(part)
        return taken

    def skip(self, size: int) -> None:
        self.payload += size
        while size:
            if self.start == self.stop:
                self.fill()
            step = min(size, self.stop - self.start)
            self.start += step
            size -= step

    def fill(self) -> None:
        self.start, self.stop = 0, self.connection.recv_into(self.memory)
        if not self.stop:
            raise SystemExit(f"The server ended the stream after {self.payload} bytes.")


def main() -> None:
    port, path, size = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with open_websocket(port, path) as connection:
        reader = Reader(connection)
        length = reader.header()
        begin = time.perf_counter()
        reader.skip(length)
        while reader.payload < size:
            reader.skip(reader.header())
        print(time.perf_counter() - begin, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
