"""The socket of a guard, and the way through it. Nobody's bytes reach the engine: what is let through is asked anew."""

import json
import os
import re
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

import aiohttp
import structlog
from aiohttp import web
from pydantic import ValidationError

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.asking import Answered, Asking
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.desktops.runtimes.docker.guard.judge import Judge, Passage, Request
from deskbay.kit.refusals import Refusal

TARGET = re.compile(r"(/v1\.[0-9]{1,3})?(/[A-Za-z0-9._/:@-]+)(?:\?([\x21-\x7e]*))?")
"""What is asked for: a version, a path in which nothing is escaped, and a query."""
KEPT = ("Content-Type", "Api-Version", "Libpod-API-Version")
MOST_PARAMETERS = 8
FOR_ITS_GROUP = 0o117

log = structlog.get_logger("deskbay.guard")


class Door:
    """Answers requests, each by a connection of its own, in both directions."""

    def __init__(self, engine: Path, folder: ServersFolder) -> None:
        self._asking = Asking(engine)
        self._judge = Judge(folder, self._asking)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as the engine does, or say why not."""
        try:
            response = await self._answer(request)
        except (aiohttp.ClientError, OSError, TimeoutError, ValidationError) as error:
            trouble, why = type(error).__name__, getattr(error, "strerror", None)
            log.warning("no answer", method=request.method, path=_without_query(request), trouble=trouble, why=why)
            response = _broken_off(request)
        response.force_close()
        return response

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            asked = await request_from(request)
            passage = await self._judge.judge(asked)
        except Refused as refused:
            log.warning("refused", method=request.method, path=_without_query(request), why=str(refused))
            return _no(HTTPStatus.FORBIDDEN, json.dumps({"message": f"Deskbay's guard: {refused}"}).encode())
        except Answered as answered:
            return _no(answered.status, answered.body)
        return await self._pass_on(request, asked, passage)

    async def _pass_on(self, request: web.BaseRequest, asked: Request, passage: Passage) -> web.StreamResponse:
        path = asked.version + passage.path
        async with self._asking.request(asked.method, path, asked.query, passage.body) as answer:
            headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            response = web.StreamResponse(status=answer.status, headers=headers)
            response.force_close()
            await response.prepare(request)
            async for piece in answer.content.iter_any():
                await response.write(piece)
            await response.write_eof()
            return response


def _no(status: int, body: bytes) -> web.Response:
    """Return a refusal just as engines do: clients read none of another type, or with a character set."""
    return web.Response(status=status, body=body, content_type="application/json")


def _without_query(request: web.BaseRequest) -> str:
    return request.raw_path.partition("?")[0]


def _broken_off(request: web.BaseRequest) -> web.Response:
    """Hang up, as an engine does that ends: there is no answer."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=HTTPStatus.BAD_GATEWAY)


async def request_from(request: web.BaseRequest) -> Request:
    """Read a request. Raises Refused where it is none that a client of the engine's API makes."""
    target = TARGET.fullmatch(request.raw_path)
    if target is None or any(part in {"", ".", ".."} for part in target[2][1:].split("/")):
        raise Refused("A path is plain: nothing in it is escaped, empty or made of dots.")
    try:
        body = await request.read() if request.can_read_body else b""
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused("What is sent is too long.") from error
    return Request(request.method, target[1] or "", target[2], _query_from(target[3]), body)


def _query_from(text: str | None) -> dict[str, str]:
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise Refused("What stands behind the question mark can't be read.") from error
    if len(dict(pairs)) != len(pairs):
        raise Refused("What stands behind the question mark says something twice.")
    return dict(pairs)


@contextmanager
def listening_at(path: Path) -> Iterator[socket.socket]:
    """Give a socket that listens, for this user and group, and take it away. Raises Refusal."""
    with socket.socket(socket.AF_UNIX) as listener:
        mask = os.umask(FOR_ITS_GROUP)
        try:
            _take_away_what_is_left(path)
            listener.bind(str(path))
            listener.listen()
        except OSError as error:
            why = f"The guard can't listen at {path}: {error.strerror or error}."
            raise Refusal(f"{why} Choose another place with --listen.", kind="no-socket") from error
        finally:
            os.umask(mask)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _take_away_what_is_left(path: Path) -> None:
    """Take away the socket of a guard that has ended. Raises OSError where one listens, or something else is there."""
    if not path.exists() or not stat.S_ISSOCK(path.stat().st_mode):
        return
    with socket.socket(socket.AF_UNIX) as knocking, suppress(ConnectionRefusedError):
        knocking.connect(str(path))
        raise OSError("another one listens there")
    path.unlink()


@asynccontextmanager
async def guarding(listener: socket.socket, engine: Path, folder: ServersFolder) -> AsyncIterator[None]:
    """Answer at a socket meanwhile."""
    runner = web.ServerRunner(web.Server(Door(engine, folder).answer, handler_cancellation=True, access_log=None))
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
