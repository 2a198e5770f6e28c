"""What an administrator says of an engine."""

import os
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.lodging import LocalLodging
from deskbay.desktops.runtimes.docker.remote import RemoteLodging, WayHome
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.docker.spares import ContainerSpares
from deskbay.desktops.runtimes.docker.volumes import EngineVolumes, RemoteVolumes
from deskbay.desktops.runtimes.docker.ways import Papers, SocketWay, TlsWay
from deskbay.desktops.runtimes.kinds import LINES, Place, RuntimeSettings
from deskbay.desktops.runtimes.local.volumes import FolderVolumes

LAST_PORT = 65535


class DockerSettings(RuntimeSettings):
    """An engine on the server's host, which sees its files; or one elsewhere, by TCP with TLS."""

    makes_spares: ClassVar[bool] = True

    socket: Path = Field(Path("/run/docker.sock"), description="The engine's Unix socket on the server's host")
    address: str | None = Field(
        None,
        description="Where an engine elsewhere listens, in place of the socket",
        pattern=r"^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?:[0-9]{1,5}$",
        examples=["docker.example.org:2376"],
    )
    authority: str | None = Field(
        None, description="Certificate (PEM) of the authority of both sides", json_schema_extra=LINES
    )
    certificate: str | None = Field(None, description="Our certificate (PEM)", json_schema_extra=LINES)
    key: SecretStr | None = Field(None, description="Our certificate's key (PEM)", json_schema_extra=LINES)
    server_url: str | None = Field(
        None,
        description="Where desktops on an engine elsewhere reach this server; without it they have no agent",
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/?$",
        examples=["https://desk.example.org"],
    )

    @field_validator("socket")
    @classmethod
    def _is_absolute(cls, socket: Path) -> Path:
        if not socket.is_absolute():
            raise ValueError("the path of a socket begins with /")
        return socket

    @field_validator("address")
    @classmethod
    def _has_a_port(cls, address: str | None) -> str | None:
        if address is not None and not 0 < int(address.rpartition(":")[2]) <= LAST_PORT:
            raise ValueError(f"ports are numbers from 1 to {LAST_PORT}")
        return address

    @model_validator(mode="after")
    def _has_papers(self) -> Self:
        if self.address is not None:
            self._papers().context()
        return self

    def _papers(self) -> Papers:
        if not (self.authority and self.certificate and self.key):
            raise ValueError("with an address go authority, certificate and key: without TLS anyone is root there")
        return Papers(self.authority, self.certificate, self.key.get_secret_value())

    def open(self, place: Place) -> DockerRuntime:
        """Return the desktops of that engine which are this runtime's."""
        return self._open_here(place) if self.address is None else self._open_elsewhere(place, self.address)

    def _open_here(self, place: Place) -> DockerRuntime:
        engine, labels = Engine(SocketWay(self.socket)), labels_of(place)
        lodging = LocalLodging(place.data, place.name)
        volumes = EngineVolumes(engine, FolderVolumes(place.data.absolute() / "volumes" / place.name), labels)
        spares = ContainerSpares(engine, lodging, labels, volumes) if os.geteuid() == 0 else None
        return DockerRuntime(engine, lodging, labels, volumes, spares)

    def _open_elsewhere(self, place: Place, address: str) -> DockerRuntime:
        host, _, port = address.rpartition(":")
        engine, labels = Engine(TlsWay(host, int(port), self._papers())), labels_of(place)
        way_home = WayHome(address=self.server_url or place.address)
        lodging = RemoteLodging(engine, place.data, place.name, labels, way_home)
        return DockerRuntime(engine, lodging, labels, RemoteVolumes(engine, labels))


def labels_of(place: Place) -> dict[str, str]:
    """Return what a runtime marks all that is its own with."""
    return {"deskbay.server": place.server, "deskbay.runtime": place.name}
