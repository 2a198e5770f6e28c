"""What an engine that speaks Docker's API answers, as far as it is read here."""

from datetime import UTC, datetime

from pydantic import BaseModel, Field

NEVER = datetime(1, 1, 1, tzinfo=UTC)


class ContainerState(BaseModel):
    """How a container is; `reason` is what the engine has to say about its end."""

    is_running: bool = Field(alias="Running")
    status: str = Field(alias="Status")
    out_of_memory: bool = Field(alias="OOMKilled")
    reason: str = Field("", alias="Error")
    exit_code: int = Field(0, alias="ExitCode")
    started_at: datetime = Field(NEVER, alias="StartedAt")

    @property
    def is_to_start(self) -> bool:
        """Whether it was made and not started yet. Podman says "created" too of what a restart of its host ended."""
        return self.status == "created" and self.started_at == NEVER

    @property
    def was_forgotten(self) -> bool:
        """Whether it ran until its host was restarted, and the engine does not remember its end."""
        return self.status == "created" and not self.is_to_start


class ContainerConfig(BaseModel):
    """What a container was made with."""

    labels: dict[str, str] = Field({}, alias="Labels")
    environment: list[str] = Field([], alias="Env", repr=False)

    @property
    def variables(self) -> dict[str, str]:
        return dict(variable.split("=", 1) for variable in self.environment if "=" in variable)


class PublishedPort(BaseModel):
    """A port of the engine's host that leads to one of a container."""

    port: int = Field(alias="HostPort")


class ContainerNetwork(BaseModel):
    """The ports of a container, by number and protocol, as `3389/tcp`."""

    ports: dict[str, list[PublishedPort] | None] = Field({}, alias="Ports")


class Container(BaseModel):
    """A container as the engine sees it."""

    id: str = Field(alias="Id")
    state: ContainerState = Field(alias="State")
    config: ContainerConfig = Field(ContainerConfig(), alias="Config")
    network: ContainerNetwork = Field(ContainerNetwork(), alias="NetworkSettings")


class Network(BaseModel):
    """A network as the engine lists it."""

    id: str = Field(alias="Id")
    name: str = Field(alias="Name")
    created: str = Field(alias="Created")


class VolumeUsage(BaseModel):
    """What a volume takes of the disk, in bytes; less than nothing where that is not known."""

    size: int = Field(alias="Size")


class SizedVolume(BaseModel):
    """A volume and what it takes."""

    name: str = Field(alias="Name")
    usage: VolumeUsage | None = Field(None, alias="UsageData")


class DiskUsage(BaseModel):
    """What an engine's volumes take of its disk."""

    volumes: list[SizedVolume] | None = Field(None, alias="Volumes")


class EngineInfo(BaseModel):
    """What an engine says of itself. Podman says in a word of its own that it runs as an ordinary user."""

    security: list[str] | None = Field(None, alias="SecurityOptions")
    is_rootless: bool = Field(False, alias="Rootless")

    @property
    def maps_users(self) -> bool:
        return self.is_rootless or not {"name=rootless", "name=userns"}.isdisjoint(self.security or ())
