"""What other servers of the same PostgreSQL database have changed, heard by LISTEN and NOTIFY.

Events are sent within the transaction that they tell of: they go out with its commit, or not at all.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
from typing import Protocol
from uuid import uuid4

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from deskbay.kit.events import Event, EventBus

CHANNEL = "deskbay"
LONGEST_PAYLOAD = 7900
"""PostgreSQL takes up to 7,999 bytes at once."""
RETRY_SECONDS = 1.0
CHECK_SECONDS = 10.0
"""How often it is asked whether the connection still is one."""

log = structlog.get_logger(__name__)
Heard = Callable[[object, int, str, str], None]


class _Driver(Protocol):
    """The part of asyncpg's connection that is used here."""

    async def execute(self, statement: str, *, timeout: float) -> str: ...  # noqa: ASYNC109 - asyncpg's own

    async def add_listener(self, channel: str, callback: Heard) -> None: ...

    def add_termination_listener(self, callback: Callable[[object], None]) -> None: ...


class Replicas:
    """Tells the other servers this one's events, and puts theirs on its bus."""

    def __init__(self, engine: AsyncEngine, bus: EventBus) -> None:
        self._engine = engine
        self._bus = bus
        self._name = uuid4().hex

    async def tell(self, db: AsyncSession, events: Sequence[Event]) -> None:
        """Have the others hear these events once the transaction is committed."""
        for payload in _payloads(self._name, events):
            await db.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})

    async def run(self) -> None:
        """Listen until cancelled, on a connection that is made anew whenever it is lost."""
        while True:
            try:
                async with self._connection() as driver:
                    await self._listen(driver)
            except Exception:
                log.exception("the changes of other servers can't be heard")
            await asyncio.sleep(RETRY_SECONDS)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[_Driver]:
        connection = await self._engine.connect()
        try:
            pooled = await connection.get_raw_connection()
            driver: _Driver = pooled.driver_connection  # type: ignore[assignment] # SQLAlchemy can't know which one
            yield driver
        finally:
            await connection.invalidate()  # it listens, and may be broken: nobody else shall have it
            await connection.close()

    async def _listen(self, driver: _Driver) -> None:
        lost = asyncio.Event()
        driver.add_termination_listener(lambda _: lost.set())
        await driver.add_listener(CHANNEL, self._hear)
        self._bus.break_off()  # what was missed meanwhile nobody knows
        while not lost.is_set():
            try:
                await asyncio.wait_for(lost.wait(), CHECK_SECONDS)
            except TimeoutError:
                await driver.execute("SELECT 1", timeout=CHECK_SECONDS)

    def _hear(self, _: object, __: int, ___: str, payload: str) -> None:
        told = json.loads(payload)
        if told["from"] != self._name:
            for event in told["events"]:
                self._bus.publish(Event(*event))


def _payloads(name: str, events: Sequence[Event]) -> Iterator[str]:
    """Yield texts that have all events, in order, each as short as PostgreSQL wants it."""
    written = json.dumps({"from": name, "events": [astuple(event) for event in events]})
    if len(written) <= LONGEST_PAYLOAD or len(events) == 1:
        yield written
    else:
        middle = len(events) // 2
        yield from _payloads(name, events[:middle])
        yield from _payloads(name, events[middle:])
