"""Servers of one MariaDB don't hear each other's changes, so there may be one only. A second one says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

TAKE_THE_PLACE = text("SELECT GET_LOCK(CONCAT('deskbay ', SHA1(DATABASE())), 0)")
"""The lock goes with the connection, however its server ends."""
LOOK_SECONDS = 10.0
ANOTHER = (
    "Another server uses this database. On MariaDB they don't hear each other's changes, and pages miss some. "
    "End one of them, or have them use PostgreSQL: see docs/running.md, Several servers."
)

log = structlog.get_logger(__name__)


class OnlyServer:
    """Holds the place of a database's only server, and tells when another has it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, pause: float = LOOK_SECONDS) -> None:
        """Go on until cancelled: wait for the place, and look whether it is still held. `pause` is in seconds."""
        while True:
            try:
                async with self._connection() as connection:
                    await self._take_the_place(connection, pause)
                    while True:
                        await asyncio.sleep(pause)
                        await connection.execute(text("SELECT 1"))
            except Exception:
                log.exception("whether this is the only server can't be told")
            await asyncio.sleep(pause)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            try:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
            finally:
                await connection.invalidate()  # it has the lock: nobody else shall have it

    async def _take_the_place(self, connection: AsyncConnection, pause: float) -> None:
        is_told = False
        while not await connection.scalar(TAKE_THE_PLACE):
            if not is_told:
                log.warning(ANOTHER)
                is_told = True
            await asyncio.sleep(pause)
        log.info("this is the database's only server")
