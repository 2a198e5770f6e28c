"""Desktops as containers of an engine, wherever that is."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from signal import SIGTERM
from uuid import UUID

from aiodocker.types import JSONObject

from deskbay.desktops.runtimes import (
    Display,
    LaunchError,
    LaunchSpec,
    Observation,
    Presence,
    Report,
    TcpDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.docker.answers import Container
from deskbay.desktops.runtimes.docker.container import DESKTOP_LABEL, ContainerPlan, container_name
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.foreign import display_at, foreign_config, greets, is_foreign
from deskbay.desktops.runtimes.docker.lodging import Lodging, Room
from deskbay.desktops.runtimes.docker.networks import network_of
from deskbay.desktops.runtimes.docker.screens import LOOK_FOR_WHAT_CARRIES, NOT_FOUND
from deskbay.desktops.runtimes.docker.spares import ContainerSpares
from deskbay.desktops.runtimes.docker.volumes import refuse_missing
from deskbay.desktops.runtimes.local.folders import LOG_LINES
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeStore

FAREWELL_SECONDS = 3
TAKING = "Taking a spare desktop"
ENDED_FROM_OUTSIDE = {128 + SIGTERM, 255}
"""How containers end that their engine stops with itself, and those that it finds dead when it is started again."""
PAUSE_SECONDS = 0.02
"""Before an engine is asked what a desktop that starts has said: asked all the time, it takes a core from that one."""
TROUBLE_SECONDS = 5.0
"""For so long an engine that gave no answer is not asked again whether it does: each template asks."""

USERS_MAPPED = (
    "It runs as an ordinary user, or maps users into a range of their own, in which nobody can have the homes of this "
    "host's people. Have it run as root and without that, or enter it as one elsewhere, by SSH."
)


class DockerRuntime:
    """Desktops on one engine. `labels` mark what is this runtime's: the engine may be another's, too."""

    def __init__(
        self,
        engine: Engine,
        lodging: Lodging,
        labels: Mapping[str, str],
        volumes: VolumeStore | None = None,
        spares: ContainerSpares | None = None,
    ) -> None:
        self._engine = engine
        self._lodging = lodging
        self._labels = dict(labels)
        self.volumes = volumes
        self.spares = spares
        self._ready: dict[UUID, str] = {}
        self._trouble: str | None = None
        self._asked_again_at = 0.0

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002 - it is the image that matters here
        """Why nothing can be started here, as a sentence with the remedy; None when it can."""
        clock = asyncio.get_running_loop()
        if self._trouble is None or clock.time() >= self._asked_again_at:
            self._trouble = await self._ask_for_trouble()
            self._asked_again_at = clock.time() + TROUBLE_SECONDS
        return self._trouble

    async def _ask_for_trouble(self) -> str | None:
        try:
            await self._engine.is_podman()
            return USERS_MAPPED if self._lodging.is_here and await self._engine.maps_users() else None
        except Unreachable as error:
            return str(error)

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop and return as soon as its container runs; `observe` tells when it is ready.

        Raises LaunchError, having taken back all that it made.
        """
        try:
            if not await self._has_begun(spec, report):
                await self._start(spec, report)
        except BaseException as error:
            with suppress(Unreachable, VolumeError):
                await asyncio.shield(self.end(spec.desktop))
            if isinstance(error, Unreachable | VolumeError):
                raise LaunchError(str(error)) from error
            raise

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now, asked of the engine."""
        container = await self._engine.find(container_name(desktop))
        if container is None:
            return Observation(Presence.ABSENT)
        if container.state.is_running:
            return await self._observe_running(desktop, container)
        if container.state.is_to_start:
            return Observation(Presence.STARTING)
        if container.state.was_forgotten or container.state.exit_code in ENDED_FROM_OUTSIDE:
            return Observation(Presence.ABSENT, "The desktop's container was stopped from outside.", lost=True)
        words = await self._engine.output(container.id)
        if "left" in words:
            return Observation(Presence.ABSENT, "The person inside signed out.", left=True)
        return Observation(Presence.ABSENT, _why_it_ended(container, words))

    async def end(self, desktop: UUID) -> None:
        """End the desktop's container and take it and its sockets away; the home and the log stay."""
        name = container_name(desktop)
        if container := await self._engine.find(name):
            if container.state.is_running:
                await self._engine.stop(name, FAREWELL_SECONDS)
            self._lodging.keep_log(desktop, await self._engine.errors(name, LOG_LINES))
            await self._engine.remove(name)
        self._ready.pop(desktop, None)
        await self._lodging.clear(desktop)

    async def forget(self, desktop: UUID) -> None:
        """Take away what `end` left, but the home."""
        await self.end(desktop)
        await self._lodging.remove(desktop)

    async def owned(self) -> set[UUID]:
        """Every desktop of which the engine has something with this runtime's labels."""
        containers = {UUID(desktop) for desktop in await self._engine.list_named(DESKTOP_LABEL, self._labels)}
        return containers | await self._lodging.owned()

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        printed = await self._engine.errors(container_name(desktop), LOG_LINES)
        return printed or self._lodging.log(desktop)

    async def display(self, desktop: UUID) -> Display:
        """Where the gateway reaches the desktop's screen."""
        container = await self._engine.find(container_name(desktop))
        if container is not None and is_foreign(container):
            return await self._display_in(desktop, container)
        return await self._lodging.display(desktop)

    async def _display_in(self, desktop: UUID, container: Container) -> TcpDisplay:
        return display_at(await self._lodging.port(desktop, container), container)

    async def close(self) -> None:
        """Close the connections to the engine; the desktops go on."""
        await self._lodging.close()
        await self._engine.close()

    async def _observe_running(self, desktop: UUID, container: Container) -> Observation:
        if self._is_spare(desktop, container):
            return Observation(Presence.SPARE)
        return Observation(Presence.READY if await self._is_ready(desktop, container) else Presence.STARTING)

    async def _has_begun(self, spec: LaunchSpec, report: Report) -> bool:
        """Tell whether the desktop runs, be it because it was a spare until now."""
        container = await self._engine.find(container_name(spec.desktop))
        if container is None or not container.state.is_running:
            return False
        return not self._is_spare(spec.desktop, container) or await self._take_spare(spec, container, report)

    def _is_spare(self, desktop: UUID, container: Container) -> bool:
        return self.spares is not None and self.spares.is_one(desktop, container)

    async def _take_spare(self, spec: LaunchSpec, container: Container, report: Report) -> bool:
        report(TAKING)
        return self.spares is not None and await self.spares.take(spec, container)

    async def _is_ready(self, desktop: UUID, container: Container) -> bool:
        """Whether its session said so, or its server answers; asked no more once it did."""
        if self._ready.get(desktop) != container.id and await self._shows_itself(desktop, container):
            self._ready[desktop] = container.id
        return self._ready.get(desktop) == container.id

    async def _shows_itself(self, desktop: UUID, container: Container) -> bool:
        if is_foreign(container):
            return await greets(await self._display_in(desktop, container))
        await asyncio.sleep(PAUSE_SECONDS)
        return "ready" in await self._engine.output(container.id)

    async def _start(self, spec: LaunchSpec, report: Report) -> None:
        if spec.image is None:
            raise LaunchError("The template names no image. Ask an administrator to give it one.")
        if reason := await self._ask_for_trouble():
            raise LaunchError(reason)
        report("Preparing the home")
        await refuse_missing(self.volumes, spec.volumes)
        await self.end(spec.desktop)
        if not await self._engine.has_image(spec.image):
            report("Fetching the image")
            await self._engine.fetch(spec.image)
        room = await self._lodging.prepare(spec)
        report("Starting the desktop")
        await self._engine.start(container_name(spec.desktop), await self._config(spec, room))
        if spec.port is not None and not self._lodging.is_here:
            await self._refuse_what_can_not_be_carried(spec)

    async def _refuse_what_can_not_be_carried(self, spec: LaunchSpec) -> None:
        if NOT_FOUND.search(await self._engine.said(container_name(spec.desktop), LOOK_FOR_WHAT_CARRIES)):
            what = f"The image {spec.image} has neither bash nor busybox, which engines elsewhere need to show it."
            raise LaunchError(f"{what} Add one of them, or launch it on an engine on the server's own host.")

    async def _config(self, spec: LaunchSpec, room: Room) -> JSONObject:
        is_podman = await self._engine.is_podman()
        network = await network_of(self._engine, self._labels, spec.network, is_podman=is_podman)
        if spec.port is None:
            return ContainerPlan(spec, room, self._labels, network, is_podman).config()
        return foreign_config(spec, room.home, self._labels, network, is_published=self._lodging.is_here)


def _why_it_ended(container: Container, words: list[str]) -> str:
    if container.state.out_of_memory:
        return "The desktop ran out of memory."
    if container.state.reason:
        return f"The desktop's container ended: {container.state.reason}."
    if "ready" in words:
        return "The desktop's processes ended unexpectedly."
    return "The desktop's processes ended before it was ready. Its log may tell why."
