"""Guacamole's instructions through our tunnel, beside guacamole-lite: MB/s and CPU time per MB.

`python -m benchmarks.guacamole [--rounds N] [--megabytes N]`, with guacamole-lite in benchmarks/guacamole/peer. Both
serve at once and are measured in turn, with the same source and the same sink.
"""

import argparse
import base64
import json
import os
import socket
import struct
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.guacamole.source import MIXES
from benchmarks.tunnel.__main__ import MEGABYTE, Server, free_port, ready, spread, start_command
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from rich.console import Console
from rich.table import Table

PEER = Path(__file__).parent / "peer"
SHARES = {"pictures": 1.0, "drawing": 0.02}
"""Of the megabytes that are asked for: what small instructions make takes long."""
KEY = b"benchmarkbenchmarkbenchmarkbench"


@dataclass(frozen=True)
class Figures:
    """One round: MB/s, and CPU milliseconds per MB."""

    speed: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guacamole", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args()
    if not (PEER / "node_modules").exists():
        raise SystemExit(f"{PEER}/node_modules is missing: benchmarks/README.md says how to install the peers.")
    table = Table("", "tunnel", "guacamole-lite", "ratio, round by round")
    for mix in MIXES:
        measure_mix(table, mix, options.rounds, max(1, round(options.megabytes * SHARES[mix])))
    Console(width=120).print(table)


def measure_mix(table: Table, mix: str, rounds: int, megabytes: int) -> None:
    with ExitStack() as running:
        source = free_port()
        begin(running, source, "benchmarks.guacamole.source", source, mix)
        ours = begin(running, free_port(), "benchmarks.guacamole.gateway", None, source)
        peer = begin_peer(running, source)
        taken: dict[str, list[Figures]] = {"ours": [], "peer": []}
        for number in range(rounds):
            for name, server in sorted({"ours": ours, "peer": peer}.items(), reverse=bool(number % 2)):
                taken[name].append(measure(server, megabytes))
    for title, figure in (("MB/s", "speed"), ("CPU ms per MB", "cpu")):
        first, second = ([getattr(one, figure) for one in taken[name]] for name in ("ours", "peer"))
        ratios = [a / b for a, b in zip(first, second, strict=True)]
        table.add_row(f"{mix}: {title}", spread(first), spread(second), spread(ratios))


def begin(running: ExitStack, port: int, module: str, *arguments: int | str | None) -> Server:

    words = [str(port) if word is None else str(word) for word in arguments]
    return Server(ready(start_command(running, sys.executable, "-m", module, *words), port), port)


def begin_peer(running: ExitStack, source: int) -> Server:
    port = free_port()
    process = start_command(running, "node", str(PEER / "server.mjs"), str(port), str(source))
    return Server(ready(process, port), port)


def measure(server: Server, megabytes: int) -> Figures:
    before = server.cpu_seconds()
    with open_tunnel(server.port) as connection:
        begun = time.perf_counter()
        skip_payload(connection, megabytes * MEGABYTE)
        seconds = time.perf_counter() - begun
        spent = server.cpu_seconds() - before
    return Figures(speed=megabytes / seconds, cpu=1000 * spent / megabytes)


def open_tunnel(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    lines = [
        f"GET /?token={token()} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: guacamole",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    if b" 101 " not in head.splitlines()[0]:
        raise SystemExit(f"The server refused: {head!r}")
    return connection


def token() -> str:
    """What guacamole-lite wants to know; ours looks past it."""
    settings = {"connection": {"type": "rdp", "settings": {"hostname": "127.0.0.1", "port": "3389"}}}
    vector = os.urandom(16)
    padder = PKCS7(128).padder()
    padded = padder.update(json.dumps(settings).encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(vector)).encryptor()
    value = base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
    sealed = json.dumps({"iv": base64.b64encode(vector).decode(), "value": value})
    return quote(base64.b64encode(sealed.encode()).decode())


def skip_payload(connection: socket.socket, size: int) -> None:
    """Read frames until so many bytes of payload have come."""
    with connection.makefile("rb", buffering=1024 * 1024) as frames:
        while size > 0:
            _, short = frames.read(2)
            form = {126: "!H", 127: "!Q"}.get(short)
            length = struct.unpack(form, frames.read(struct.calcsize(form)))[0] if form else short
            size -= len(frames.read(length))


if __name__ == "__main__":
    main()
