"""Engines elsewhere, by TCP with TLS: what desktops have there, and what is said when something is wrong."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
import trustme
from pydantic import ValidationError
from tests.desktops.runtimes.launchable import tidied
from tests.engines import DockerEngine

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, UnixDisplay, Unreachable
from deskbay.desktops.runtimes.conformance import GREETING, greeting, start
from deskbay.desktops.runtimes.docker import engine as engine_module
from deskbay.desktops.runtimes.docker.runtime import DockerRuntime
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place

PATIENCE = 60.0
ENDS_WITHOUT_A_WORD = struct.pack("ii", 1, 0)
"""A connection is reset when it is closed, at once."""
SERVER = "https://desk.example.org"


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "far")


def elsewhere(engine: DockerEngine, place: Place, **different: str) -> DockerRuntime:
    return DockerSettings.model_validate({**engine.papers, **different}).open(place)


@pytest.fixture
async def runtime(engine: DockerEngine, place: Place) -> AsyncIterator[DockerRuntime]:
    async with tidied(elsewhere(engine, place, server_url=SERVER)) as runtime:
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


async def ask(engine: DockerEngine, spec: LaunchSpec, script: str) -> str:
    """What a script prints that runs inside a desktop, as its person."""
    return await asyncio.to_thread(engine.run, "exec", f"deskbay-{spec.desktop.hex}", "bash", "-c", script)


async def test_a_desktop_there_has_what_one_here_has_and_its_home_stays(
    engine: DockerEngine, runtime: DockerRuntime, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    told = await ask(engine, spec, "id -u; whoami; cat /etc/machine-id; cat /run/deskbay/token; stat -c %a ~")
    assert told.splitlines() == ["1900000010", "ann", spec.desktop.hex, "the agent's secret700"]
    assert (
        await ask(engine, spec, "cat /run/deskbay/server-url; stat -c %a:%U /run/deskbay/token") == f"{SERVER}600:ann"
    )
    files = "/usr/x /etc/x /etc/passwd /run/deskbay/x /run/deskbay/token ~/x"
    tried = f"for f in {files}; do (echo kept >$f) 2>/dev/null && echo $f; done; true"
    assert await ask(engine, spec, tried) == "/home/user/x"
    assert {"Desktop", "Documents"} <= set((await ask(engine, spec, "ls ~")).split())
    await runtime.forget(spec.desktop)
    again = replace(spec, desktop=uuid4(), agent_token=None)
    await start(runtime, again)
    assert await ask(engine, again, "cat ~/x; ls /run/deskbay") == "kept\nscreen"


async def test_nothing_of_a_desktop_is_left_there_but_the_home(
    engine: DockerEngine, runtime: DockerRuntime, place: Place, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    await ask(engine, spec, "echo told >/proc/1/fd/2")
    await runtime.end(spec.desktop)
    mark = f"label=deskbay.server={place.server}"
    assert engine.run("ps", "--all", "--quiet", "--filter", mark) == ""
    homes = engine.run("volume", "ls", "--quiet", "--filter", mark)
    assert homes == f"deskbay-{place.server[:12]}-home-{spec.owner.hex}"
    assert "told" in await runtime.log(spec.desktop)


async def test_what_a_broken_launch_has_left_is_found_and_ended(
    engine: DockerEngine, runtime: DockerRuntime, place: Place, spec: LaunchSpec
) -> None:
    labels = [f"deskbay.server={place.server}", "deskbay.runtime=far", f"deskbay.desktop={spec.desktop}"]
    marks = [part for label in labels for part in ("--label", label)]
    engine.run("volume", "create", *marks, f"deskbay-{spec.desktop.hex}")
    engine.run("create", *marks, "--name", f"deskbay-{spec.desktop.hex}-files", engine.image)
    assert await runtime.owned() == {spec.desktop}
    await runtime.forget(spec.desktop)
    assert await runtime.owned() == set()


async def test_several_look_at_a_screen_and_the_end_closes_it(runtime: DockerRuntime, spec: LaunchSpec) -> None:
    await start(runtime, spec)
    display = await runtime.display(spec.desktop)
    assert isinstance(display, UnixDisplay)
    viewers = [await asyncio.open_unix_connection(display.path) for _ in range(3)]
    async with asyncio.timeout(PATIENCE):
        assert [await reader.readexactly(12) for reader, _ in viewers] == [GREETING] * 3
        viewers[0][1].close()
        assert await greeting(runtime, spec) == GREETING
        await runtime.end(spec.desktop)
        assert await viewers[1][0].read() == b""
    for _, writer in viewers:
        writer.close()
    with pytest.raises(Unreachable, match="does not run"):
        await runtime.display(spec.desktop)


def made_for(authority: trustme.CA, end: datetime | None = None) -> dict[str, str]:
    ours = authority.issue_cert("deskbay", not_after=end)
    return {
        "certificate": ours.cert_chain_pems[0].bytes().decode(),
        "key": ours.private_key_pem.bytes().decode(),
    }


async def test_another_authority_is_not_believed(engine: DockerEngine, place: Place, spec: LaunchSpec) -> None:
    other = trustme.CA()
    runtime = elsewhere(engine, place, authority=other.cert_pem.bytes().decode())
    reason = rf"The Docker engine at localhost:{engine.port} does not prove who it is \(.+\)\. Correct the authority's"
    with pytest.raises(Unreachable, match=reason):
        await runtime.owned()
    with pytest.raises(LaunchError, match=reason):
        await runtime.launch(spec, lambda _: None)
    await runtime.close()


async def test_an_engine_of_another_name_is_not_believed(engine: DockerEngine, place: Place) -> None:
    runtime = elsewhere(engine, place, address=f"127.0.0.1:{engine.port}")
    with pytest.raises(Unreachable, match=r"does not prove who it is .*Correct the authority's certificate, or the"):
        await runtime.owned()
    await runtime.close()


async def test_an_expired_certificate_of_ours_says_so(engine: DockerEngine, place: Place) -> None:
    ended = datetime.now(UTC) - timedelta(days=1)
    runtime = elsewhere(engine, place, **made_for(engine.authority, ended))
    with pytest.raises(
        Unreachable, match=rf"lets us in no more: our certificate ended on {ended:%F}\. Enter another\."
    ):
        await runtime.owned()
    await runtime.close()


async def test_a_certificate_of_somebody_else_is_not_taken(engine: DockerEngine, place: Place) -> None:
    runtime = elsewhere(engine, place, **made_for(trustme.CA()))
    with pytest.raises(Unreachable, match=r"does not take our certificate\. Enter one that its authority has signed"):
        await runtime.owned()
    await runtime.close()


async def test_who_is_cut_off_is_told_of_the_certificate_too(engine: DockerEngine, place: Place) -> None:
    def cut_off() -> None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        engine.authority.issue_cert("localhost").configure_cert(tls)
        for _ in range(2):  # who is cut off asks once more
            with tls.wrap_socket(server.accept()[0], server_side=True) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ENDS_WITHOUT_A_WORD)

    with socket.create_server(("127.0.0.1", 0)) as server:
        runtime = elsewhere(engine, place, address=f"localhost:{server.getsockname()[1]}")
        cutting = asyncio.create_task(asyncio.to_thread(cut_off))
        with pytest.raises(Unreachable, match=r"cut us off: most likely it does not take our certificate\. Enter one"):
            await runtime.owned()
        await cutting
    await runtime.close()


async def test_an_engine_that_hangs_is_given_up(
    engine: DockerEngine, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "CALL_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        runtime = elsewhere(engine, place, address=f"localhost:{silent.getsockname()[1]}")
        with pytest.raises(Unreachable, match=r"did not answer in 0\.3 seconds"):
            await runtime.owned()
    await runtime.close()


async def test_a_port_that_nobody_listens_at_says_so(engine: DockerEngine, place: Place) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        runtime = elsewhere(engine, place, address=f"localhost:{bound.getsockname()[1]}")
        with pytest.raises(Unreachable, match=r"can't be reached\. Start it, or correct the address"):
            await runtime.owned()
    await runtime.close()


@pytest.mark.parametrize(
    ("different", "complaint"),
    [
        ({"key": None}, "with an address go authority, certificate and key"),
        ({"authority": "none"}, "the authority's certificate can't be read: give it as PEM"),
        ({"certificate": "none"}, "the client's certificate and its key don't belong together, or are no PEM"),
        ({"key": trustme.CA().private_key_pem.bytes().decode()}, "don't belong together"),
        ({"address": "tcp://docker:2376"}, "String should match pattern"),
        ({"address": "docker..example:2376"}, "String should match pattern"),
        ({"address": f"{'docker' * 11}:2376"}, "String should match pattern"),
        ({"address": "docker:65536"}, "ports are numbers from 1 to 65535"),
        ({"address": "docker:0"}, "ports are numbers from 1 to 65535"),
        ({"server_url": "desk.example.org"}, "String should match pattern"),
    ],
)
def test_settings_that_can_not_be_say_why(
    engine: DockerEngine, different: dict[str, str | None], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint) as refused:
        DockerSettings.model_validate({**engine.papers, **different})
    assert "PRIVATE KEY" not in str(refused.value)


def test_what_stands_beside_certificates_may_be_in_any_letters(engine: DockerEngine) -> None:
    papers = engine.papers
    named = {name: f"# Für Žofie\n{papers[name]}" for name in ("authority", "certificate", "key")}
    assert DockerSettings.model_validate({**papers, **named}).address == papers["address"]
