"""What an administrator says of an engine."""

from pathlib import Path

from pydantic import Field, field_validator

from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings


class DockerSettings(RuntimeSettings):
    """Where the engine listens. It has to see this server's files: both are on one host."""

    socket: Path = Field(Path("/run/docker.sock"), description="The engine's Unix socket on the server's host")

    @field_validator("socket")
    @classmethod
    def _is_absolute(cls, socket: Path) -> Path:
        if not socket.is_absolute():
            raise ValueError("the path of a socket begins with /")
        return socket

    def open(self, place: Place) -> DockerRuntime:
        """Return the desktops of that engine which are this runtime's."""
        labels = {"deskbay.server": place.server, "deskbay.runtime": place.name}
        return DockerRuntime(Engine(self.socket), place.data, place.name, labels)
