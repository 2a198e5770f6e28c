"""Desktops on a host by SSH: containers of its engine, which is asked through the connection."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiodocker import Docker

from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.remote import RemoteLodging, WayHome
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.docker.settings import labels_of
from deskbay.desktops.runtimes.docker.volumes import RemoteVolumes
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.local.folders import open_door
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.tunnels import SocketTunnel


@dataclass(frozen=True, slots=True)
class SshWay:
    """The way to an engine by a socket here that leads to its own there."""

    host: Host
    tunnel: SocketTunnel

    @property
    def name(self) -> str:
        return f"The Docker engine on {self.host.name}"

    async def prepare(self) -> None:
        await self.tunnel.open()
        await self.host.reach()

    def open(self) -> Docker:
        return Docker(url=f"unix://{self.tunnel.path}")

    def refusal(self, complaint: str) -> str:  # noqa: ARG002 - the connection itself is there
        return f"{self.name} does not answer. Start it there, correct the path of its socket, or let us use it."


class SshRuntime(DockerRuntime):
    """Desktops on the engine of a host. Nothing has to be there but that and sshd."""

    def __init__(self, host: Host, socket: str, place: Place) -> None:
        agents = open_door(place.data) / "server.sock"

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(Unreachable):
                await host.carry(reader, writer, socket)

        async def door() -> str:
            return await host.open_door(f".deskbay/{place.server[:12]}-{place.name}", agents)

        folder, labels = place.data.absolute() / "containers" / place.name, labels_of(place)
        self._host = host
        self._tunnel = SocketTunnel(folder / "engine", carry)
        engine = Engine(SshWay(host, self._tunnel))
        lodging = RemoteLodging(engine, place.data, place.name, labels, WayHome(door=door))
        super().__init__(engine, lodging, labels, RemoteVolumes(engine, labels))

    async def close(self) -> None:
        """Close the connection; the desktops go on."""
        self._tunnel.close()
        try:
            await super().close()
        finally:
            await self._host.close()
