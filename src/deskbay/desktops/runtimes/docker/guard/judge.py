"""What a guard lets through: just what desktops on an engine of this host take, and no more."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.asking import Asking
from deskbay.desktops.runtimes.docker.guard.belongings import Belongings
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.desktops.runtimes.docker.guard.images import Images
from deskbay.desktops.runtimes.docker.guard.wishes import (
    IMAGE_NAME,
    ROOT,
    ContainerWish,
    NetworkWish,
    VolumeWish,
    wish_from,
)
from deskbay.desktops.runtimes.docker.networks import USER_MODE_ROUTER

NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]*")
OWN_NAME = re.compile("deskbay-[0-9a-f]{32}")
OURS = re.compile("deskbay[.-][A-Za-z0-9.=_-]*")
VOLUME_NAME = re.compile("deskbay-volume-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks of the engine. `path` is without the version of the API, which is the text before it."""

    method: str
    version: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is asked of the engine then."""

    path: str
    body: bytes | None = None


Judgement = Callable[["Judge", str, Request], Awaitable[Passage]]


class Judge:
    """Judges each request by itself. Raises Refused; Answered, where the engine itself says no to a question."""

    def __init__(self, folder: ServersFolder, asking: Asking) -> None:
        self._folder = folder
        self._belongings = Belongings(asking)
        self._images = Images(asking)

    async def judge(self, request: Request) -> Passage:
        """Return what may be asked. Only names of the query that are known get this far."""
        for rule in RULES:
            if rule.method == request.method and (name := rule.name_in(request.path)) is not None:
                if unknown := request.query.keys() - rule.query:
                    raise Refused(f"No desktop needs {min(unknown)} here.")
                return await rule.judgement(self, name, request)
        raise Refused(f"No desktop needs {request.method} {request.path}.")

    async def pass_as_it_is(self, _: str, request: Request) -> Passage:
        return Passage(request.path)

    async def list_own(self, _: str, request: Request) -> Passage:
        """Let a list through that is of a label or a name of Deskbay's."""
        refuse_wide_filters(request.query.get("filters", ""))
        return Passage(request.path)

    async def see_container(self, name: str, _: Request) -> Passage:
        return Passage(f"/containers/{(await self._belongings.container(name)).id}/json")

    async def change_container(self, name: str, request: Request) -> Passage:
        found = await self._belongings.container(name)
        return Passage(request.path.replace(f"/containers/{name}", f"/containers/{found.id}", 1))

    async def start_container(self, name: str, _: Request) -> Passage:
        """Look at its folders once more: they may be others since it was made."""
        found = await self._belongings.container(name)
        for bind in found.host.binds or ():
            await self._refuse_source(bind.split(":")[0])
        return Passage(f"/containers/{found.id}/start")

    async def change_volume(self, name: str, request: Request) -> Passage:
        await self._belongings.volume(name)
        return Passage(request.path)

    async def change_network(self, name: str, _: Request) -> Passage:
        return Passage(f"/networks/{(await self._belongings.network(name)).id}")

    async def make_volume(self, _: str, request: Request) -> Passage:
        wish = wish_from(request.body, VolumeWish)
        self._folder.refuse_outside(wish.driver_opts.device)
        return Passage(request.path, wish.as_body())

    async def make_network(self, _: str, request: Request) -> Passage:
        return Passage(request.path, wish_from(request.body, NetworkWish).as_body())

    async def make_container(self, _: str, request: Request) -> Passage:
        if not OWN_NAME.fullmatch(request.query.get("name", "")):
            raise Refused("The container of a desktop is called deskbay- and 32 digits.")
        wish = wish_from(request.body, ContainerWish)
        self._refuse_loose(wish)
        await self._refuse_network(wish.host_config.network_mode)
        for bind in wish.host_config.binds:
            await self._refuse_bind(bind)
        return Passage(request.path, (await self._with_numbers_that_hold(wish)).as_body())

    def _refuse_loose(self, wish: ContainerWish) -> None:
        options = wish.host_config.security_opt
        if options[:1] != ["no-new-privileges"]:
            raise Refused("A desktop has no way to new rights: its first security option is no-new-privileges.")
        for option in options[1:]:
            self._folder.refuse_other_filter(option)
        if not wish.is_foreign and not wish.is_tight:
            raise Refused("A desktop has no capabilities, CapDrop is ALL, and a ReadonlyRootfs.")

    async def _refuse_network(self, mode: str) -> None:
        if mode in {"none", USER_MODE_ROUTER}:
            return
        if mode == "host" or not NAME.fullmatch(mode):
            raise Refused("A desktop has a network of its server's own, or none.")
        await self._belongings.network(mode)

    async def _refuse_bind(self, bind: str) -> None:
        source, _, rest = bind.partition(":")
        place, _, mode = rest.partition(":")
        if not place.startswith("/") or mode not in {"", "ro", "rw"}:
            raise Refused(f"{bind} is no folder or volume as desktops have them.")
        await self._refuse_source(source)

    async def _refuse_source(self, source: str) -> None:
        """Raise Refused unless it is in the server's folder, or is a volume of its own that is."""
        if not VOLUME_NAME.fullmatch(source):
            self._folder.refuse_outside(source)
            return
        volume = await self._belongings.volume(source)
        self._folder.refuse_outside((volume.options or {}).get("device", ""))

    async def _with_numbers_that_hold(self, wish: ContainerWish) -> ContainerWish:
        """Return it so that it runs as the server's user: by files that others make that user could become them.

        A server that is root has nothing to gain by that, and its people have numbers of their own.
        """
        owner = self._folder.owner
        if owner == ROOT:
            return wish
        if wish.host_config.cap_add:
            raise Refused("This server is not root, and can't have spare desktops: no capability is added.")
        if not wish.host_config.binds:
            return wish
        if wish.numbers != owner or not wish.is_tight:
            whose = ":".join(map(str, owner))
            what = "and can change nothing of its image and has no capability"
            raise Refused(f"A desktop that has something of the server's folder runs as its user, {whose}, {what}.")
        return wish.model_copy(update={"image": await self._images.refuse_with_user(wish.image, owner[0])})


def refuse_wide_filters(filters: str) -> None:
    """Raise Refused unless what is listed has a label, or a name, of Deskbay's."""
    try:
        wanted = json.loads(filters)
        values = [value for one in wanted.values() for value in one]
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Refused("What a server lists has a filter that can be read.") from error
    if not values or not wanted.keys() <= {"label", "name"} or not all(map(_is_ours, values)):
        raise Refused("A server lists what has labels or names of Deskbay's, and nothing else.")


def _is_ours(value: object) -> bool:
    return isinstance(value, str) and OURS.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """A request that may be made, as far as the judgement agrees. A star in its path stands for a name."""

    method: str
    path: str
    query: frozenset[str]
    judgement: Judgement

    def name_in(self, path: str) -> str | None:
        """Return what a path names, which may be nothing; None where it is not of this rule."""
        if "*" not in self.path:
            return "" if path == self.path else None
        before, _, after = self.path.partition("*")
        name = path.removeprefix(before).removesuffix(after)
        pattern = IMAGE_NAME if before == "/images/" else NAME
        return name if path == before + name + after and pattern.fullmatch(name) else None


def _rule(method: str, path: str, judgement: Judgement, *query: str) -> Rule:
    return Rule(method, path, frozenset(query), judgement)


RULES = (
    _rule("GET", "/_ping", Judge.pass_as_it_is),
    _rule("GET", "/info", Judge.pass_as_it_is),
    _rule("GET", "/containers/json", Judge.list_own, "all", "filters"),
    _rule("POST", "/containers/create", Judge.make_container, "name"),
    _rule("GET", "/containers/*/json", Judge.see_container),
    _rule("GET", "/containers/*/logs", Judge.change_container, "stdout", "stderr", "follow", "tail"),
    _rule("POST", "/containers/*/start", Judge.start_container),
    _rule("POST", "/containers/*/stop", Judge.change_container, "t"),
    _rule("DELETE", "/containers/*", Judge.change_container, "force", "v"),
    _rule("GET", "/images/*/json", Judge.pass_as_it_is),
    _rule("POST", "/images/create", Judge.pass_as_it_is, "fromImage", "tag"),
    _rule("GET", "/volumes", Judge.list_own, "filters"),
    _rule("POST", "/volumes/create", Judge.make_volume),
    _rule("GET", "/volumes/*", Judge.change_volume),
    _rule("DELETE", "/volumes/*", Judge.change_volume, "force"),
    _rule("GET", "/networks", Judge.list_own, "filters"),
    _rule("POST", "/networks/create", Judge.make_network),
    _rule("DELETE", "/networks/*", Judge.change_network),
)
