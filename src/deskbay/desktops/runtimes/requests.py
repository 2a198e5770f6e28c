"""What is asked of others over a network."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Answer = TypeVar("Answer")


async def to_the_end(request: Coroutine[None, None, Answer]) -> Answer:
    """Return what a request comes to. It can't be called back: cancelled, wait for the answer, so that nothing comes of
    it later.
    """
    asking = asyncio.create_task(request)
    try:
        return await asyncio.shield(asking)
    except asyncio.CancelledError:
        await asyncio.wait([asking])
        raise
