"""The usual way with Starlette: a streaming response and a queue for each listener. `plain PORT`."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

HEARTBEAT_SECONDS = 15
queues: dict[int, asyncio.Queue[str]] = {}


async def events(request: Request) -> Response:
    device = int(request.headers["authorization"].removeprefix("Bearer dd_"))
    queues[device] = asyncio.Queue()
    return StreamingResponse(listen(device), media_type="text/event-stream")


async def listen(device: int) -> AsyncIterator[str]:
    yield ":\n\n"
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                yield await queues[device].get()
        except TimeoutError:
            yield ":\n\n"


async def send(request: Request) -> Response:
    for device in await request.json():
        queues[device].put_nowait(f'event: notice\ndata: {{"text":"{time.monotonic_ns()}"}}\n\n')
    return Response()


app = Starlette(routes=[Route("/api/v1/agent/events", events), Route("/send", send, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_config=None, access_log=False)
