"""Tasks end, also those that miss it once."""

import asyncio
from contextlib import suppress

from deskbay.kit.tasks import end


async def sleep_on() -> None:
    await asyncio.sleep(3600)


async def miss_it_once() -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(3600)
    await asyncio.sleep(3600)


async def tidy_up(done: list[str]) -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0)
        done.append("tidy")


async def begun(*tasks: asyncio.Task[None]) -> tuple[asyncio.Task[None], ...]:
    await asyncio.sleep(0)
    return tasks


async def test_all_are_cancelled_and_waited_for() -> None:
    done: list[str] = []
    tasks = await begun(asyncio.create_task(sleep_on()), asyncio.create_task(tidy_up(done)))
    await end(tasks)
    assert all(task.cancelled() for task in tasks)
    assert done == ["tidy"]


async def test_one_that_misses_it_is_asked_again() -> None:
    (task,) = await begun(asyncio.create_task(miss_it_once()))
    await end([task], patience=0.01)
    assert task.cancelled()


async def test_what_has_ended_is_left_alone() -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    await end([task])
    assert not task.cancelled()


async def test_what_one_begins_as_it_ends_is_ended_too() -> None:
    tasks: set[asyncio.Task[None]] = set()

    async def begin_another() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            tasks.add(asyncio.create_task(sleep_on()))

    tasks.add(asyncio.create_task(begin_another()))
    await begun()
    await end(tasks)
    assert [task.cancelled() for task in tasks] == [True, True]


async def test_nothing_is_nothing() -> None:
    await end([])
