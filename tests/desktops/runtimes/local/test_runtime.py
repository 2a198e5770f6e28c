import asyncio
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from tests.desktops.runtimes.local.conftest import (
    WAIT_SECONDS,
    Stage,
    descendants,
    first_process,
    groups_of,
    is_dead,
    name_of,
    processes_using,
)
from tests.desktops.runtimes.rfb import Viewer

from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Network, Observation, Presence
from deskbay.desktops.runtimes.local import LocalRuntime, farewell
from deskbay.desktops.runtimes.local import runtime as runtime_module
from deskbay.desktops.runtimes.local.cgroups import ControlGroups
from deskbay.desktops.runtimes.local.liveness import until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this to the system")

COLOURS_OF_A_WALLPAPER = 500
TYPED_FOR_A_CLICK = 20
CORNERS = [10, 28, 54, 14, 34, 52]
"""Red, green and blue of the wallpaper at the top left and of the panel at the bottom right."""


async def see_colours(path: Path) -> int:
    """Look until the wallpaper is there."""
    async with asyncio.timeout(WAIT_SECONDS), await Viewer.connect(path) as viewer:
        while True:
            await viewer.look()
            if (colours := viewer.colours()) > COLOURS_OF_A_WALLPAPER:
                return colours
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("profile", ["desktop", "full-desktop", "browser"])
async def test_each_profile_starts_and_shows_itself(stage: Stage, profile: str) -> None:
    spec = await stage.start(stage.spec(profile, Network.INTERNET))
    assert await see_colours((await stage.runtime.display(spec.desktop)).path)
    assert stage.steps == ["Preparing the home", "Starting the desktop", "Connecting the network"]
    await stage.runtime.end(spec.desktop)
    assert stage.leftovers(spec) == []


async def test_what_is_typed_into_a_terminal_is_done(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    async with await Viewer.connect((await stage.runtime.display(spec.desktop)).path) as viewer:
        await open_terminal(stage, spec, viewer)


async def open_terminal(stage: Stage, spec: LaunchSpec, viewer: Viewer) -> None:
    """Click where the panel has its terminal, once it is there, and type until something is done."""
    marker = stage.home(spec) / "typed"
    async with asyncio.timeout(WAIT_SECONDS):
        for attempt in count():
            if attempt % TYPED_FOR_A_CLICK == 0:
                await viewer.click(60, viewer.height - 20)
            await asyncio.sleep(0.3)
            if marker.exists():
                return
            await viewer.type("touch ~/typed\n")


@pytest.mark.parametrize("profile", ["desktop", "full-desktop"])
async def test_the_look_follows_a_new_screen_size(stage: Stage, profile: str) -> None:
    spec = await stage.start(stage.spec(profile))
    display = await stage.runtime.display(spec.desktop)
    async with asyncio.timeout(WAIT_SECONDS), await Viewer.connect(display.path) as viewer:
        await see_corners(viewer)
        await viewer.resize(1600, 1000)
        while viewer.width != 1600:
            await viewer.look()
        await see_corners(viewer)


async def see_corners(viewer: Viewer) -> None:
    """Look until the wallpaper fills the screen up to one corner and the panel up to the other."""
    while True:
        await viewer.look()
        corners = [*viewer.pixel(3, 3), *viewer.pixel(viewer.width - 4, viewer.height - 4)]
        if all(abs(seen - meant) < 12 for seen, meant in zip(corners, CORNERS, strict=True)):
            return
        await asyncio.sleep(0.05)


async def test_launching_again_changes_nothing(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    before = first_process(stage, spec)
    await stage.runtime.launch(spec, stage.steps.append)
    assert first_process(stage, spec) == before
    assert stage.steps == ["Preparing the home", "Starting the desktop"]


async def test_nothing_is_seen_of_a_desktop_that_never_was(stage: Stage) -> None:
    nobody = uuid4()
    assert await stage.runtime.observe(nobody) == Observation(Presence.ABSENT)
    assert await stage.runtime.log(nobody) == []
    assert await stage.runtime.owned() == set()
    await stage.runtime.end(nobody)
    await stage.runtime.forget(nobody)


async def test_an_ended_desktop_keeps_its_log_and_home_until_it_is_forgotten(stage: Stage) -> None:
    spec = stage.spec()
    assert await stage.ask("echo hello; echo printed >&2", spec) == "hello\nprinted"
    stage.folder(spec).log.write_text("the last words\n")
    await stage.runtime.end(spec.desktop)
    assert await stage.runtime.observe(spec.desktop) == Observation(Presence.ABSENT)
    assert await stage.runtime.owned() == {spec.desktop}
    assert await stage.runtime.log(spec.desktop) == ["the last words"]
    await stage.runtime.forget(spec.desktop)
    assert await stage.runtime.owned() == set()
    assert (stage.home(spec) / f"answer-{spec.desktop.hex}").exists()


async def test_a_person_who_signs_out_has_left(stage: Stage) -> None:
    until_told = 'echo ready >"$XDG_RUNTIME_DIR/ready"\nuntil [ -e ~/go ]; do sleep 0.01; done\n'
    (stage.profiles / "probe" / "session.sh").write_text(until_told)
    spec = stage.spec("probe")
    await stage.start(spec)
    (stage.home(spec) / "go").touch()
    seen = await stage.leave(spec.desktop, Presence.READY)
    assert seen == Observation(Presence.ABSENT, "The person inside signed out.", left=True)


async def test_signing_out_of_the_window_manager_leaves(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    await stage_command(stage, spec, "openbox --exit")
    assert (await stage.leave(spec.desktop, Presence.READY)).left


async def stage_command(stage: Stage, spec: LaunchSpec, command: str) -> None:
    """Type a command into a terminal of the desktop."""
    async with await Viewer.connect((await stage.runtime.display(spec.desktop)).path) as viewer:
        await open_terminal(stage, spec, viewer)
        await viewer.type(f"{command}\n")
        await asyncio.sleep(0.2)


async def test_a_killed_desktop_did_not_leave(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    os.kill(first_process(stage, spec), signal.SIGKILL)
    seen = await stage.leave(spec.desktop, Presence.READY)
    assert seen == Observation(Presence.ABSENT, "The desktop's processes ended unexpectedly.")
    await stage.runtime.end(spec.desktop)
    assert stage.leftovers(spec) == []


async def test_a_desktop_that_went_down_with_its_host_is_said_to_be_lost_and_starts_with_its_home(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    (stage.home(spec) / "thesis.txt").write_text("all of it")
    os.kill(first_process(stage, spec), signal.SIGKILL)
    assert not (await stage.leave(spec.desktop, Presence.READY)).lost
    stage.folder(spec).boot.write_text("an earlier start of this host")
    assert (await stage.runtime.observe(spec.desktop)).lost
    await stage.start(spec)
    assert (stage.home(spec) / "thesis.txt").read_text() == "all of it"


async def test_a_session_that_fails_at_once_is_told_apart(stage: Stage) -> None:
    (stage.profiles / "probe" / "session.sh").write_text("echo no window manager >&2; exit 3\n")
    spec = stage.spec("probe")
    await stage.runtime.launch(spec, stage.steps.append)
    seen = await stage.leave(spec.desktop, Presence.STARTING)
    assert seen.reason == "The desktop's processes ended before it was ready. Its log may tell why."
    assert "no window manager" in await stage.runtime.log(spec.desktop)


async def test_a_dead_display_server_ends_the_desktop(stage: Stage) -> None:
    spec = await stage.start(stage.spec())
    display_server = next(
        process for process in descendants(first_process(stage, spec)) if name_of(process) in {"Xvnc", "Xtigervnc"}
    )
    os.kill(display_server, signal.SIGKILL)
    seen = await stage.leave(spec.desktop, Presence.READY)
    assert not seen.left
    assert seen.reason == "The desktop's processes ended unexpectedly."


async def test_a_program_that_is_asked_to_end_may_put_its_things_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farewell, "_SECONDS", WAIT_SECONDS / 2)  # a busy machine takes longer than a second over it
    monkeypatch.setattr(runtime_module, "_END_SECONDS", WAIT_SECONDS)
    spec = stage.spec()
    trapped = "trap 'sleep 0.1; echo saved >~/saved; exit' TERM; echo waiting >~/waiting; while :; do sleep 0.01; done"
    await stage.ask(
        f"setsid bash -c '{trapped.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}' >&- 2>&- & ", spec
    )
    async with asyncio.timeout(WAIT_SECONDS):
        await until((stage.home(spec) / "waiting").exists)
    await stage.runtime.end(spec.desktop)
    assert (stage.home(spec) / "saved").read_text() == "saved\n"


async def test_a_program_that_will_not_end_is_ended(stage: Stage) -> None:
    spec = stage.spec()
    await stage.ask("(trap '' TERM; exec setsid sleep 1000 >&- 2>&-) &", spec)
    await stage.runtime.end(spec.desktop)
    assert stage.leftovers(spec) == []


class TestRefusals:
    async def test_an_unknown_profile(self, stage: Stage) -> None:
        assert await stage.runtime.unavailable("windows") == "There is no profile named windows."
        with pytest.raises(LaunchError, match="no profile named windows"):
            await stage.runtime.launch(stage.spec("windows"), stage.steps.append)

    async def test_a_missing_program(self, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "bin").mkdir()
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        reason = await stage.runtime.unavailable("desktop")
        assert reason is not None
        assert "This computer lacks Xvnc, bwrap, dbus-daemon, openbox" in reason
        assert "apt-get install --no-install-recommends bubblewrap dbus openbox" in reason
        spec = stage.spec()
        with pytest.raises(LaunchError, match="tigervnc-standalone-server"):
            await stage.runtime.launch(spec, stage.steps.append)
        assert not stage.data.exists()

    async def test_a_path_that_no_socket_fits_in(self, tmp_path: Path, profiles: Path) -> None:
        data = tmp_path / ("long" * 20)
        stage = Stage(data, profiles, LocalRuntime(data, profiles=profiles))
        spec = stage.spec()
        with pytest.raises(LaunchError, match="too long for a socket in it"):
            await stage.runtime.launch(spec, stage.steps.append)
        assert stage.leftovers(spec) == []

    @needs_root
    async def test_a_full_disk(self, stage: Stage, small_disk: Path) -> None:
        stage = Stage(small_disk, stage.profiles, LocalRuntime(small_disk, profiles=stage.profiles))
        spec = stage.spec()
        with pytest.raises(LaunchError, match=f"The disk that holds {small_disk} is full"):
            await stage.runtime.launch(spec, stage.steps.append)
        assert stage.leftovers(spec) == [line for line in stage.leftovers(spec) if line.startswith("tmpfs ")]
        assert list((small_disk / "homes").iterdir()) == []

    @needs_root
    async def test_profiles_that_the_people_may_not_read(self, stage: Stage) -> None:
        stage.profiles.chmod(0o700)
        assert "chmod -R o+rX" in (await stage.runtime.unavailable("desktop") or "")

    @pytest.mark.parametrize("program", ["bwrap", "slirp4netns"])
    async def test_a_program_that_fails(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
    ) -> None:
        failing = tmp_path / "bin" / program
        failing.parent.mkdir()
        failing.write_text("#!/bin/sh\necho this can not work >&2\nexit 1\n")
        failing.chmod(0o755)
        monkeypatch.setenv("PATH", f"{failing.parent}:{os.environ['PATH']}")
        spec = stage.spec(network=Network.INTERNET)
        with pytest.raises(LaunchError, match=r"could not start \(this can not work\)"):
            await stage.runtime.launch(spec, stage.steps.append)
        assert stage.leftovers(spec) == []

    async def test_a_data_folder_that_may_not_be_written_to(self, profiles: Path) -> None:
        data = Path("/proc/deskbay")
        with pytest.raises(LaunchError, match=r"could not start|may not write to"):
            await LocalRuntime(data, profiles=profiles).launch(
                Stage(data, profiles, LocalRuntime(data)).spec(), lambda _: None
            )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB with no room left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=True)
    try:
        (disk / "run").mkdir()
        (disk / "homes").mkdir()
        subprocess.run(["dd", "if=/dev/zero", f"of={disk / 'full'}"], check=False, capture_output=True)
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("milliseconds", [0, 2, 5, 10, 15, 20, 30, 50])
async def test_a_cancelled_launch_takes_everything_back(stage: Stage, milliseconds: int) -> None:
    spec = stage.spec(network=Network.INTERNET)
    launching = asyncio.create_task(stage.runtime.launch(spec, stage.steps.append))
    await asyncio.sleep(milliseconds / 1000)
    if launching.cancel():
        with pytest.raises(asyncio.CancelledError):
            await launching
    else:
        await stage.runtime.end(spec.desktop)
    assert stage.leftovers(spec) == []


SERVER = """
    import asyncio, sys
    from pathlib import Path
    from uuid import UUID
    from deskbay.desktops.runtimes import LaunchSpec, Network
    from deskbay.desktops.runtimes.local import LocalRuntime

    async def serve():
        desktop, data = UUID(sys.argv[1]), Path(sys.argv[2])
        spec = LaunchSpec(desktop, UUID(int=1), 10, "Ann", "D", "desktop", Network.INTERNET, 1024, 2.0)
        await LocalRuntime(data).launch(spec, lambda _: None)
        print("launched", flush=True)
        await asyncio.sleep(1000)

    print("here", flush=True)
    asyncio.run(serve())
"""


class Server:
    """A process that launches a desktop and can be killed at any moment."""

    def __init__(self, stage: Stage) -> None:
        self.spec = stage.spec()
        command = [sys.executable, "-c", textwrap.dedent(SERVER), str(self.spec.desktop), str(stage.data)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def reads(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> str:
        """Return what it had still said."""
        self._process.kill()
        return self._process.communicate()[0]


async def test_a_new_server_finds_the_desktops_of_a_killed_one_and_ends_them(stage: Stage) -> None:
    server = Server(stage)
    assert (server.reads(), server.reads()) == ("here", "launched")
    server.kill()
    desktop = server.spec.desktop
    assert await stage.runtime.owned() == {desktop}
    assert (await stage.leave(desktop, Presence.STARTING)).presence is Presence.READY
    async with await Viewer.connect((await stage.runtime.display(desktop)).path) as viewer:
        await viewer.look()
    await stage.runtime.forget(desktop)
    assert stage.leftovers(server.spec) == []
    assert await stage.runtime.owned() == set()


@pytest.mark.parametrize("milliseconds", [2, 6, 10, 14, 18, 22, 30])
async def test_nothing_is_overlooked_of_a_server_that_is_killed_while_it_launches(
    stage: Stage, milliseconds: int
) -> None:
    server = Server(stage)
    assert server.reads() == "here"
    await asyncio.sleep(milliseconds / 1000)
    said = server.kill()
    seen = await stage.runtime.observe(server.spec.desktop)
    assert seen.presence is not Presence.READY or said == "launched\n"
    for desktop in await stage.runtime.owned():
        await stage.runtime.forget(desktop)
    assert stage.leftovers(server.spec) == []


async def test_variables_are_set_inside_and_show_in_no_list_of_processes(stage: Stage) -> None:
    spec = replace(stage.spec(), environment={"GREETING": "it's  $(me)\n", "LANG": "de_DE.UTF-8"})
    assert await stage.ask("printenv GREETING LANG", spec) == "it's  $(me)\n\nde_DE.UTF-8"
    assert not any("$(me)" in command for command in command_lines())


def command_lines() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (process / "cmdline").read_text(errors="replace")


async def test_memory_is_limited_where_groups_can_be_made(stage: Stage) -> None:
    if "memory" in ControlGroups().missing:
        pytest.skip("no control groups for memory can be made here")
    spec = replace(stage.spec(), memory_mb=192)
    eater = "python3 -c 'print(len(bytearray(50 << 20)))'; python3 -c 'bytearray(b\"x\") * (400 << 20)'; echo $?"
    assert (await stage.ask(eater, spec)).split()[0] == str(50 << 20)
    assert (await stage.answer(spec)).split()[-1] == "137"


async def test_a_desktop_that_ran_out_of_memory_says_so(stage: Stage) -> None:
    if "memory" in ControlGroups().missing:
        pytest.skip("no control groups for memory can be made here")
    spec = replace(stage.spec(), memory_mb=16)
    await stage.runtime.launch(spec, stage.steps.append)
    seen = await stage.leave(spec.desktop, Presence.STARTING)
    assert seen == Observation(Presence.ABSENT, "The desktop ran out of memory.")


async def test_the_number_of_processes_is_limited_where_groups_can_be_made(stage: Stage) -> None:
    if "pids" in ControlGroups().missing:
        pytest.skip("no control groups for processes can be made here")
    spec = await stage.start(stage.spec())
    limits = {
        path.joinpath("pids.max").read_text().strip()
        for path in stage.folder(spec).read_groups()
        if path.joinpath("pids.max").exists()
    }
    assert limits == {"4096"}
    outside = [
        process
        for process in descendants(first_process(stage, spec))
        if f"deskbay-{spec.desktop.hex}" not in groups_of(process)
    ]
    # The kernel takes a process out of its groups when it ends, before anybody has waited for it.
    assert [process for process in outside if name_of(process) and not is_dead(process)] == []


async def test_desktops_leave_no_process_that_nobody_waits_for(stage: Stage) -> None:
    spec = await stage.start(stage.spec(network=Network.INTERNET))
    children = {child for child in descendants(os.getpid()) if not is_dead(child)}
    assert children
    await stage.runtime.end(spec.desktop)
    async with asyncio.timeout(WAIT_SECONDS):
        await until(lambda: not any(is_dead(child) for child in children & set(descendants(os.getpid()))))
    assert processes_using(stage.data) == []


async def test_what_a_desktop_prints_is_its_log(stage: Stage) -> None:
    shutil.rmtree(stage.profiles / "probe")
    (stage.profiles / "probe").mkdir()
    (stage.profiles / "probe" / "session.sh").write_text("for n in $(seq 300); do echo line $n >&2; done; exit 1")
    spec = stage.spec("probe")
    await stage.runtime.launch(spec, stage.steps.append)
    await stage.leave(spec.desktop, Presence.STARTING)
    lines = await stage.runtime.log(spec.desktop)
    assert len(lines) == 200
    assert lines[-1] == "line 300"
