"""A double of an engine at a Unix socket, which remembers what it was asked, and what a server says to one."""

import asyncio
import copy
import io
import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS

OURS = {"deskbay.server": "5e", "deskbay.runtime": "box"}
NETWORK = {
    "Name": "deskbay-5e",
    "CheckDuplicate": True,
    "Driver": "bridge",
    "Options": {"com.docker.network.bridge.enable_icc": "false"},
    "Labels": OURS,
}
DESKTOP = "deskbay-" + "d" * 32
VOLUME = "deskbay-volume-" + "e" * 32
LOG = {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "2"}}
LIMITS = {
    "Memory": 2**30,
    "MemorySwap": 2**30,
    "ShmSize": 2**30,
    "NanoCpus": 10**9,
    "PidsLimit": 4096,
    "LogConfig": LOG,
}


@dataclass
class RememberingEngine:
    """Has a container, a volume and a network of a server's, and one of each of somebody else's.

    It tells when it is making a container, and has made it when it may.
    """

    folder: Path
    asked: list[tuple[str, str]] = field(default_factory=list)
    heads: list[set[str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    is_making: asyncio.Event = field(default_factory=asyncio.Event)
    may_make: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "Docker Engine"
    passwd: bytes = b"root:x:0:0::/root:/bin/sh\n"

    @property
    def socket(self) -> Path:
        return self.folder / "engine.sock"

    @property
    def containers(self) -> dict[str, object]:
        binds = [f"{self.folder}/data/home:/home/user"]
        own = {"Id": "c0", "Config": {"Labels": {**OURS, "deskbay.desktop": "d"}}, "HostConfig": {"Binds": binds}}
        return {DESKTOP: own, "theirs": {"Id": "c1", "Config": {"Labels": {}}, "HostConfig": {"Binds": None}}}

    @property
    def volumes(self) -> dict[str, object]:
        options = {"type": "none", "o": "bind", "device": f"{self.folder}/data/volume"}
        stranger = {"Name": "theirs", "Labels": None, "Options": None}
        return {VOLUME: {"Name": VOLUME, "Labels": OURS, "Options": options}, "theirs": stranger}

    @property
    def networks(self) -> dict[str, object]:
        return {"deskbay-5e": {"Id": "n0", "Labels": OURS}, "bridge": {"Id": "n1", "Labels": {}}}

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What it was asked for but questions."""
        return [(method, path) for method, path in self.asked if method != "GET"]

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append((request.method, request.raw_path))
        self.heads.append(set(request.headers))
        self.bodies.append(await request.read())
        assert request.headers["Connection"] == "close"
        match request.path.split("/")[1:]:
            case ["version"]:
                return web.json_response({"Components": [{"Name": self.name}]})
            case ["containers", "create"]:
                self.is_making.set()
                await self.may_make.wait()
                return web.json_response({"Id": "c9"}, status=201)
            case ["containers", "c9", "archive"]:
                return web.Response(body=archive_of(self.passwd))
            case [("containers" | "volumes" | "networks") as kind, name, *_] if request.method == "GET":
                found = getattr(self, kind).get(name)
                missing = {"message": f"No such thing: {name}"}
                return web.json_response(found or missing, status=200 if found else 404)
            case ["images", *_, name, "json"]:
                return web.json_response({"Id": f"sha256:{name}"})
        return web.json_response({"path": request.path}, headers={"Api-Version": "1.47", "Server": "secret"})


def archive_of(content: bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    with io.BytesIO() as memory, tarfile.open(fileobj=memory, mode="w") as archive:
        entry = tarfile.TarInfo("passwd")
        entry.size, entry.type = len(content), kind
        archive.addfile(entry, io.BytesIO(content))
        archive.close()
        return memory.getvalue()


@asynccontextmanager
async def remembering_engine(folder: Path) -> AsyncIterator[RememberingEngine]:
    engine = RememberingEngine(folder)
    runner = web.ServerRunner(web.Server(engine.answer))
    await runner.setup()
    await web.UnixSite(runner, str(engine.socket)).start()
    try:
        yield engine
    finally:
        await runner.cleanup()


def a_container(data: Path, **changes: object) -> dict[str, object]:
    """Return what a server sends for a desktop; a change of `HostConfig.X` is named `host_X`, None leaves it out."""
    container: dict[str, object] = {
        "Image": "deskbay/desktop",
        "User": "998:998",
        "Labels": {**OURS, "deskbay.desktop": "d"},
        "HostConfig": {
            **LIMITS,
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges", f"seccomp={SYSTEM_CALLS}"],
            "NetworkMode": "none",
            "Tmpfs": {"/tmp": "rw,exec,nosuid,nodev,mode=1777,size=1024m"},
            "Binds": [f"{data}/home:/home/user", f"{VOLUME}:/storage:ro"],
        },
    }
    return changed(container, changes)


def changed(document: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    made = copy.deepcopy(document)
    for name, value in changes.items():
        part = made["HostConfig"] if name.startswith("host_") else made
        assert isinstance(part, dict)
        part[name.removeprefix("host_")] = value
        if value is None:
            del part[name.removeprefix("host_")]
    return made


def body_of(document: object) -> bytes:
    return json.dumps(document).encode()
