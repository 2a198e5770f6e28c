"""One WebSocket client for every server that is measured.

`python -m benchmarks.tunnel.sink stream PORT BYTES` takes a stream's frames apart and prints the seconds from the first
to the last of BYTES of payload. `python -m benchmarks.tunnel.sink echo PORT COUNT` sends COUNT pointer events, one
after the other's answer, and prints the seconds that each took, on one line. Both stay connected until their standard
input closes, so that the server's CPU time can be read.
"""

import socket
import struct
import sys
import time

from benchmarks.tunnel.source import EVENT, UPDATE

RECEIVE = 1024 * 1024
LENGTHS = {126: ("!H", 2), 127: ("!Q", 8)}
FINAL_BINARY, MASKED = 0x82, 0x80


def open_websocket(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = [
        "GET /vnc HTTP/1.1",
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
    """Takes frames apart. `payload` counts their bytes so far."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.memory = memoryview(bytearray(RECEIVE))
        self.start = self.stop = self.payload = 0

    def skip_frame(self) -> None:
        size = self.read_header()
        self.payload += size
        while size:
            size -= len(self.take(size))

    def read_header(self) -> int:
        """The length of the next frame's payload."""
        opcode, length = self.read(2)
        assert opcode == FINAL_BINARY, f"not a whole binary frame: {opcode:#x}"
        if length in LENGTHS:
            form, size = LENGTHS[length]
            (length,) = struct.unpack(form, self.read(size))
        return int(length)

    def read(self, size: int) -> bytes:
        data = bytes(self.take(size))
        while len(data) < size:
            data += self.take(size - len(data))
        return data

    def take(self, size: int) -> memoryview:
        """Up to `size` bytes, without a copy."""
        if self.start == self.stop:
            self.start, self.stop = 0, self.connection.recv_into(self.memory)
            if not self.stop:
                raise SystemExit(f"The server ended the stream after {self.payload} bytes.")
        part = self.memory[self.start : min(self.stop, self.start + size)]
        self.start += len(part)
        return part


def stream(reader: Reader, size: int) -> str:
    reader.skip_frame()
    begin = time.perf_counter()
    while reader.payload < size:
        reader.skip_frame()
    return str(time.perf_counter() - begin)


def echo(reader: Reader, count: int) -> str:
    event = bytes([FINAL_BINARY, MASKED | EVENT]) + bytes(4) + bytes(EVENT)
    seconds = []
    for answered in range(1, count + 1):
        begin = time.perf_counter()
        reader.connection.sendall(event)
        while reader.payload < answered * UPDATE:
            reader.skip_frame()
        seconds.append(time.perf_counter() - begin)
    return " ".join(map(str, seconds))


def main() -> None:
    kind, port, amount = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open_websocket(port) as connection:
        print({"stream": stream, "echo": echo}[kind](Reader(connection), amount), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
