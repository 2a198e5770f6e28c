"""Engines of a few lines, which say what a real one says seldom."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

PING = {"Api-Version": "1.41"}

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def engine_at(socket: Path, answer: Answer) -> AsyncIterator[None]:
    """Answer at a socket meanwhile."""
    runner = web.ServerRunner(web.Server(answer, handler_cancellation=True), shutdown_timeout=1)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()
    try:
        yield
    finally:
        await runner.cleanup()


def refusal(message: str, status: int) -> web.Response:
    return web.Response(body=json.dumps({"message": message}).encode(), content_type="application/json", status=status)
