"""Sends requests over kept-alive connections, each as soon as the answer before it is there, and times them.

`python -m benchmarks.pings.load HOST:PORT SECONDS < requests` with one request in JSON (`[head, body]`) a line: a
connection for each. `{now}` in a body is replaced by the time. Prints JSON: answers, statuses that are no success,
and the 50th and 99th percentile in milliseconds.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from typing import cast

import uvloop


class Connection(asyncio.Protocol):
    """One client that waits for each answer."""

    def __init__(self, head: str, body: str, until: float) -> None:
        self.head = head
        self.body = body
        self.until = until
        self.times: list[float] = []
        self.refused = 0
        self.closed = asyncio.Event()
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop has its own
        self._send()

    def _send(self) -> None:
        body = self.body.replace("{now}", datetime.now(UTC).isoformat()).encode()
        head = f"{self.head}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self._sent = time.perf_counter()
        self._transport.write(head + body)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or not self._is_whole(end):
            return
        now = time.perf_counter()
        self.times.append(now - self._sent)
        self.refused += self._received[9:10] != b"2"
        closes = b"connection: close" in self._received[:end].lower()
        self._received = b""
        if now < self.until and not closes:
            self._send()
        else:
            self._transport.close()

    def _is_whole(self, end: int) -> bool:
        head = self._received[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return len(self._received) >= end + 4 + length

    def connection_lost(self, _: Exception | None) -> None:
        self.closed.set()


async def keep_sending(client: Connection, host: str, port: int) -> None:
    """Connect as often as the server hangs up, which a good one does not."""
    while time.perf_counter() < client.until:
        client.closed.clear()
        await asyncio.get_running_loop().create_connection(partial(_itself, client), host, port)
        await client.closed.wait()


def _itself(connection: Connection) -> Connection:
    return connection


async def run(address: str, seconds: float, requests: list[tuple[str, str]]) -> None:
    host, _, port = address.partition(":")
    begun = time.perf_counter()
    clients = [Connection(head, body, begun + seconds) for head, body in requests]
    await asyncio.gather(*(keep_sending(client, host, int(port)) for client in clients))
    took = time.perf_counter() - begun
    times = sorted(spent for client in clients for spent in client.times)
    figures = {
        "answers": len(times),
        "per_second": len(times) / took,
        "refused": sum(client.refused for client in clients),
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[len(times) * 99 // 100] * 1000,
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], float(sys.argv[2]), [tuple(json.loads(line)) for line in sys.stdin]))
