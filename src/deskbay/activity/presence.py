"""Tells listeners who has come and gone: by comparing, each second or two, who is on now.

The database is asked, not this process: pings may reach another server, and a promise runs out in silence. However
many listen, it is asked once; and not at all while nobody listens.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select

from deskbay.activity.models import SignIn
from deskbay.activity.sign_ins import online
from deskbay.database import Database
from deskbay.kit.clock import Clock

LOOK_SECONDS = 2.0
MOST_WAITING = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """Sign-ins that began, by their keys, and those that ended."""

    came: tuple[int, ...]
    went: tuple[UUID, ...]


class Presence:
    """Watches who is on while anyone listens."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: set[asyncio.Queue[Change]] = set()
        self._watching: asyncio.Task[None] | None = None

    async def changes(self) -> AsyncIterator[Change]:
        """Yield what changes from now on, until the listener is too slow."""
        queue: asyncio.Queue[Change] = asyncio.Queue(MOST_WAITING)
        self._listeners.add(queue)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(), name="presence")
        try:
            while not queue.full():
                yield await queue.get()
        finally:
            self._listeners.discard(queue)

    async def _watch(self) -> None:
        before = await self._online()
        while self._listeners:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                now = await self._online()
            except Exception:
                log.exception("looking at who is on failed")
                continue
            self._tell(before, now)
            before = now

    def _tell(self, before: Mapping[UUID, int], now: Mapping[UUID, int]) -> None:
        change = Change(tuple(now[one] for one in now.keys() - before), tuple(before.keys() - now))
        if change.came or change.went:
            for listener in self._listeners:
                if not listener.full():
                    listener.put_nowait(change)

    async def _online(self) -> dict[UUID, int]:
        async with self._database.read() as db:
            rows = await db.execute(select(SignIn.uuid, SignIn.id).where(*online(self._clock.now())))
            return dict(rows.all())
