"""Desktops as plain processes of a host by SSH: with a real sshd, and with hosts that lack something or hang."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psutil
import pytest
from pydantic import TypeAdapter
from tests.desktops.runtimes.launchable import a_desktop, tidied
from tests.hosts import SshHost, ssh_host

from deskbay.desktops.runtimes import (
    LaunchError,
    LaunchSpec,
    Network,
    Observation,
    Presence,
    UnixDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.conformance import GREETING, greeting, is_gone, start
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.ssh import processes
from deskbay.desktops.runtimes.ssh.processes import ProcessRuntime, asked
from deskbay.desktops.runtimes.ssh.settings import SshSettings
from deskbay.desktops.runtimes.ssh.wire import Words

PATIENCE = 60.0


@pytest.fixture
def place() -> Iterator[Place]:
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder:
        yield Place(Path(folder), uuid4().hex, "box")


def on(ssh: SshHost, place: Place) -> ProcessRuntime:
    runtime = SshSettings.model_validate(ssh.settings()).open(place)
    assert isinstance(runtime, ProcessRuntime)
    return runtime


@pytest.fixture
async def runtime(ssh: SshHost, place: Place) -> AsyncIterator[ProcessRuntime]:
    async with tidied(on(ssh, place)) as runtime:
        yield runtime


@pytest.fixture
def spec() -> LaunchSpec:
    return replace(a_desktop(), network=Network.NONE, agent_token="the agent's secret")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def the_steward(ssh: SshHost) -> psutil.Process:
    """Return it once those of earlier tests have ended."""
    await until(lambda: len(ssh.running("python3")) == 1)
    return ssh.running("python3")[0]


async def test_a_cut_connection_leaves_the_desktop_and_its_agent_is_heard_again(
    ssh: SshHost, place: Place, runtime: ProcessRuntime, spec: LaunchSpec
) -> None:
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.close()

    async with await asyncio.start_unix_server(hear, place.data / "agents" / "server.sock"):
        await start(runtime, spec)
        await until(lambda: heard)
        display = await runtime.display(spec.desktop)
        assert isinstance(display, UnixDisplay)
        reader, writer = await asyncio.open_unix_connection(display.path)
        async with asyncio.timeout(PATIENCE):
            assert await reader.readexactly(12) == GREETING
            heard.clear()
            ssh.drop_connections()
            assert await reader.read() == b""
        writer.close()
        await until(lambda: heard)
    assert b"/api/v1/" in heard[0]
    assert await runtime.observe(spec.desktop) == Observation(Presence.READY)
    assert await greeting(runtime, spec) == GREETING


async def test_a_launch_that_the_connection_was_cut_in_is_taken_back(
    ssh: SshHost, runtime: ProcessRuntime, spec: LaunchSpec
) -> None:
    with pytest.raises(LaunchError, match=r"connection .*\."):
        await runtime.launch(spec, lambda _: ssh.drop_connections())
    async with asyncio.timeout(PATIENCE):
        while not await is_gone(runtime, spec):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_no_shell_reads_what_a_person_wrote(
    ssh: SshHost, place: Place, runtime: ProcessRuntime, spec: LaunchSpec
) -> None:
    trap = place.data / "sprung"
    nasty = f"'; touch {trap}; $(touch {trap})"
    await start(runtime, replace(spec, owner_name=nasty, name=nasty, environment={"COURSE": nasty}))
    steward = await the_steward(ssh)
    program = 'import runpy; runpy.run_path(input(), run_name="__main__")'
    assert steward.cmdline()[1:] == ["-ISB", "-c", program]
    assert not trap.exists()


async def test_the_steward_ends_with_its_server_and_the_home_stays(
    ssh: SshHost, place: Place, runtime: ProcessRuntime, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    kept = ssh.folder / ".deskbay" / f"p-{place.server[:12]}-{place.name}"
    thesis = kept / "homes" / str(spec.owner) / "thesis.txt"
    thesis.write_text("all of it")
    await runtime.end(spec.desktop)
    assert (kept.stat().st_mode & 0o777, thesis.read_text()) == (0o700, "all of it")
    other = on(ssh, place)
    assert await other.owned() == await runtime.owned()
    await until(lambda: len(ssh.running("python3")) == 2)
    await other.close()
    await until(lambda: len(ssh.running("python3")) == 1)
    await runtime.forget(spec.desktop)
    assert thesis.exists()


async def test_a_steward_that_hangs_is_given_up_and_another_answers(
    ssh: SshHost, runtime: ProcessRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await runtime.owned()
    steward = await the_steward(ssh)
    steward.suspend()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(processes, "WORK_SECONDS", 0.3)
            with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ did not answer in 0\.3 seconds"):
                await runtime.end(uuid4())
        assert await runtime.owned() == set()
    finally:
        steward.resume()
    await until(lambda: steward not in ssh.running("python3"))


async def test_a_killed_steward_is_begun_again_and_the_desktop_is_adopted(
    ssh: SshHost, runtime: ProcessRuntime, spec: LaunchSpec
) -> None:
    await start(runtime, spec)
    steward = await the_steward(ssh)
    steward.kill()
    await until(lambda: not ssh.running("python3"))
    with suppress(Unreachable):  # the first who asks may find the conversation lost
        await runtime.observe(spec.desktop)
    assert await runtime.observe(spec.desktop) == Observation(Presence.READY)
    await runtime.end(spec.desktop)
    assert await is_gone(runtime, spec)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[SshHost]:
    """A host with no program on its PATH but what a test puts into `programs`."""
    (tmp_path / "programs").mkdir()
    with ssh_host(f"{tmp_path}/programs") as host:
        yield host


async def test_a_host_that_lacks_programs_says_which_and_what_installs_them(
    bare: SshHost, place: Place, tmp_path: Path, spec: LaunchSpec
) -> None:
    runtime = on(bare, place)
    with pytest.raises(Unreachable, match=r"It needs Python 3\.11 .* apt-get install --no-install-recommends python3"):
        await runtime.owned()
    (tmp_path / "programs" / "python3").symlink_to("/usr/bin/python3")
    lacking = await runtime.unavailable("desktop") or ""
    assert lacking.startswith(f"On 127.0.0.1:{bare.port}: This computer lacks Xvnc, bwrap, dbus-daemon, openbox")
    assert "apt-get install --no-install-recommends bubblewrap dbus openbox" in lacking
    with pytest.raises(LaunchError, match="bubblewrap"):
        await runtime.launch(spec, lambda _: None)
    assert await runtime.owned() == set()
    await runtime.close()


class Liar:
    """Answers with something else than it was asked for."""

    async def ask(self, what: str, words: Words, seconds: float) -> str:
        return f"{what}, {words} and {seconds}"


@pytest.mark.parametrize("expected", [TypeAdapter(Observation), TypeAdapter(set[int]), TypeAdapter(list[str])])
async def test_what_a_host_answers_is_not_trusted(expected: TypeAdapter[object]) -> None:
    with pytest.raises(Unreachable, match="nobody understands"):
        await asked(Liar(), expected, "observe", {})
