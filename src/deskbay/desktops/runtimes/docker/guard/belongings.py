"""What on an engine is a desktop server's, by the labels that the engine tells."""

from pydantic import BaseModel, Field

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.asking import Asking
from deskbay.desktops.runtimes.docker.guard.wishes import OWN_LABELS, Labels


class Made(BaseModel):
    """What a container was made with."""

    labels: Labels | None = Field(None, alias="Labels")


class Host(BaseModel):
    """What it has of its host."""

    binds: list[str] | None = Field(None, alias="Binds")


class Container(BaseModel):
    """A container, as far as it is judged."""

    id: str = Field(alias="Id")
    made: Made = Field(alias="Config")
    host: Host = Field(alias="HostConfig")


class Volume(BaseModel):
    """A volume, as far as it is judged."""

    labels: Labels | None = Field(None, alias="Labels")
    options: dict[str, str] | None = Field(None, alias="Options")


class Network(BaseModel):
    """A network, as far as it is judged."""

    id: str = Field(alias="Id")
    labels: Labels | None = Field(None, alias="Labels")


class Belongings:
    """Gives what is a server's. Raises Refused for all else, and Answered for what is not there."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def container(self, name: str) -> Container:
        found = Container.model_validate_json(await self._asking.ask(f"/containers/{name}/json"))
        _refuse_strange(f"The container {name}", found.made.labels)
        return found

    async def volume(self, name: str) -> Volume:
        found = Volume.model_validate_json(await self._asking.ask(f"/volumes/{name}"))
        _refuse_strange(f"The volume {name}", found.labels)
        return found

    async def network(self, name: str) -> Network:
        found = Network.model_validate_json(await self._asking.ask(f"/networks/{name}"))
        _refuse_strange(f"The network {name}", found.labels)
        return found


def _refuse_strange(what: str, labels: Labels | None) -> None:
    if not all((labels or {}).get(label) for label in OWN_LABELS):
        raise Refused(f"{what} is not a desktop server's.")
