"""Sends each request when it is due, over kept-alive connections, and times the answers from then on.

`python -m benchmarks.pings.load HOST:PORT RATE < requests` with one request in JSON (`[path, body]`) a line, and so
many of them a second. `{now}` in a body is replaced by the time. Prints JSON: the seconds that it took, how many
answers were no success, and the 50th and 99th percentile in milliseconds.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import cast

import uvloop

MOST_CONNECTIONS = 1000
TICK_SECONDS = 0.001


class Connection(asyncio.Protocol):
    """A client that sends one request at a time."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop has its own

    def send(self, path: str, body: str, due: float) -> None:
        self._due = due
        content = body.replace("{now}", datetime.now(UTC).isoformat()).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        self._transport.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, _, body = self._received.partition(b"\r\n\r\n")
        _, _, rest = head.lower().partition(b"content-length:")
        if rest and len(body) >= int(rest.split(b"\r\n", 1)[0]):
            succeeded, self._received = self._received[9:10] == b"2", b""
            self._load.answered(self, time.perf_counter() - self._due, succeeded=succeeded)

    def connection_lost(self, _: Exception | None) -> None:
        self._load.lost(self)

    def close(self) -> None:
        self._transport.close()


class Load:
    """Keeps to the rate: a request that is due takes an idle connection, or a new one."""

    def __init__(self, address: str, rate: float, requests: list[tuple[str, str]]) -> None:
        self._host, _, self._port = address.partition(":")
        self._rate = rate
        self._requests = requests
        self._idle: list[Connection] = []
        self._connections = 0
        self._times: list[float] = []
        self._refused = 0
        self._done = asyncio.Event()

    def answered(self, connection: Connection, seconds: float, *, succeeded: bool) -> None:
        self._times.append(seconds)
        self._refused += not succeeded
        self._idle.append(connection)
        if len(self._times) == len(self._requests):
            self._done.set()

    def lost(self, connection: Connection) -> None:
        """Servers hang up on who has said nothing for some seconds. Whoever waited for an answer waits for ever."""
        if connection in self._idle:
            self._idle.remove(connection)
            self._connections -= 1

    async def run(self) -> dict[str, float]:
        begun = time.perf_counter()
        sent = 0
        while sent < len(self._requests):
            while sent < min((time.perf_counter() - begun) * self._rate, len(self._requests)):
                connection = await self._connection()
                connection.send(*self._requests[sent], begun + sent / self._rate)
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        await self._done.wait()
        for connection in self._idle:
            connection.close()
        return self._figures(time.perf_counter() - begun)

    async def _connection(self) -> Connection:
        while not self._idle and self._connections == MOST_CONNECTIONS:  # noqa: ASYNC110 - the ticks are as good
            await asyncio.sleep(TICK_SECONDS)
        if self._idle:
            return self._idle.pop()
        self._connections += 1
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Connection(self), self._host, int(self._port))
        return connection

    def _figures(self, seconds: float) -> dict[str, float]:
        times = sorted(self._times)
        p50, p99 = (times[len(times) * part // 100] * 1000 for part in (50, 99))
        return {"seconds": seconds, "refused": self._refused, "p50_ms": p50, "p99_ms": p99}


async def main() -> None:
    load = Load(sys.argv[1], float(sys.argv[2]), [tuple(json.loads(line)) for line in sys.stdin])
    sys.stdout.write(json.dumps(await load.run()))


if __name__ == "__main__":
    uvloop.run(main())
