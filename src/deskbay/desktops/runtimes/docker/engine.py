"""An engine that speaks Docker's API: each call ends in time, and its troubles are told as sentences."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import aiohttp
from aiodocker import Docker, DockerError
from aiodocker.containers import DockerContainer
from aiodocker.types import JSONObject
from pydantic import BaseModel, Field

from deskbay.desktops.runtimes import LaunchError, Unreachable

CALL_SECONDS = 10.0
ANSWER_SECONDS = 3.0
FETCH_SECONDS = 600.0
NO_CONNECTION = 900
"""What aiodocker gives in place of a status when nobody answers."""


Answer = TypeVar("Answer")


class ContainerState(BaseModel):
    """How a container is; `reason` is what the engine has to say about its end."""

    is_running: bool = Field(alias="Running")
    status: str = Field(alias="Status")
    out_of_memory: bool = Field(alias="OOMKilled")
    reason: str = Field("", alias="Error")


class Container(BaseModel):
    """A container as the engine sees it."""

    id: str = Field(alias="Id")
    state: ContainerState = Field(alias="State")


class Engine:
    """The engine behind a Unix socket of this host. Every method raises Unreachable when it gives no answer."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._opened: Docker | None = None
        self._making_networks = asyncio.Lock()

    @property
    def _docker(self) -> Docker:
        if self._opened is None:
            self._opened = Docker(url=f"unix://{self._socket}")
        return self._opened

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def version(self) -> str:
        async with self._answering(ANSWER_SECONDS):
            return str((await self._docker.version())["Version"])

    async def find(self, name: str) -> Container | None:
        """Return a container by its name or id; None when there is none."""
        found = await self._ask(self._container(name).show())
        return None if found is None else Container.model_validate(found)

    async def list_named(self, label: str, wanted: Mapping[str, str]) -> Sequence[str]:
        """Return the values of a label of every container, running or not, that has all of the wanted labels."""
        filters = json.dumps({"label": [f"{name}={value}" for name, value in wanted.items()]})
        async with self._answering(CALL_SECONDS):
            containers = await self._docker.containers.list(all=True, filters=filters)
            return [str(container["Labels"][label]) for container in containers]

    async def has_image(self, image: str) -> bool:
        return await self._ask(self._docker.images.inspect(image)) is not None

    async def fetch(self, image: str) -> None:
        """Fetch an image from where its name says. Raises LaunchError when it can't be had."""
        try:
            async with self._answering(FETCH_SECONDS):
                await self._docker.images.pull(image, tag=None if _has_tag(image) else "latest")
        except DockerError as error:
            raise LaunchError(
                f"The image {image} is not on the engine and can't be fetched ({error.message}). Correct the template, "
                f"or run there: docker pull {image}"
            ) from error

    async def need_network(self, name: str, config: JSONObject) -> None:
        """Make a network unless there is one of that name."""
        async with self._making_networks:
            if await self._ask(self._docker.networks.get(name)) is None:
                await self._ask(self._docker.networks.create({"Name": name, "CheckDuplicate": True, **config}))

    async def start(self, name: str, config: JSONObject) -> None:
        """Make a container and start it. Raises LaunchError with what the engine says against it.

        What the engine was told can't be called back: cancelled, it waits for the answer, so that nothing comes later.
        """
        starting = asyncio.create_task(self._start(name, config))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait([starting])
            raise

    async def _start(self, name: str, config: JSONObject) -> None:
        try:
            async with self._answering(CALL_SECONDS):
                container = await self._docker.containers.create(config, name=name)
                await container.start()
        except DockerError as error:
            raise LaunchError(f"The Docker engine could not start the desktop: {error.message}") from error

    async def stop(self, name: str, seconds: int) -> None:
        """Ask a container to end, and end it after so many seconds."""
        await self._ask(self._container(name).stop(t=seconds), CALL_SECONDS + seconds)

    async def remove(self, name: str) -> None:
        """Take a container away, with whatever runs in it."""
        await self._ask(self._container(name).delete(force=True, v=True))

    async def output(self, name: str) -> list[str]:
        """Return what the container's first process said, by lines."""
        return _lines(await self._ask(self._container(name).log(stdout=True)))

    async def errors(self, name: str, lines: int) -> list[str]:
        """Return the last lines of what was printed as errors."""
        return _lines(await self._ask(self._container(name).log(stderr=True, tail=lines)))

    def _container(self, name: str) -> DockerContainer:
        return self._docker.containers.container(name)

    async def _ask(self, question: Awaitable[Answer], seconds: float = CALL_SECONDS) -> Answer | None:
        """Return the answer; None when there is nothing of that name."""
        try:
            async with self._answering(seconds):
                return await question
        except DockerError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    @asynccontextmanager
    async def _answering(self, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise Unreachable(f"{self._name} did not answer in {seconds:g} seconds. Restart it.") from error
        except DockerError as error:
            if error.status != NO_CONNECTION:
                raise
            raise Unreachable(self._refusal()) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{self._name} broke the connection off. Look at its log.") from error

    @property
    def _name(self) -> str:
        return f"The Docker engine at {self._socket}"

    def _refusal(self) -> str:
        if not self._socket.exists():
            return f"{self._name} is not there. Start it, or correct the path."
        if not os.access(self._socket, os.R_OK | os.W_OK):
            return f"{self._name} may not be used by the server's user. Add the user to the socket's group."
        return f"{self._name} does not listen. Start it."


def _lines(pieces: Sequence[str] | None) -> list[str]:
    return "".join(pieces or ()).splitlines()


def _has_tag(image: str) -> bool:
    return ":" in image.rpartition("/")[2] or "@" in image
