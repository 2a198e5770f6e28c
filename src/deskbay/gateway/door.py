"""The door for agents inside desktops: a Unix socket behind which only what agents ask is answered.

Its folder is shown to each sandbox, so that the socket of a server that was started again is seen there, too.
"""

import os
import socket
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from deskbay.desktops.runtimes.local.folders import open_door
from deskbay.kit.problems import Problem, respond
from deskbay.kit.refusals import Refusal

PREFIX = "/api/v1/agent/"
SOCKET = "server.sock"
BACKLOG = 2048


def listen_at_door(data: Path) -> socket.socket:
    """Return a listening socket in place of an earlier server's. Raises Refusal when it can't be had."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _bind(listener, open_door(data))
    except OSError as error:
        listener.close()
        what = f"The socket for agents, {data / 'agents' / SOCKET}, can't be made: {error.strerror}."
        raise Refusal(f"{what} Choose another data folder with --data.", kind="no-agent-socket") from error
    return listener


def _bind(listener: socket.socket, folder: Path) -> None:
    with suppress(FileNotFoundError):
        (folder / SOCKET).unlink()
    descriptor = os.open(folder, os.O_PATH)
    try:
        # By way of the descriptor: the whole path may be longer than a socket's may be.
        listener.bind(f"/proc/self/fd/{descriptor}/{SOCKET}")
    finally:
        os.close(descriptor)
    (folder / SOCKET).chmod(0o666)
    listener.listen(BACKLOG)


class AgentsOnly:
    """Hands on what agents ask, and answers everything else with 404."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        nothing = Problem(HTTPStatus.NOT_FOUND, f"Only what begins with {PREFIX} is answered here.")
        await respond(nothing)(scope, receive, send)
