"""The server, from the data folder to the listening socket."""

import asyncio
import os
import signal
import socket
from contextlib import ExitStack
from types import FrameType

from rich.text import Text
from uvicorn import Config, Server

from deskbay.app import create_app
from deskbay.cli.data_folder import RunningServer, announced, hold
from deskbay.cli.failures import Failure
from deskbay.cli.listening import address_of, listen
from deskbay.cli.log import RequestLog, configure_log
from deskbay.cli.output import show
from deskbay.database.upgrade import upgrade
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.settings import Settings

GRACE_SECONDS = 2
"""How long answers under way may take when the server ends. A page's stream of events never ends by itself."""


class AnnouncedServer(Server):
    """Tells where it listens for as long as it does."""

    def __init__(self, config: Config, settings: Settings, *, as_json: bool) -> None:
        super().__init__(config)
        self._settings = settings
        self._as_json = as_json
        self._announcement = ExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets  # noqa: S101 - we listen ourselves
        server = RunningServer(address_of(sockets[0]), os.getpid())
        self._announcement.enter_context(announced(self._settings.data, server))
        document = {"url": server.url, "pid": server.pid}
        show(Text(f"Deskbay listens on {server.url}. Ctrl-C ends it."), document, as_json=self._as_json)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._announcement.close()
        await super().shutdown(sockets)


def run_server(settings: Settings, *, as_json: bool) -> None:
    """Serve until SIGINT or SIGTERM. Raises Refusal when the data folder, the database or the port can't be had."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    configure_log()
    with hold(settings.data) as undo:
        listener = listen(settings.host, settings.port)
        asyncio.run(upgrade(settings.database_address))
        app = create_app(settings)
        undo.pop_all()
        config = Config(
            RequestLog(app),
            loop="uvloop",
            http="httptools",
            ws=GatewayProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        _serve(AnnouncedServer(config, settings, as_json=as_json), listener)


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def _serve(server: Server, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    finally:
        if not server.started:
            raise Failure("The server could not start. The lines above say why.", kind="start-failed")
