"""PostgreSQL without a layer between: for the few statements that are run many times a second."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SETTINGS = (
    "plan_cache_mode = force_generic_plan",
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
)
"""To plan a statement takes longer than to run it: it is planned once, and for tables that grow, so by keys and row
by row: any other way of joining would read whole days of them for the few rows that are asked for.
"""


class _Driver(Protocol):
    """The part of asyncpg's connection that is used here."""

    def is_closed(self) -> bool: ...

    async def fetch(self, statement: str, *arguments: object) -> list[Sequence[object]]: ...


class Direct:
    """A connection of its own, on which each statement is prepared once, takes one round trip and is committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._driver: _Driver | None = None
        self._turn = asyncio.Lock()

    async def fetch(self, statement: str, *arguments: object) -> list[Sequence[object]]:
        """Run a statement with `$1` … for arguments; return its rows. It is on disk then, if it wrote anything."""
        async with self._turn:
            driver = self._driver
            if driver is None or driver.is_closed():
                driver = await self._connect()
            return await driver.fetch(statement, *arguments)

    async def _connect(self) -> _Driver:
        await self.close()
        self._connection = await self._engine.connect()
        pooled = await self._connection.get_raw_connection()
        driver: _Driver = pooled.driver_connection  # type: ignore[assignment] # SQLAlchemy can't know which one
        for setting in SETTINGS:
            await driver.fetch(f"SET {setting}")
        self._driver = driver
        return driver

    async def close(self) -> None:
        connection, self._connection, self._driver = self._connection, None, None
        if connection is not None:
            await connection.invalidate()  # it may be broken; the pool makes another
            await connection.close()
