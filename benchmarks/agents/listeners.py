"""Agents by the thousand in one process: connect, listen, and take the time of each command. `listeners PORT COUNT`.

Prints a line of JSON when all listen, then one for each line of its input: `single RATE SECONDS` sends to one agent at
a time, `all` to all of them at once. Each answer has the milliseconds that commands took, sorted.
"""

import asyncio
import json
import random
import re
import sys
import time
from typing import cast

import uvloop

HOST = "127.0.0.1"
CONNECTING_AT_ONCE = 50
CONNECT_SECONDS = 120
TEXT = re.compile(rb'"text":"(\d+)"')


class Agent(asyncio.Protocol):
    """One that listens."""

    def __init__(self, number: int, taken: list[float]) -> None:
        self.number = number
        self.listens = asyncio.Event()
        self._taken = taken

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        token = f"Authorization: Bearer dd_{self.number:043}"
        request = f"GET /api/v1/agent/events HTTP/1.1\r\nHost: {HOST}\r\n{token}\r\n\r\n"
        cast("asyncio.Transport", transport).write(request.encode())

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        if b":\n\n" in data:
            self.listens.set()
        self._taken.extend((now - int(sent)) / 1e6 for sent in TEXT.findall(data))


class Fleet:
    """All agents, and the times that commands took to reach them."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self._taken: list[float] = []
        self._turn = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def connect(self) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.gather(*(self._connect(number) for number in range(1, self._count + 1)))

    async def _connect(self, number: int) -> None:
        async with self._turn:
            agent = Agent(number, self._taken)
            await asyncio.get_running_loop().create_connection(lambda: agent, HOST, self._port)
            await agent.listens.wait()

    async def single(self, rate: float, seconds: float) -> list[float]:
        """Send to one agent after the other, taken by chance."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        self._taken.clear()
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0, began + number / rate - time.monotonic()))
            await self._send(reader, writer, [random.randint(1, self._count)])  # noqa: S311 - only a choice
        return await self._all_of(int(rate * seconds))

    async def all(self) -> list[float]:
        """Send to every agent at once."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        self._taken.clear()
        await self._send(reader, writer, list(range(1, self._count + 1)))
        return await self._all_of(self._count)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, devices: list[int]) -> None:
        body = json.dumps(devices)
        writer.write(f"POST /send HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await reader.readuntil(b"\r\n\r\n")

    async def _all_of(self, count: int) -> list[float]:
        async with asyncio.timeout(30):
            while len(self._taken) < count:  # noqa: ASYNC110 - the agents tell nobody
                await asyncio.sleep(0.01)
        return sorted(self._taken)


async def main() -> None:
    fleet = Fleet(int(sys.argv[1]), int(sys.argv[2]))
    await fleet.connect()
    print(json.dumps("ready"), flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).split():
        taken = await fleet.all() if line[0] == "all" else await fleet.single(float(line[1]), float(line[2]))
        print(json.dumps(taken), flush=True)


uvloop.run(main())
