"""A desktop's life with a guard in between, on a real engine; and what nobody gets through it there."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from aiodocker import Docker, DockerError
from aiodocker.types import JSONValue
from tests.desktops.runtimes.docker.guard.engines import DESKTOP, a_container, body_of
from tests.desktops.runtimes.docker.stage import Stage
from tests.desktops.runtimes.launchable import tidied
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchError, Network, Observation, Presence
from deskbay.desktops.runtimes.conformance import GREETING, greeting, start
from deskbay.desktops.runtimes.docker.guard.door import guarding, listening_at
from deskbay.desktops.runtimes.docker.guard.folders import ServersFolder
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.volumes import STORAGE, Mount, VolumeSpec

SERVER = 4321


@pytest.fixture
def of_an_ordinary_server(place: Place) -> None:
    """Give the folder to a user who is not root."""
    os.chown(place.data, SERVER, SERVER)


@pytest.fixture
async def guarded(place: Place, engine: DockerEngine) -> AsyncIterator[Stage]:
    """A runtime that knows of no other socket than a guard's."""
    socket = place.data / "guard.sock"
    with listening_at(socket) as listener:
        async with (
            guarding(listener, engine.socket, ServersFolder.at(place.data)),
            tidied(DockerSettings(socket=socket).open(place)) as runtime,
        ):
            yield Stage(engine, place, runtime)


async def test_a_desktop_lives_behind_a_guard(guarded: Stage) -> None:
    store, volume = guarded.runtime.volumes, VolumeSpec(uuid4(), "Thesis", 64)
    assert store
    await store.make(volume)
    spec = guarded.spec = replace(
        guarded.spec, network=Network.INTERNET, volumes=(Mount(volume.volume, STORAGE, False),)
    )
    assert await guarded.runtime.unavailable("desktop") is None
    await start(guarded.runtime, spec)
    assert await greeting(guarded.runtime, spec) == GREETING
    await guarded.ask("echo all of it >~/thesis.txt; echo more >/storage/more; ls /sys/class/net")
    assert await guarded.runtime.log(spec.desktop)
    await guarded.runtime.end(spec.desktop)
    assert await guarded.runtime.observe(spec.desktop) == Observation(Presence.ABSENT)
    await start(guarded.runtime, spec)
    assert await guarded.ask("cat ~/thesis.txt /storage/more; id -u") == "all of it\nmore\n1900000010"
    assert await guarded.runtime.owned() == {spec.desktop}
    await guarded.runtime.forget(spec.desktop)
    await store.delete(volume.volume)
    assert await guarded.runtime.owned() == set()
    assert await store.owned() == set()


async def test_the_hosts_network_is_refused_with_a_sentence(guarded: Stage) -> None:
    with pytest.raises(LaunchError, match="Deskbay's guard: A desktop has a network of its server's own, or none"):
        await guarded.runtime.launch(replace(guarded.spec, network=Network.HOST), lambda _: None)
    assert guarded.containers() == ""


async def test_nobody_becomes_root_by_it_or_sees_what_is_not_a_servers(guarded: Stage) -> None:
    stranger = guarded.engine.run("create", "--name", "stranger", guarded.engine.image)
    data = guarded.place.data
    (data / "home").mkdir()
    (data / "out").symlink_to("/")
    creation = f"containers/create?name={DESKTOP}"
    asked = [
        ("POST", creation, a_container(data, host_Privileged=True), "needs HostConfig.Privileged"),
        ("POST", creation, a_container(data, host_Binds=["/:/host"]), "/ is not in the server's folder"),
        ("POST", creation, a_container(data, host_Binds=[f"{data}/out:/host"]), "out is not in the server's folder"),
        ("GET", "containers/stranger/json", None, "stranger is not a desktop server's"),
        ("POST", "containers/stranger/start", None, "stranger is not a desktop server's"),
        ("DELETE", f"containers/{stranger}?force=1", None, "is not a desktop server's"),
        ("POST", "containers/stranger/exec", {"Cmd": ["id"], "Privileged": True}, "No desktop needs POST"),
    ]
    async with Docker(f"unix://{data}/guard.sock", api_version="v1.41") as docker:
        for method, path, body, why in asked:
            with pytest.raises(DockerError, match=why) as refused:
                await docker._query_json(path, method, data=body)
            assert refused.value.status == 403
    assert guarded.containers() == "stranger"
    guarded.engine.run("rm", stranger)


@pytest.mark.usefixtures("of_an_ordinary_server")
async def test_a_server_that_is_not_root_needs_no_more_than_the_guards_socket(guarded: Stage) -> None:
    data = guarded.place.data
    os.chown(data / "guard.sock", 0, SERVER)
    words = [str(SERVER), str(data), guarded.engine.image]
    program = [sys.executable, "-m", "tests.desktops.runtimes.docker.guard.ordinary", *words]
    told = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    printed, _ = await told.communicate()
    assert printed == GREETING + b"0 left"
    assert guarded.containers() == ""


def as_json(data: Path, **changes: object) -> dict[str, JSONValue]:
    made: dict[str, JSONValue] = json.loads(body_of(a_container(data, **changes)))
    return made


TRICK = """\
FROM {image}
USER 0
RUN echo 4321:x:0: >>/etc/group
"""


@pytest.mark.usefixtures("of_an_ordinary_server")
async def test_an_image_can_not_put_the_servers_user_into_other_groups(guarded: Stage, tmp_path: Path) -> None:
    """The engine by itself takes the group's name for the number that was meant, and adds it: here root's."""
    (tmp_path / "Dockerfile").write_text(TRICK.format(image=guarded.engine.image))
    await asyncio.to_thread(guarded.engine.run, "build", "--tag", "deskbay-tests/trick", str(tmp_path))
    words = ("--rm", "--user", "4321:4321", "--entrypoint", "id", "deskbay-tests/trick", "-G")
    assert await asyncio.to_thread(guarded.engine.run, "run", *words) == "4321 0"
    data = guarded.place.data
    (data / "home").mkdir()
    wish = as_json(data, User="4321:4321", host_Binds=[f"{data}/home:/home/user"])
    async with Docker(f"unix://{data}/guard.sock", api_version="v1.41") as docker:
        with pytest.raises(DockerError, match="a user or a group whose name is a number"):
            await docker.containers.create(wish | {"Image": "deskbay-tests/trick"}, name=DESKTOP)
        assert guarded.containers() == ""
        made = await docker.containers.create(wish | {"Image": guarded.engine.image}, name=DESKTOP)
        assert guarded.containers() == DESKTOP
        await made.delete()
