"""The server, from the data folder to the listening socket."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Literal

from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn import Config, Server

from deskbay.app import create_app
from deskbay.cli.data_folder import RunningServer, announced, hold
from deskbay.cli.express import ExpressProtocol
from deskbay.cli.failures import Failure
from deskbay.cli.listening import address_of, listen
from deskbay.cli.log import RequestLog, configure_log
from deskbay.cli.patience import PatientProtocol, PatientServer
from deskbay.database.upgrade import upgrade
from deskbay.devices.channel import AgentChannel
from deskbay.gateway.door import AgentsOnly, listen_at_door
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.kit.setting_kinds import Network
from deskbay.settings import Settings

GRACE_SECONDS = 2
"""How long answers under way may take when the server ends. A page's stream of events never ends by itself."""
NEW_OBJECTS = 20_000
"""The garbage collector looks for cycles each time that there are so many more: pings make many, and no cycles."""

Announce = Callable[[RunningServer], None]
"""Called within the server's event loop once it listens."""


class AnnouncedServer(PatientServer):
    """Tells where it listens for as long as it does. Agents inside desktops have a door of their own."""

    def __init__(self, app: FastAPI, data: Path, door: socket.socket, announce: Announce) -> None:
        super().__init__(_config(app, GatewayProtocol, app.state.settings.trusted_proxies))
        self._channel: AgentChannel = app.state.agent_channel
        self._door = door
        self._behind_door = _config(AgentsOnly(app), "none")
        self._data = data
        self._announce = announce
        self._announcement = ExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._open_door()
        gc.set_threshold(NEW_OBJECTS)
        gc.freeze()  # what is there by now stays: to look through it again and again would hold up answers
        assert sockets  # noqa: S101 - we listen ourselves
        server = RunningServer(address_of(sockets[0]), os.getpid())
        self._announcement.enter_context(announced(self._data, server))
        self._announce(server)

    async def _open_door(self) -> None:
        self._behind_door.load()

        def protocol() -> asyncio.Protocol:
            return PatientProtocol(self._behind_door, self.server_state, self.lifespan.state)

        loop = asyncio.get_running_loop()
        self.servers.append(await loop.create_unix_server(protocol, sock=self._door))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._announcement.close()
        self._channel.close()
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
        app, door = create_app(settings), listen_at_door(settings.data)
        undo.pop_all()
        _serve(AnnouncedServer(app, settings.data, door, announce), listener)


def _redirect(log: Path) -> None:
    with log.open("w") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())


def _config(
    app: ASGIApp, websockets: type[GatewayProtocol] | Literal["none"], proxies: tuple[Network, ...] = ()
) -> Config:
    return Config(
        RequestLog(app),
        loop="uvloop",
        http=ExpressProtocol,
        ws=websockets,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=[str(network) for network in proxies],
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
