"""Events: what has changed, told to whoever listens in this process."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

QUEUE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """Something has changed. `owner` is the id of the user whom it concerns."""

    name: str
    subject: int
    owner: int


class Subscription:
    """The events since it was opened, in order. A listener too slow for them is told so by `Lagged`."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(QUEUE_LENGTH)
        self._lagged = False

    def put(self, event: Event) -> None:
        if self._queue.full():
            self._lagged = True
        else:
            self._queue.put_nowait(event)

    async def get(self) -> Event:
        """Wait for the next event. Raises Lagged when some were dropped."""
        if self._lagged and self._queue.empty():
            raise Lagged
        return await self._queue.get()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            yield await self.get()


class Lagged(Exception):
    """The listener was too slow and has missed events: it has to look at the whole again."""


class EventBus:
    """Hands every event to every open subscription."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.put(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
