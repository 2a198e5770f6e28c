"""Shows what it sees to whoever looks, and again each time it is another.

The database is asked, not this process: pings may reach another server, and a promise runs out in silence. However
many look at the same, it is asked once a second; and not at all while nobody looks.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

import structlog

from deskbay.kit.problems import Problem

LOOK_SECONDS = 1.0

View = TypeVar("View")
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Glimpse(Generic[View]):
    """What was seen last, and when by the monotonic clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = float("-inf")
    view: View | None = None


class Lookout(Generic[View]):
    """Looks at things by their keys."""

    def __init__(self, look: Callable[[int], Awaitable[View]]) -> None:
        self._look = look
        self._glimpses: defaultdict[int, _Glimpse[View]] = defaultdict(_Glimpse)

    async def views(self, key: int) -> AsyncIterator[View]:
        """Yield what is seen now, and then whatever is another. Ends when there is nothing to be seen any more."""
        shown = None
        while True:
            try:
                seen = await self._seen(key)
            except Problem:
                return
            except Exception:
                log.exception("looking failed", key=key)
                seen = shown
            if seen is not None and seen != shown:
                shown = seen
                yield seen
            await asyncio.sleep(LOOK_SECONDS)

    async def _seen(self, key: int) -> View | None:
        glimpse = self._glimpses[key]
        async with glimpse.lock:
            if monotonic() - glimpse.at > LOOK_SECONDS / 2:
                glimpse.view = await self._look(key)
                glimpse.at = monotonic()
        return glimpse.view
