"""What is asked of the engine behind a guard: each time by a connection of its own, with a head that is made here."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
from yarl import URL

from deskbay.desktops.runtimes.docker.guard import Refused

ANSWER_SECONDS = 10.0
LONGEST_ANSWER = 4 * 2**20
JSON = {"Content-Type": "application/json"}


class Answered(Exception):
    """The engine says no, or that something is not there."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class Asking:
    """Asks an engine at a Unix socket. Raises what aiohttp does, or OSError, when it gives no answer."""

    def __init__(self, engine: Path) -> None:
        self._engine = engine

    @asynccontextmanager
    async def request(
        self, method: str, path: str, query: Mapping[str, str], body: bytes | None, seconds: float | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Give the answer as it comes. Without seconds it may take as long as it wants."""
        url = URL.build(scheme="http", host="engine", path=path, query=dict(query))
        session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(self._engine), force_close=True),
            timeout=aiohttp.ClientTimeout(total=seconds),
            auto_decompress=False,
        )
        headers = {} if body is None else JSON
        async with session, session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
            yield answer

    async def ask(
        self, path: str, *, method: str = "GET", query: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> bytes:
        """Return what it answers, as far as that is bearable. Raises Answered, Refused."""
        async with self.request(method, path, query or {}, body, ANSWER_SECONDS) as answer:
            told = b""
            async for piece in answer.content.iter_any():
                told += piece
                if len(told) > LONGEST_ANSWER:
                    raise Refused("The engine's answer is too long to be looked through.")
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise Answered(answer.status, told)
            return told
