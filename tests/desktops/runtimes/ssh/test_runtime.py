"""Desktops on a host by SSH: with a real sshd and a real engine, and with hosts that do not behave."""

import asyncio
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncssh
import pytest
from tests.desktops.runtimes.launchable import tidied
from tests.engines import DockerEngine
from tests.hosts import SshHost, ssh_host

from deskbay.desktops.runtimes import (
    LaunchError,
    LaunchSpec,
    Network,
    Observation,
    Presence,
    UnixDisplay,
    Unproved,
    Unreachable,
)
from deskbay.desktops.runtimes.conformance import GREETING, greeting, start
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh import host as host_module
from deskbay.desktops.runtimes.ssh import login as login_module
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.ssh.login import Login
from deskbay.desktops.runtimes.ssh.runtime import SshRuntime
from deskbay.desktops.runtimes.ssh.settings import SshSettings

PATIENCE = 60.0
KNOCK = (
    "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/deskbay/server/server.sock'); "
    "s.sendall(b'knock\\n'); print(s.recv(100).decode())"
)


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "box")


def on(ssh: SshHost, engine: DockerEngine, place: Place, **different: object) -> SshRuntime:
    runtime = SshSettings.model_validate({**ssh.settings(engine.socket), **different}).open(place)
    assert isinstance(runtime, SshRuntime)
    return runtime


@pytest.fixture
async def host(ssh: SshHost) -> AsyncIterator[Host]:
    key, host_key = ssh.key.export_private_key().decode(), ssh.host_key.export_public_key().decode()
    host = Host(Login(ssh.address, ssh.port, "root", key=key, host_key=host_key))
    yield host
    await host.close()


@pytest.fixture
async def runtime(ssh: SshHost, engine: DockerEngine, place: Place) -> AsyncIterator[SshRuntime]:
    async with tidied(on(ssh, engine, place)) as runtime:
        yield runtime


@pytest.fixture
def spec(engine: DockerEngine) -> LaunchSpec:
    return LaunchSpec(
        desktop=uuid4(),
        owner=uuid4(),
        owner_id=10,
        owner_name="Ann",
        name="Ann's desktop",
        profile="desktop",
        network=Network.NONE,
        memory_mb=1024,
        cpus=1.5,
        agent_token="the agent's secret",
        image=engine.image,
    )


@pytest.fixture
async def server(place: Place) -> AsyncIterator[None]:
    """What agents reach: it says back what it hears."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"heard " + await reader.readline())
        writer.close()

    (place.data / "agents").mkdir(parents=True)
    async with await asyncio.start_unix_server(answer, place.data / "agents" / "server.sock"):
        yield


async def knocked(engine: DockerEngine, spec: LaunchSpec) -> str:
    """What an agent inside hears of the server, once it hears something."""
    name = f"deskbay-{spec.desktop.hex}"
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await asyncio.to_thread(engine.run, "exec", name, "python3", "-c", KNOCK)
            except AssertionError:
                await asyncio.sleep(0.1)


@pytest.mark.usefixtures("server")
async def test_a_lost_connection_is_made_again_and_the_desktop_goes_on(
    ssh: SshHost, engine: DockerEngine, runtime: SshRuntime, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    assert await knocked(engine, spec) == "heard knock"
    display = await runtime.display(spec.desktop)
    assert isinstance(display, UnixDisplay)
    reader, writer = await asyncio.open_unix_connection(display.path)
    async with asyncio.timeout(PATIENCE):
        assert await reader.readexactly(12) == GREETING
        ssh.drop_connections()
        assert await reader.read() == b""
    writer.close()
    assert await knocked(engine, spec) == "heard knock"
    assert await runtime.observe(spec.desktop) == Observation(Presence.READY)
    assert await greeting(runtime, spec) == GREETING


async def test_a_host_that_was_started_again_is_found_again(engine: DockerEngine, place: Place) -> None:
    with ssh_host() as host:
        runtime = on(host, engine, place)
        assert await runtime.owned() == set()
        host.stop()
        async with asyncio.timeout(PATIENCE):
            while "can't be reached" not in (trouble := await runtime.unavailable("desktop") or ""):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert trouble.endswith("Correct the address.")
        host.start()
        async with asyncio.timeout(PATIENCE):
            while await runtime.unavailable("desktop") is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert await runtime.owned() == set()
        await runtime.close()


async def test_a_door_that_is_asked_for_twice_at_once_is_made_once(ssh: SshHost, host: Host, place: Place) -> None:
    folder = f".deskbay/{place.server[:12]}-{place.name}"
    doors = await asyncio.gather(*(host.open_door(folder, place.data / "server.sock") for _ in range(8)))
    assert set(doors) == {str(ssh.folder / folder)}
    assert stat.S_ISSOCK((ssh.folder / folder / "server.sock").stat().st_mode)


async def test_who_still_asks_a_closed_one_is_told_and_opens_nothing(
    ssh: SshHost, engine: DockerEngine, place: Place
) -> None:
    runtime = on(ssh, engine, place)
    assert await runtime.owned() == set()
    await runtime.close()
    with pytest.raises(Unreachable, match="was closed meanwhile"):
        await runtime.owned()
    assert await runtime.unavailable("desktop") == "The connection was closed meanwhile. Try again."
    assert not list(place.data.rglob("engine"))


async def test_a_closed_host_is_not_entered_again(host: Host, place: Place) -> None:
    await host.reach()
    await host.close()
    with pytest.raises(Unreachable, match="was closed meanwhile"):
        await host.open_door(".deskbay/any", place.data / "server.sock")


async def test_a_wrong_key_is_told_with_the_line_to_add(ssh: SshHost, engine: DockerEngine, place: Place) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    runtime = on(ssh, engine, place, key=other.export_private_key().decode())
    with pytest.raises(Unreachable) as refused:
        await runtime.owned()
    line = other.export_public_key().decode().strip()
    name = f"127.0.0.1:{ssh.port}"
    assert str(refused.value) == (f"{name} does not let root in. Add this line there to ~/.ssh/authorized_keys: {line}")
    with pytest.raises(Unreachable, match="does not let root in"):
        await runtime.owned()
    await runtime.close()


async def test_a_wrong_password_is_told(ssh: SshHost, engine: DockerEngine, place: Place) -> None:
    runtime = on(ssh, engine, place, key=None, password="hidden")
    with pytest.raises(Unreachable, match="does not let root in with this password") as refused:
        await runtime.owned()
    assert "hidden" not in str(refused.value)
    await runtime.close()


async def test_a_host_that_shows_another_key_is_not_entered(
    ssh: SshHost, engine: DockerEngine, place: Place, spec: LaunchSpec
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    runtime = on(ssh, engine, place, host_key=other)
    reason = "shows another key than the accepted one, SHA256:.+: somebody may be in between"
    with pytest.raises(Unreachable, match=reason) as refused:
        await runtime.owned()
    assert not isinstance(refused.value, Unproved)
    with pytest.raises(LaunchError, match=reason):
        await runtime.launch(spec, lambda _: None)
    await runtime.close()


async def test_a_host_that_is_not_known_shows_its_key_to_accept(
    ssh: SshHost, engine: DockerEngine, place: Place
) -> None:
    runtime = on(ssh, engine, place, host_key=None)
    with pytest.raises(Unproved) as refused:
        await runtime.owned()
    assert ssh.host_key.get_fingerprint() in str(refused.value)
    await runtime.close()
    accepted = on(ssh, engine, place, **refused.value.settings)
    assert await accepted.owned() == set()
    await accepted.close()


async def test_a_host_that_hangs_is_given_up(
    ssh: SshHost, engine: DockerEngine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_module, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        runtime = on(ssh, engine, place, port=silent.getsockname()[1])
        with pytest.raises(Unreachable, match=r"did not answer|broke the connection off \(Login timeout expired\)"):
            await runtime.owned()
        await runtime.close()


async def test_without_an_engine_there_it_says_so(ssh: SshHost, engine: DockerEngine, place: Place) -> None:
    runtime = on(ssh, engine, place, socket="/nonexistent/docker.sock")
    with pytest.raises(Unreachable, match=r"The Docker engine on 127\.0\.0\.1:\d+ does not answer\. Start it there"):
        await runtime.owned()
    await runtime.close()


async def test_a_host_that_lets_nobody_in_is_left_alone_for_a_while(
    ssh: SshHost, engine: DockerEngine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "FIRST_PAUSE", 1000.0)
    before = (ssh.folder / "log").read_text().count("Connection closed by authenticating user")
    runtime = on(ssh, engine, place, key=asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode())
    for _ in range(5):
        with pytest.raises(Unreachable, match="does not let root in"):
            await runtime.owned()
    await runtime.close()
    async with asyncio.timeout(PATIENCE):
        while (tries := _tries(ssh) - before) == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert tries == 1


def _tries(ssh: SshHost) -> int:
    return (ssh.folder / "log").read_text().count("Connection closed by authenticating user")
