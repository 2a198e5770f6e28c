"""Connections to SQLite, each in a thread of its own."""

import asyncio
import sqlite3
from functools import partial
from typing import Any

import aiosqlite

ROWS_AT_ONCE = 64


class SqliteConnection(aiosqlite.Connection):
    """A connection to a file that closes whatever is cancelled meanwhile.

    aiosqlite's own asks its thread to end a second time when it is stopped while it closes. By then there may be no
    thread that could answer, and the event loop would wait for that answer for ever.
    """

    def __init__(self, file: str) -> None:
        super().__init__(partial(sqlite3.connect, file, check_same_thread=False), ROWS_AT_ONCE)
        self._thread.daemon = True  # one that nobody closes keeps no process
        self._stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        if self._stopped is None:
            self._tx.put_nowait((None, self._roll_back))
            self._stopped = super().stop()
        return self._stopped

    def _roll_back(self) -> None:
        """Give up what is not committed. Closing alone would not, as long as anything refers to a cursor."""
        if self._connection is not None:
            self._connection.rollback()

    async def close(self) -> None:
        if stopped := self.stop():
            await asyncio.shield(stopped)  # others may wait for it, too
