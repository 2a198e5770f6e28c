"""An engine that speaks Docker's API: each call ends in time, and its troubles are told as sentences."""

import asyncio
import json
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import aiohttp
from aiodocker import Docker, DockerError
from aiodocker.containers import DockerContainer
from aiodocker.stream import Stream
from aiodocker.types import JSONObject
from aiodocker.volumes import DockerVolume
from pydantic import TypeAdapter

from deskbay.desktops.runtimes import LaunchError, Unreachable
from deskbay.desktops.runtimes.docker.answers import Container, DiskUsage, EngineInfo, Network
from deskbay.desktops.runtimes.docker.ways import Way
from deskbay.desktops.runtimes.requests import to_the_end
from deskbay.desktops.runtimes.volumes import VolumeError

CALL_SECONDS = 10.0
ANSWER_SECONDS = 3.0
FETCH_SECONDS = 600.0
MEASURE_SECONDS = 60.0
BUSY_SECONDS = 1.0
LONGEST_MESSAGE = 400
NO_CONNECTION = 900
"""What aiodocker gives in place of a status when nobody answers."""


Answer = TypeVar("Answer")


_NETWORKS = TypeAdapter(list[Network])


class Engine:
    """The engine at the end of a way. Every method raises Unreachable when it gives no answer."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._opened: Docker | None = None
        self._making_networks = asyncio.Lock()
        self._maps_users: bool | None = None

    @property
    def _docker(self) -> Docker:
        if self._opened is None:
            try:
                self._opened = self._way.open()
            except ValueError as error:
                raise Unreachable(f"{self._way.name} can't be asked: {error}.") from error
        return self._opened

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()
            await self._opened.connector.close()
            self._opened = None

    async def is_podman(self) -> bool:
        """Whether it is Podman, which says so."""
        async with self._obeying(ANSWER_SECONDS):
            return await self._ping()

    async def maps_users(self) -> bool:
        """Whether users in containers are others on its host, of which there are some thousands. It is asked once."""
        if self._maps_users is None:
            async with self._obeying(CALL_SECONDS):
                info = EngineInfo.model_validate(await self._docker._query_json("info"))  # noqa: SLF001
            self._maps_users = info.maps_users
        return self._maps_users

    async def _ping(self) -> bool:
        """Learn the version of its API, too. aiodocker would ask for more, which takes Podman seconds to tell."""
        ping = self._docker._query  # noqa: SLF001 - aiodocker has no ping of its own
        try:
            async with ping("_ping", versioned_api=False) as answer:
                self._docker.api_version = f"v{answer.headers['Api-Version']}"
                return "Libpod-API-Version" in answer.headers
        except KeyError as error:  # aiodocker's own, too, where a refusal has another shape than an engine's
            raise self._stranger() from error
        except DockerError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise self._stranger() from error
            raise

    def _stranger(self) -> Unreachable:
        return Unreachable(f"{self._way.name} is no engine: something else answers there. Correct the path or address.")

    async def find(self, name: str) -> Container | None:
        """Return a container by its name or id; None when there is none."""
        found = await self._ask(lambda: self._container(name).show())
        return None if found is None else Container.model_validate(found)

    async def list_named(self, label: str, wanted: Mapping[str, str], *, is_running: bool = False) -> Sequence[str]:
        """Return the values of a label of every container that has all of the wanted labels, running or not, or of
        those that run.
        """
        filters = json.dumps({"label": [f"{name}={value}" for name, value in wanted.items()]})
        async with self._obeying(CALL_SECONDS):
            containers = await self._docker.containers.list(all=not is_running, filters=filters)
            return [str(container["Labels"][label]) for container in containers]

    async def has_image(self, image: str) -> bool:
        return await self._ask(lambda: self._docker.images.inspect(image)) is not None

    async def fetch(self, image: str) -> None:
        """Fetch an image from where its name says. Raises LaunchError when it can't be had."""
        try:
            async with self._answering(FETCH_SECONDS):
                await self._docker.images.pull(image)
        except DockerError as error:
            raise LaunchError(
                f"The image {image} is not on the engine and can't be fetched ({_short(error.message)}). Correct the "
                f"template, or run there: docker pull {image}"
            ) from error

    async def need_network(self, name: str, config: JSONObject) -> str:
        """Return the id of the network of a name, made unless there is one. Engines let several have one name, which
        then names none: of those that servers made at once, all take the oldest. Raises LaunchError with what the
        engine says against it.
        """
        async with self._making_networks:
            if known := await self._oldest_network(name):
                return known
            return await to_the_end(self._make_network(name, config))

    async def _oldest_network(self, name: str) -> str | None:
        async with self._obeying(CALL_SECONDS):
            listed = _NETWORKS.validate_python(await self._docker.networks.list(filters={"name": name}))
        named = [network for network in listed if network.name == name]
        return min(named, key=lambda network: (network.created, network.id)).id if named else None

    async def _make_network(self, name: str, config: JSONObject) -> str:
        try:
            async with self._answering(CALL_SECONDS):
                made = await self._docker.networks.create({"Name": name, "CheckDuplicate": True, **config})
        except DockerError as error:
            if error.status == HTTPStatus.CONFLICT and (another := await self._oldest_network(name)):
                return another
            raise LaunchError(
                f"The Docker engine could not make the desktops' network: {_short(error.message)}"
            ) from error
        oldest = await self._oldest_network(name) or made.id
        if oldest != made.id:
            await self._ask(made.delete)
        return oldest

    async def start(self, name: str, config: JSONObject) -> None:
        """Make a container and start it. Raises LaunchError with what the engine says against it."""
        await to_the_end(self._start(name, config))

    async def _start(self, name: str, config: JSONObject) -> None:
        try:
            async with self._answering(CALL_SECONDS):
                container = await self._docker.containers.create(config, name=name)
                await container.start()
        except DockerError as error:
            raise LaunchError(f"The Docker engine could not start the desktop: {_short(error.message)}") from error

    async def stop(self, name: str, seconds: int) -> None:
        """Ask a container to end, and end it after so many seconds."""
        await self._ask(lambda: self._container(name).stop(t=seconds), CALL_SECONDS + seconds)

    async def remove(self, name: str) -> None:
        """Take a container away, with whatever runs in it."""
        await self._ask(lambda: self._container(name).delete(force=True, v=True))

    async def output(self, name: str) -> list[str]:
        """Return what the container's first process said, by lines."""
        return _lines(await self._ask(lambda: self._container(name).log(stdout=True)))

    async def errors(self, name: str, lines: int) -> list[str]:
        """Return the last lines of what was printed as errors. Asked for the last, Podman turns lines round that were
        printed in pieces: it is asked for all.
        """
        tail = "all" if await self.is_podman() else lines
        return _lines(await self._ask(lambda: self._container(name).log(stderr=True, tail=tail)))[-lines:]

    def _container(self, name: str) -> DockerContainer:
        return self._docker.containers.container(name)

    async def need_volume(self, name: str, labels: Mapping[str, str], folder: Path | None = None) -> str:
        """Return where a volume is on the engine's host, made if need be: of the engine's own, or of a folder there.

        Raises VolumeError.
        """
        return await to_the_end(self._need_volume(name, labels, folder))

    async def _need_volume(self, name: str, labels: Mapping[str, str], folder: Path | None) -> str:
        options = {} if folder is None else {"type": "none", "o": "bind", "device": str(folder)}
        try:
            async with self._answering(CALL_SECONDS):
                wish: JSONObject = {"Name": name, "Labels": dict(labels), "DriverOpts": options}
                volume = await self._docker.volumes.create(wish)
                return str((await volume.show())["Mountpoint"])
        except DockerError as error:
            raise VolumeError(f"The Docker engine could not make a volume: {_short(error.message)}") from error

    async def volumes_named(self, label: str, wanted: Mapping[str, str]) -> Sequence[str]:
        """Return the values of a label of every volume that has it and all of the wanted labels.

        Asked for several, Podman gives what has any of them.
        """
        async with self._obeying(CALL_SECONDS):
            found = await self._docker.volumes.list(filters={"label": [label]})
        labels = [volume["Labels"] for volume in found["Volumes"] or ()]
        return [str(one[label]) for one in labels if wanted.items() <= one.items()]

    async def volume_sizes(self) -> Mapping[str, int]:
        """Return how many bytes each volume has, by its name, as far as the engine tells. It looks at every file."""
        async with self._obeying(MEASURE_SECONDS):
            while (usage := await self._disk_usage()) is None:  # noqa: ASYNC110 - nothing tells when it ends
                await asyncio.sleep(BUSY_SECONDS)
        return {one.name: one.usage.size for one in usage.volumes or () if one.usage and one.usage.size >= 0}

    async def _disk_usage(self) -> DiskUsage | None:
        """Return it; None while it is told to somebody else, whom older engines have all others wait for."""
        try:
            return DiskUsage.model_validate(await self._docker._query_json("system/df?type=volume"))  # noqa: SLF001
        except DockerError as error:
            if "already running" in error.message:
                return None
            raise

    async def remove_volume(self, name: str) -> None:
        """Take a volume away with all that is in it. Raises VolumeError while a container has it."""
        try:
            async with self._answering(CALL_SECONDS):
                await DockerVolume(self._docker, name).delete(force=True)
        except DockerError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return
            raise VolumeError(f"The Docker engine could not remove a volume: {_short(error.message)}") from error

    async def unpack(
        self, helper: str, config: JSONObject, archives: Mapping[str, bytes], to_run_with: bytes = b""
    ) -> None:
        """Unpack tar archives, by the folders into which, in a container of that name, which goes afterwards. Where
        there is something to run with, that is unpacked at its root, and it is run, before. Raises LaunchError.
        """
        await to_the_end(self._unpack(helper, config, archives, to_run_with))

    async def _unpack(self, helper: str, config: JSONObject, archives: Mapping[str, bytes], to_run_with: bytes) -> None:
        try:
            async with self._answering(CALL_SECONDS):
                container = await self._docker.containers.create(config, name=helper)
                if to_run_with:
                    await container.put_archive("/", to_run_with)
                    await _run_as_far_as_can_be(container)
                for folder, archive in archives.items():
                    await container.put_archive(folder, archive)
        except DockerError as error:
            raise LaunchError(f"The Docker engine could not prepare the desktop: {_short(error.message)}") from error
        finally:
            await self.remove(helper)

    @asynccontextmanager
    async def conversation(self, name: str, command: Sequence[str]) -> AsyncIterator[Stream]:
        """Run a command in a container, and give its input and output."""
        async with self._obeying(CALL_SECONDS):
            running = await self._container(name).exec(command, stdin=True, stderr=False)
            stream = await running.start().__aenter__()  # only that asks the engine
        try:
            yield stream
        finally:
            await stream.close()

    async def said(self, name: str, command: Sequence[str]) -> str:
        """Run a command in a container, and return what it prints, or why the engine does not run it."""
        printed: list[str] = []
        try:
            async with self._answering(CALL_SECONDS), (await self._container(name).exec(command)).start() as output:
                while message := await output.read_out():
                    printed.append(message.data.decode(errors="replace"))
        except DockerError as error:
            return str(error.message)
        return "".join(printed)

    async def _ask(self, question: Callable[[], Awaitable[Answer]], seconds: float = CALL_SECONDS) -> Answer | None:
        """Return the answer; None when there is nothing of that name."""
        try:
            async with self._answering(seconds):
                return await question()
        except DockerError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise self._disobedience(error) from error

    @asynccontextmanager
    async def _obeying(self, seconds: float) -> AsyncIterator[None]:
        """As `_answering`, for what an engine has no reason to refuse: where it does, nothing is known of it either."""
        try:
            async with self._answering(seconds):
                yield
        except DockerError as error:
            raise self._disobedience(error) from error

    def _disobedience(self, error: DockerError) -> Unreachable:
        return Unreachable(f"{self._way.name} refuses: {_short(error.message).rstrip('.')}. Look at its log.")

    @asynccontextmanager
    async def _answering(self, seconds: float) -> AsyncIterator[None]:
        """Raise Unreachable where no answer is there in time, and DockerError for what it has against what is asked."""
        try:
            async with asyncio.timeout(seconds):
                await self._way.prepare()
                if self._docker.api_version == "auto":
                    await self._ping()
                yield
        except TimeoutError as error:
            raise Unreachable(f"{self._way.name} did not answer in {seconds:g} seconds. Restart it.") from error
        except DockerError as error:
            if error.status != NO_CONNECTION:
                raise
            raise Unreachable(self._way.refusal(error.message)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{self._way.name} broke the connection off. Look at its log.") from error


async def _run_as_far_as_can_be(container: DockerContainer) -> None:
    """Run a container to its end. Its image may lack the program."""
    with suppress(DockerError):
        await container.start()
        await container.wait()


def _short(message: str) -> str:
    """A message as people are told it: some quote all that they were asked."""
    return textwrap.shorten(message, LONGEST_MESSAGE, placeholder=" …")


def _lines(pieces: Sequence[str] | None) -> list[str]:
    return "".join(pieces or ()).splitlines()
