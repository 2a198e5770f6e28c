"""What becomes of an engine's refusals, of what is no engine at all, and of one that hangs in between: with doubles."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from tests.desktops.runtimes.docker.doubles import PING, Answer, engine_at, refusal
from tests.desktops.runtimes.launchable import a_secluded_desktop

from deskbay.desktops.runtimes import LaunchError, Unreachable
from deskbay.desktops.runtimes.docker import engine as engine_module
from deskbay.desktops.runtimes.docker.engine import Engine
from deskbay.desktops.runtimes.docker.remote import RemoteLodging, WayHome
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.docker.screens import screen_in
from deskbay.desktops.runtimes.docker.settings import DockerSettings, labels_of
from deskbay.desktops.runtimes.docker.ways import SocketWay
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.tunnels import Screens

PATIENCE = 30.0
SPEC = a_secluded_desktop("deskbay/desktop", 1.0)


@pytest.fixture
def socket(place: Place) -> Path:
    return place.data / "engine.sock"


async def refuse_all_but_pings(request: web.BaseRequest) -> web.Response:
    return web.Response(headers=PING) if request.path == "/_ping" else refusal("containerd is gone.", 500)


async def test_what_an_engine_refuses_is_told_as_if_it_gave_no_answer(place: Place, socket: Path) -> None:
    why = f"The Docker engine at {socket} refuses: containerd is gone. Look at its log."
    async with engine_at(socket, refuse_all_but_pings):
        runtime = DockerSettings(socket=socket).open(place)
        assert runtime.volumes
        assert await runtime.unavailable("desktop") == why
        questions = (runtime.owned(), runtime.observe(SPEC.desktop), runtime.end(SPEC.desktop), runtime.volumes.owned())
        for question in questions:
            with pytest.raises(Unreachable) as told:
                await question
            assert str(told.value) == why
        with pytest.raises(LaunchError) as failed:
            await runtime.launch(SPEC, lambda _: None)
        assert str(failed.value) == why
        await runtime.close()


async def refuse_in_another_shape(_: web.BaseRequest) -> web.Response:
    return web.json_response({"type": "error", "result": {"message": "not found"}}, status=404)


async def refuse_with_a_page(_: web.BaseRequest) -> web.Response:
    return web.Response(text="<h1>Not found</h1>", content_type="text/html", status=404)


async def welcome_all(_: web.BaseRequest) -> web.Response:
    return web.Response(text="<h1>Welcome</h1>", content_type="text/html")


@pytest.mark.parametrize("answer", [refuse_in_another_shape, refuse_with_a_page, welcome_all])
async def test_what_is_no_engine_is_said_to_be_none(place: Place, socket: Path, answer: Answer) -> None:
    async with engine_at(socket, answer):
        runtime = DockerSettings(socket=socket).open(place)
        assert "is no engine: something else answers there" in (await runtime.unavailable("desktop") or "")
        with pytest.raises(Unreachable, match="is no engine"):
            await runtime.observe(SPEC.desktop)
        await runtime.close()


async def begin_and_hang(request: web.BaseRequest) -> web.Response:
    match request.path.split("/")[2:]:
        case ["containers", _, "exec"]:
            return web.json_response({"Id": "e1"}, status=201)
        case ["exec", "e1", "json"]:
            return web.json_response({"ProcessConfig": {"tty": False}})
        case ["exec", "e1", "start"]:
            await asyncio.Event().wait()
    return web.Response(headers=PING)


async def test_who_looks_at_a_screen_is_not_held_by_an_engine_that_hangs(
    place: Place, socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "CALL_SECONDS", 0.3)
    async with engine_at(socket, begin_and_hang):
        engine = Engine(SocketWay(socket))
        screens = Screens(place.data)
        path = await screens.open(SPEC.desktop, screen_in(engine, "deskbay-1"))
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(path)
            assert await reader.read() == b""
        writer.close()
        screens.close_all()
        await engine.close()


class FullEngine:
    """Has no space for containers, and keeps volumes once it was asked for one."""

    def __init__(self) -> None:
        self._was_asked = False

    async def answer(self, request: web.BaseRequest) -> web.Response:
        match request.method, *request.path.split("/")[2:]:
            case ["POST", "containers", "create"]:
                self._was_asked = True
                return refusal("no space left on device", 500)
            case ["DELETE", "volumes", _] if self._was_asked:
                return refusal("volume is in use", 409)
            case [_, "containers", *_]:
                return refusal("no such container", 404)
        return web.json_response({"Id": "i1", "Name": "v1", "Mountpoint": "/v1"}, headers=PING)


async def test_a_launch_says_why_it_failed_and_not_what_could_not_be_taken_back(place: Place, socket: Path) -> None:
    async with engine_at(socket, FullEngine().answer):
        engine, labels = Engine(SocketWay(socket)), labels_of(place)
        lodging = RemoteLodging(engine, place.data, place.name, labels, WayHome())
        runtime = DockerRuntime(engine, lodging, labels)
        with pytest.raises(LaunchError, match="could not prepare the desktop: no space left on device"):
            await runtime.launch(SPEC, lambda _: None)
        await runtime.close()
