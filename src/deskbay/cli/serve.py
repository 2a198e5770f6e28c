"""The server, from the data folder to the listening socket."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from uvicorn import Config, Server

from deskbay.app import create_app
from deskbay.cli.data_folder import RunningServer, announced, hold
from deskbay.cli.failures import Failure
from deskbay.cli.listening import address_of, listen
from deskbay.cli.log import RequestLog, configure_log
from deskbay.database.upgrade import upgrade
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.settings import Settings

GRACE_SECONDS = 2
"""How long answers under way may take when the server ends. A page's stream of events never ends by itself."""


Announce = Callable[[RunningServer], None]
"""Called within the server's event loop once it listens."""


class AnnouncedServer(Server):
    """Tells where it listens for as long as it does."""

    def __init__(self, config: Config, data: Path, announce: Announce) -> None:
        super().__init__(config)
        self._data = data
        self._announce = announce
        self._announcement = ExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets  # noqa: S101 - we listen ourselves
        server = RunningServer(address_of(sockets[0]), os.getpid())
        self._announcement.enter_context(announced(self._data, server))
        self._announce(server)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._announcement.close()
        await super().shutdown(sockets)


def run_server(settings: Settings, announce: Announce, *, log: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM, with standard error going to a log in the data folder where one is named.

    Raises Refusal when the data folder, the database or the port can't be had, having changed nothing.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    with hold(settings.data) as undo:
        if log:
            _redirect(log)
        configure_log()
        listener = listen(settings.host, settings.port)
        asyncio.run(upgrade(settings.database_address))
        config = _config(settings)
        undo.pop_all()
        _serve(AnnouncedServer(config, settings.data, announce), listener)


def _redirect(log: Path) -> None:
    with log.open("w") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())


def _config(settings: Settings) -> Config:
    return Config(
        RequestLog(create_app(settings)),
        loop="uvloop",
        http="httptools",
        ws=GatewayProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def _serve(server: Server, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    finally:
        if not server.started:
            raise Failure("The server could not start. The lines above say why.", kind="start-failed")
