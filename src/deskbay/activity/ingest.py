"""Pings are written in groups: many pings, one commit, and each is answered after it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

import structlog

from deskbay.activity.express import Express
from deskbay.activity.pings import Outcome, Ping, store_pings
from deskbay.database import Database
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem

LARGEST_GROUP = 1000
RETRY_SECONDS = "5"

log = structlog.get_logger(__name__)


class _Waiting(NamedTuple):
    pings: Sequence[Ping]
    answer: asyncio.Future[list[Outcome]]


class PingWriter:
    """Takes pings until `capacity` of them wait, and stores all that wait in one transaction at a time."""

    def __init__(self, database: Database, clock: Clock, capacity: int) -> None:
        self._database = database
        self._express = Express(database.direct) if database.direct else None
        self._clock = clock
        self._capacity = capacity
        self._queue: deque[_Waiting] = deque()
        self._length = 0
        self._writing: asyncio.Task[None] | None = None

    def store(self, pings: Sequence[Ping]) -> asyncio.Future[list[Outcome]]:
        """Promise what became of each ping, once that is on disk.

        Raises Problem 503 with Retry-After when too many wait already; the promise does when the database can't be
        written to.
        """
        if self._length + len(pings) > self._capacity:
            raise _unavailable("The server can't keep up with the pings. Send these again a little later.")
        waiting = _Waiting(pings, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._length += len(pings)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="ping writer")
        return waiting.answer

    async def _write(self) -> None:
        while self._queue:
            group = self._next_group()
            try:
                outcomes = await self._commit([ping for waiting in group for ping in waiting.pings])
            except Exception:
                log.exception("pings could not be stored", pings=sum(len(waiting.pings) for waiting in group))
                self._refuse(group)
            else:
                self._answer(group, outcomes)

    def _next_group(self) -> list[_Waiting]:
        group = [self._queue.popleft()]
        size = len(group[0].pings)
        while self._queue and size + len(self._queue[0].pings) <= LARGEST_GROUP:
            group.append(self._queue.popleft())
            size += len(group[-1].pings)
        self._length -= size
        return group

    async def _commit(self, pings: Sequence[Ping]) -> list[Outcome]:
        now = self._clock.now()
        if self._express is None:
            return await self._commit_generally(pings, now)
        outcomes = await self._express.store(pings, now)
        left = [ping for ping, outcome in zip(pings, outcomes, strict=True) if outcome is None]
        rest = iter(await self._commit_generally(left, now) if left else ())
        return [outcome or next(rest) for outcome in outcomes]

    async def _commit_generally(self, pings: Sequence[Ping], now: datetime) -> list[Outcome]:
        async with self._database.write() as db:
            return await store_pings(db, pings, now)

    def _answer(self, group: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
        first = 0
        for waiting in group:
            after = first + len(waiting.pings)
            if not waiting.answer.done():  # whoever hung up is not waiting any more
                waiting.answer.set_result(list(outcomes[first:after]))
            first = after

    def _refuse(self, group: Sequence[_Waiting]) -> None:
        for waiting in group:
            if not waiting.answer.done():
                waiting.answer.set_exception(
                    _unavailable("The database can't be written to just now. Send these again a little later.")
                )


def _unavailable(detail: str) -> Problem:
    headers = {"Retry-After": RETRY_SECONDS}
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, kind="overloaded", headers=headers)
