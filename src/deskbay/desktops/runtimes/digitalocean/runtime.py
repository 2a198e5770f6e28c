"""The digitalocean runtime: a droplet for each desktop, which is a container there, as on any host by SSH."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import JsonValue

from deskbay.desktops.runtimes import (
    Display,
    LaunchError,
    LaunchSpec,
    Observation,
    Presence,
    Report,
    Unreachable,
)
from deskbay.desktops.runtimes.digitalocean.cloud import Cloud, Droplet, Power
from deskbay.desktops.runtimes.digitalocean.seed import host_key_of, user_data
from deskbay.desktops.runtimes.docker.folders import ContainerFolder
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.ssh.login import Login
from deskbay.desktops.runtimes.ssh.runtime import SshRuntime

PREFIX = "deskbay-"
ACTIVE, NEW = "active", "new"
LOOK_SECONDS = 2.0
SHUTDOWN_SECONDS = 30.0
PREPARE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered for a desktop, how it is entered, and where its engine listens."""

    region: str
    size: str
    image: str
    key: str = field(repr=False)
    port: int = 22
    socket: str = "/run/docker.sock"


class DigitalOceanRuntime:
    """Desktops on droplets of an account, found by a tag. `pause` waits between two looks at one."""

    def __init__(
        self, cloud: Cloud, order: Order, place: Place, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._cloud = cloud
        self._order = order
        self._place = place
        self._pause = pause
        self._tag = f"deskbay:{place.server}:{place.name}"
        self._hosts: dict[UUID, tuple[str, SshRuntime]] = {}

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002 - it is the image that matters here
        """Why nothing can be started here, as a sentence with the remedy; None: each launch asks by itself."""
        return None

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        """Start a desktop on its droplet, which is ordered or switched on. Raises LaunchError.

        A droplet that was ordered for it and can't be used is destroyed.
        """
        is_new = True
        try:
            droplet = await self._find(spec.desktop)
            is_new = droplet is None
            host = await self._ready_host(spec, droplet, report)
            await host.launch(spec, report)
        except BaseException as error:
            with suppress(Unreachable, LaunchError):
                await asyncio.shield(self.forget(spec.desktop) if is_new else self.end(spec.desktop))
            if isinstance(error, Unreachable):
                raise LaunchError(str(error)) from error
            raise

    async def observe(self, desktop: UUID) -> Observation:
        """What there is of the desktop now: asked of its host, and of DigitalOcean only where that gives no answer."""
        if known := self._hosts.get(desktop):
            with suppress(Unreachable):
                return await known[1].observe(desktop)
        droplet = await self._find(desktop)
        if droplet is None:
            return Observation(Presence.ABSENT, "Its droplet was destroyed." if known else None)
        if droplet.status != ACTIVE or droplet.address is None:
            is_off = droplet.status != NEW
            return Observation(Presence.ABSENT, "Its droplet is switched off." if is_off else None, lost=is_off)
        return await self._host(desktop, droplet.address).observe(desktop)

    async def end(self, desktop: UUID) -> None:
        """End the desktop and switch its droplet off. The home and the log stay."""
        droplet = await self._find(desktop)
        if droplet is not None and droplet.status == NEW:
            await self._cloud.destroy(droplet)  # nothing is on it yet
        elif droplet is not None and droplet.status == ACTIVE:
            if droplet.address is not None:
                with suppress(Unreachable):
                    await self._host(desktop, droplet.address).end(desktop)
            await self._switch_off(droplet)
        await self._let_go(desktop)

    async def forget(self, desktop: UUID) -> None:
        """Destroy the droplet with all that is on it, the home, too."""
        for droplet in await self._cloud.droplets(self._tag):
            if droplet.name == _name_of(desktop):
                await self._cloud.destroy(droplet)
        await self._let_go(desktop)
        self._kept(desktop).remove()

    async def owned(self) -> set[UUID]:
        """Every desktop that has a droplet with our tag, prepared or not."""
        return {UUID(hex=droplet.name.removeprefix(PREFIX)) for droplet in await self._cloud.droplets(self._tag)}

    async def log(self, desktop: UUID) -> list[str]:
        """The last lines that the desktop printed, oldest first, at most 200."""
        known = self._hosts.get(desktop)
        return self._kept(desktop).tail() if known is None else await known[1].log(desktop)

    async def display(self, desktop: UUID) -> Display:
        """Where the gateway reaches the desktop's screen."""
        if known := self._hosts.get(desktop):
            return await known[1].display(desktop)
        droplet = await self._find(desktop)
        if droplet is None or droplet.status != ACTIVE or droplet.address is None:
            raise Unreachable("The desktop does not run.")
        return await self._host(desktop, droplet.address).display(desktop)

    async def close(self) -> None:
        """Close all connections; the desktops go on."""
        for desktop in list(self._hosts):
            await self._let_go(desktop)
        await self._cloud.close()

    async def _ready_host(self, spec: LaunchSpec, droplet: Droplet | None, report: Report) -> SshRuntime:
        """Return the droplet's host once its engine answers. Raises LaunchError when it never does."""
        report("Starting the droplet")
        if droplet is None:
            droplet = await self._cloud.create(self._wish(spec.desktop))
        elif droplet.status not in {ACTIVE, NEW}:
            await self._cloud.switch(droplet, Power.ON)
        report("Waiting for the droplet")
        clock = asyncio.get_running_loop()
        deadline, trouble = clock.time() + PREPARE_SECONDS, "it was never switched on"
        while clock.time() < deadline:
            droplet = await self._find(spec.desktop)
            if droplet is None:
                raise LaunchError("The droplet was destroyed while it was prepared. Try again.")
            if droplet.status == ACTIVE and droplet.address is not None:
                host = self._host(spec.desktop, droplet.address)
                if (said := await host.unavailable(spec.profile)) is None:
                    return host
                trouble = said
            await self._pause(LOOK_SECONDS)
        raise LaunchError(f"The droplet was not ready in {PREPARE_SECONDS / 60:g} minutes: {trouble}")

    def _wish(self, desktop: UUID) -> dict[str, JsonValue]:
        order = self._order
        return {
            "name": _name_of(desktop),
            "region": order.region,
            "size": order.size,
            "image": order.image,
            "tags": [self._tag],
            "user_data": user_data(order.key, desktop),
        }

    async def _switch_off(self, droplet: Droplet) -> None:
        """Have the droplet shut itself down, and cut it off when it does not: the home is to reach its disk."""
        await self._cloud.switch(droplet, Power.SHUTDOWN)
        clock = asyncio.get_running_loop()
        deadline = clock.time() + SHUTDOWN_SECONDS
        while clock.time() < deadline:
            if all(one.status != ACTIVE for one in await self._cloud.droplets(self._tag) if one.id == droplet.id):
                return
            await self._pause(LOOK_SECONDS)
        await self._cloud.switch(droplet, Power.OFF)

    async def _find(self, desktop: UUID) -> Droplet | None:
        found = (droplet for droplet in await self._cloud.droplets(self._tag) if droplet.name == _name_of(desktop))
        return next(found, None)

    def _host(self, desktop: UUID, address: str) -> SshRuntime:
        """Return the desktop's host, which is entered when it is first asked something."""
        known = self._hosts.get(desktop)
        if known is None or known[0] != address:
            key = self._order.key
            shown = host_key_of(key, desktop).export_public_key().decode("ascii").strip()
            login = Login(address, self._order.port, "root", key=key, host_key=shown)
            self._hosts[desktop] = address, SshRuntime(Host(login), self._order.socket, self._place_of(desktop))
        return self._hosts[desktop][1]

    def _place_of(self, desktop: UUID) -> Place:
        """Each droplet's host is a place of its own."""
        return replace(self._place, name=f"{self._place.name}-{desktop.hex[:12]}")

    def _kept(self, desktop: UUID) -> ContainerFolder:
        """What there is of a desktop on this host: its log."""
        return ContainerFolder(self._place.data.absolute() / "containers" / self._place_of(desktop).name / desktop.hex)

    async def _let_go(self, desktop: UUID) -> None:
        if known := self._hosts.pop(desktop, None):
            await known[1].close()


def _name_of(desktop: UUID) -> str:
    return f"{PREFIX}{desktop.hex}"
