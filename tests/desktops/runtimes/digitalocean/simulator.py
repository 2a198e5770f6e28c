"""A simulator of DigitalOcean's API, as published at docs.digitalocean.com: none can be had without an account.

It refuses whatever the documentation does not name: paths, fields, values and kinds of values. A droplet here is a real
sshd at a loopback address of its own, which has the keys that cloud-init would give it, beside one real Docker engine.
"""

import asyncio
import json
import re
import shlex
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Self
from uuid import UUID

import asyncssh
import trustme
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tests.engines import DockerEngine
from tests.hosts import SshHost
from tests.ports import free_port

TOKEN = "dop_v1_good"
REGIONS, SIZES, IMAGES = {"fra1", "nyc3"}, {"s-1vcpu-2gb", "s-2vcpu-4gb"}, {"debian-12-x64", "ubuntu-24-04-x64"}
STRICT = ConfigDict(extra="forbid", strict=True)


class SshKeys(BaseModel):
    model_config = STRICT
    ed25519_private: str
    ed25519_public: str


class CloudUser(BaseModel):
    model_config = STRICT
    name: str
    ssh_authorized_keys: list[str]


class CloudConfig(BaseModel):
    """What cloud-init knows, of which this is what we use."""

    model_config = STRICT
    ssh_deletekeys: bool
    ssh_genkeytypes: list[str]
    ssh_keys: SshKeys
    disable_root: bool
    users: list[CloudUser]
    package_update: bool
    packages: list[str]
    runcmd: list[list[str]]


class DropletWish(BaseModel):
    """The body of POST /v2/droplets."""

    model_config = STRICT
    name: str = Field(pattern=r"^[a-zA-Z0-9.-]{1,255}$")
    region: str
    size: str
    image: str
    tags: list[str]
    user_data: str = Field(max_length=65536, pattern=r"^#cloud-config\n")


class ActionWish(BaseModel):
    """The body of POST /v2/droplets/{id}/actions."""

    model_config = STRICT
    type: str = Field(pattern="^(power_on|power_off|shutdown)$")


@dataclass
class SimulatedDroplet:
    id: int
    wish: DropletWish
    address: str
    status: str = "new"
    host: SshHost | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One thing at a time is done with it: what is destroyed while it boots would wait for its sshd in vain."""

    @property
    def desktop(self) -> UUID:
        return UUID(hex=self.wish.name.removeprefix("deskbay-"))

    def shown(self) -> dict[str, object]:
        networks = [{"ip_address": "10.0.0.2", "netmask": "255.255.0.0", "gateway": "10.0.0.1", "type": "private"}]
        if self.status != "new":
            networks.append({"ip_address": self.address, "netmask": "", "gateway": "", "type": "public"})
        return {
            "id": self.id,
            "name": self.wish.name,
            "status": self.status,
            "networks": {"v4": networks, "v6": []},
            "tags": self.wish.tags,
            "region": {"slug": self.wish.region},
            "size_slug": self.wish.size,
            "locked": False,
        }


def refusal(status: HTTPStatus, kind: str, message: str) -> web.Response:
    return web.json_response({"id": kind, "message": message, "request_id": "1"}, status=status)


def unprocessable(message: str) -> web.Response:
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "unprocessable_entity", message)


@dataclass
class DigitalOceanSimulator:
    """The API at `url`, to be believed by `authority`. What it does wrong is told by its fields."""

    engine: DockerEngine
    authority: trustme.CA = field(default_factory=trustme.CA)
    limit: int = 10
    asks_too_often: bool = False
    is_in_trouble: bool = False
    hangs: bool = False
    never_boots: bool = False
    has_another_host_key: bool = False
    droplets: dict[int, SimulatedDroplet] = field(default_factory=dict)
    ordered: int = 0

    async def __aenter__(self) -> Self:
        self.ssh_port = free_port()
        self._folder = TemporaryDirectory(prefix="deskbay-", dir="/var/tmp", ignore_cleanup_errors=True)
        app = web.Application(middlewares=[self._at_the_door])
        app.router.add_get("/v2/droplets", self._list)
        app.router.add_post("/v2/droplets", self._create)
        app.router.add_delete("/v2/droplets/{id}", self._destroy)
        app.router.add_post("/v2/droplets/{id}/actions", self._act)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("localhost").configure_cert(context)
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.url = f"https://localhost:{self._runner.addresses[0][1]}"
        self._booting: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._booting, return_exceptions=True)
        for droplet in list(self.droplets.values()):
            await self._take_away(droplet)
        await self._runner.cleanup()
        self._folder.cleanup()

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: object) -> web.StreamResponse:
        if self.hangs:
            await asyncio.sleep(3600)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(HTTPStatus.UNAUTHORIZED, "Unauthorized", "Unable to authenticate you")
        if self.asks_too_often:
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "API Rate limit exceeded.")
        if self.is_in_trouble:
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", "Unexpected server-side error")
        assert callable(handler)
        response = await handler(request)
        assert isinstance(response, web.StreamResponse)
        return response

    async def _list(self, request: web.Request) -> web.Response:
        if unknown := set(request.query) - {"per_page", "page", "tag_name", "name", "type"}:
            return unprocessable(f"unknown parameters {sorted(unknown)}")
        per_page, page = int(request.query.get("per_page", 20)), int(request.query.get("page", 1))
        if not 1 <= per_page <= 200 or page < 1:
            return unprocessable("per_page is from 1 to 200")
        tag = request.query.get("tag_name")
        found = [droplet.shown() for droplet in self.droplets.values() if tag is None or tag in droplet.wish.tags]
        start = (page - 1) * per_page
        answer = {"droplets": found[start : start + per_page], "links": {}, "meta": {"total": len(found)}}
        return web.json_response(answer)

    async def _create(self, request: web.Request) -> web.Response:
        try:
            wish = DropletWish.model_validate(await request.json())
            config = CloudConfig.model_validate(json.loads(wish.user_data.partition("\n")[2]))
        except (ValidationError, ValueError) as error:
            return unprocessable(str(error))
        if wish.region not in REGIONS or wish.size not in SIZES or wish.image not in IMAGES:
            return unprocessable("You specified an invalid size, region or image for Droplet creation.")
        if not all(re.fullmatch(r"[\w:-]{1,255}", tag) for tag in wish.tags):
            return unprocessable("Tags may contain letters, numbers, colons, dashes, and underscores.")
        if len(self.droplets) >= self.limit:
            return unprocessable("creating this/these droplet(s) will exceed your droplet limit")
        self.ordered += 1
        droplet = SimulatedDroplet(self.ordered, wish, f"127.0.1.{self.ordered}")
        self.droplets[droplet.id] = droplet
        if not self.never_boots:
            self._soon(self._boot(droplet, config))
        return web.json_response({"droplet": droplet.shown(), "links": {}}, status=HTTPStatus.ACCEPTED)

    async def _destroy(self, request: web.Request) -> web.Response:
        droplet = self.droplets.pop(int(request.match_info["id"]), None)
        if droplet is None:
            return refusal(HTTPStatus.NOT_FOUND, "not_found", "The resource you were accessing could not be found.")
        await self._take_away(droplet)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _act(self, request: web.Request) -> web.Response:
        try:
            wish = ActionWish.model_validate(await request.json())
        except (ValidationError, ValueError) as error:
            return unprocessable(str(error))
        droplet = self.droplets.get(int(request.match_info["id"]))
        if droplet is None:
            return refusal(HTTPStatus.NOT_FOUND, "not_found", "The resource you were accessing could not be found.")
        if (wish.type == "power_on") != (droplet.status == "off"):
            return unprocessable(f"Droplet can't be told {wish.type} while it is {droplet.status}.")
        self._soon(self._switch(droplet, wish.type))
        action = {"id": 1, "status": "in-progress", "type": wish.type, "resource_id": droplet.id}
        return web.json_response({"action": action}, status=HTTPStatus.CREATED)

    def _soon(self, task: object) -> None:
        assert asyncio.iscoroutine(task)
        doing = asyncio.create_task(task)
        self._booting.add(doing)
        doing.add_done_callback(self._booting.discard)

    async def _boot(self, droplet: SimulatedDroplet, config: CloudConfig) -> None:
        """Do what cloud-init does: the keys are there, and root is let in."""
        assert config.ssh_deletekeys
        assert config.packages == ["docker.io"]
        host_key = asyncssh.import_private_key(config.ssh_keys.ed25519_private)
        if self.has_another_host_key:
            host_key = asyncssh.generate_private_key("ssh-ed25519")
        (user,) = config.users
        ours = asyncssh.import_public_key(user.ssh_authorized_keys[0])
        folder = Path(mkdtemp(dir=self._folder.name))
        host = SshHost(folder, droplet.address, self.ssh_port, host_key, ours)
        async with droplet.turn:
            if droplet.id in self.droplets:
                droplet.host = host
                await asyncio.to_thread(host.start)
                droplet.status = "active"

    async def _switch(self, droplet: SimulatedDroplet, action: str) -> None:
        async with droplet.turn:
            if droplet.id in self.droplets:
                await self._switched(droplet, action)

    async def _switched(self, droplet: SimulatedDroplet, action: str) -> None:
        assert droplet.host
        if action == "power_on":
            await asyncio.to_thread(droplet.host.start)
            droplet.status = "active"
        else:
            await asyncio.to_thread(droplet.host.stop)
            await asyncio.to_thread(self._on_engine, droplet, "kill")
            droplet.status = "off"

    async def _take_away(self, droplet: SimulatedDroplet) -> None:
        async with droplet.turn:
            await asyncio.to_thread(self._taken_away, droplet)

    def _taken_away(self, droplet: SimulatedDroplet) -> None:
        if droplet.host is not None:
            droplet.host.stop()
        self._on_engine(droplet, "rm --force")
        for volume in self.engine.run("volume", "ls", "--quiet", "--filter", _mark(droplet)).split():
            self.engine.run("volume", "rm", "--force", volume)

    def _on_engine(self, droplet: SimulatedDroplet, command: str) -> None:
        for container in self.engine.run("ps", "--all", "--quiet", "--filter", _mark(droplet)).split():
            with suppress(AssertionError):  # it ended meanwhile
                self.engine.run(*shlex.split(command), container)


def _mark(droplet: SimulatedDroplet) -> str:
    return f"label=deskbay.desktop={droplet.desktop}"
