"""Events reach whoever listens."""

import asyncio

from deskbay.kit.events import QUEUE_LENGTH, Event, EventBus


def event(subject: int) -> Event:
    return Event("desktop", subject, owner=1)


async def test_everyone_hears_what_is_published_while_they_listen() -> None:
    bus = EventBus()
    bus.publish(event(1))
    with bus.subscribe() as first, bus.subscribe() as second:
        bus.publish(event(2))
        bus.break_off()
        assert [heard async for heard in first] == [heard async for heard in second] == [event(2)]


async def test_a_listener_waits_for_the_next() -> None:
    bus = EventBus()
    with bus.subscribe() as events:
        waiting = asyncio.ensure_future(anext(aiter(events)))
        await asyncio.sleep(0)
        assert not waiting.done()
        bus.publish(event(3))
        assert await waiting == event(3)


async def test_a_listener_that_is_too_slow_hears_the_end_after_what_it_has() -> None:
    bus = EventBus()
    with bus.subscribe() as events:
        for subject in range(QUEUE_LENGTH + 5):
            bus.publish(event(subject))
        heard = [told.subject async for told in events]
    assert heard == list(range(QUEUE_LENGTH))


async def test_whoever_has_left_hears_nothing() -> None:
    bus = EventBus()
    with bus.subscribe() as events:
        pass
    bus.publish(event(4))
    events.end()
    assert [told async for told in events] == []
