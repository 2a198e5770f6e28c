"""Events: what has changed, told to whoever listens in this process. The database brings those of other servers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

QUEUE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """Something has changed. `owner` is the id of the user whom it concerns, `state` what the subject is now."""

    name: str
    subject: int
    owner: int
    state: str | None = None


class Subscription:
    """The events since it was opened, in order.

    It ends when events had to be dropped, or those of other servers may have been missed: then look at the whole, and
    subscribe again.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._open = True

    def put(self, event: Event) -> None:
        if self._queue.qsize() >= QUEUE_LENGTH:
            self.end()
        elif self._open:
            self._queue.put_nowait(event)

    def end(self) -> None:
        if self._open:
            self._open = False
            self._queue.put_nowait(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            self._queue.put_nowait(None)  # ended is ended, however often one asks
            raise StopAsyncIteration
        return event


class EventBus:
    """Hands every event to every open subscription."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.put(event)

    def break_off(self) -> None:
        """End every subscription there is, because events may have been missed."""
        for subscription in self._subscriptions:
            subscription.end()

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
