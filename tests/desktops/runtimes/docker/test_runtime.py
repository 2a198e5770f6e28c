"""What desktops in containers can reach and take, and what is said when something is wrong: with a real engine."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from tests.desktops.runtimes.docker.stage import Stage, container_of
from tests.desktops.runtimes.docker.strangers import PASSWORD, a_stranger, shown

from deskbay.desktops.runtimes import (
    DisplayProtocol,
    LaunchError,
    Network,
    Observation,
    Presence,
    UnixDisplay,
    Unreachable,
)
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place


async def test_a_desktop_is_shut_in_and_has_what_it_may_have(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    status = await stage.ask("grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:' /proc/self/status")
    assert status.split()[1:10:2] == ["0" * 16] * 5
    assert {"NoNewPrivs:\t1", "Seccomp:\t2"} <= set(status.splitlines())
    told = await stage.ask("id -u; whoami; hostname; cat /etc/machine-id; echo $COURSE")
    assert told.splitlines() == ["1900000010", "ann", "deskbay", stage.spec.desktop.hex, "chemistry 1"]
    files = "/usr/x /etc/x /etc/passwd /opt/deskbay/x /run/x ~/x /tmp/x"
    tried = f"for f in {files}; do (echo >$f) 2>/dev/null && echo $f; done; true"
    assert await stage.ask(tried) == "/home/user/x\n/tmp/x"
    home = stage.place.data / "homes" / str(stage.spec.owner)
    assert (home / "x").stat().st_uid == 1_900_000_010
    assert await stage.ask("find / -xdev -perm /6000 -type f 2>/dev/null; true") == ""
    assert await stage.ask("ls /sys/class/net") == "lo"
    assert await stage.ask("cat /run/deskbay/token; stat -c %a /run/deskbay/token") == "the agent's secret600"
    assert "not permitted" in await stage.ask("unshare --user --map-root-user --mount true 2>&1; true")
    assert await stage.ask("unshare --user --map-root-user id -u") == "0"  # as Chromium's own sandbox does
    limits = "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}"
    told = stage.engine.run("inspect", "--format", limits, container_of(stage.spec))
    assert told == f"{2**30} {2**30} 1500000000 4096"
    display = await stage.runtime.display(stage.spec.desktop)
    assert isinstance(display, UnixDisplay)
    assert (display.path.parent.stat().st_mode & 0o077) == 0
    mounts = stage.engine.run("inspect", "--format", "{{json .Mounts}}", container_of(stage.spec))
    assert str(stage.engine.socket) not in mounts
    assert await stage.ask("find / -type s -name '*docker*' 2>/dev/null; true") == ""


async def test_desktops_with_a_network_do_not_reach_each_other(stage: Stage) -> None:
    here, there = (replace(stage.spec, desktop=uuid4(), network=Network.INTERNET) for _ in range(2))
    await asyncio.gather(start(stage.runtime, here), start(stage.runtime, there))
    assert set((await stage.ask("ls /sys/class/net", here)).split()) == {"eth0", "lo"}
    address = (await stage.ask("hostname -I", there)).split()[0]
    opened = "until (exec 9<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do sleep 0.1; done"
    await stage.ask(f"python3 -m http.server 8080 >/dev/null 2>&1 & {opened}", there)
    knock = f"timeout 3 bash -c 'exec 9<>/dev/tcp/{address}/8080' && echo open || echo shut"
    assert await stage.ask(knock, there) == "open"
    assert await stage.ask(knock, here) == "shut"
    assert (
        await stage.ask("timeout 3 bash -c 'exec 9<>/dev/tcp/127.0.0.1/8080' 2>/dev/null || echo shut", here) == "shut"
    )


async def test_without_memory_enough_that_is_what_it_says(stage: Stage) -> None:
    stage.spec = replace(stage.spec, memory_mb=20)
    await stage.runtime.launch(stage.spec, lambda _: None)
    seen = await stage.leave(Presence.STARTING)
    assert seen == Observation(Presence.ABSENT, "The desktop ran out of memory.")


async def test_signing_out_is_told_from_a_crash(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    await stage.ask("openbox --exit")
    assert (await stage.leave(Presence.READY)).left
    await start(stage.runtime, stage.spec)
    await asyncio.to_thread(stage.engine.run, "kill", container_of(stage.spec))
    assert (await stage.leave(Presence.READY)).reason == "The desktop's processes ended unexpectedly."


async def test_what_the_engine_stopped_with_itself_is_lost_and_starts_again_with_its_home(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    await stage.ask("echo all of it >~/thesis.txt")
    await asyncio.to_thread(stage.engine.run, "stop", "--time", "10", container_of(stage.spec))
    seen = await stage.runtime.observe(stage.spec.desktop)
    assert (seen.presence, seen.lost, seen.left) == (Presence.ABSENT, True, False)
    await start(stage.runtime, stage.spec)
    assert await stage.ask("cat ~/thesis.txt") == "all of it"


async def test_programs_have_time_to_put_their_things_away_and_the_log_is_kept(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    waiting = 'trap "echo saved >~/put-away; exit" TERM; touch ~/begun; sleep 1000 & wait'
    await stage.ask(f"setsid bash -c '{waiting}' >/dev/null 2>&1 & until [ -e ~/begun ]; do sleep 0.1; done")
    assert await stage.runtime.log(stage.spec.desktop)
    await stage.runtime.end(stage.spec.desktop)
    assert (stage.place.data / "homes" / str(stage.spec.owner) / "put-away").read_text() == "saved\n"
    assert stage.containers() == ""
    assert await stage.runtime.log(stage.spec.desktop)


async def test_only_what_is_its_own_is_owned(stage: Stage) -> None:
    await start(stage.runtime, stage.spec)
    others = [Place(stage.place.data, uuid4().hex, "box"), Place(stage.place.data, stage.place.server, "box-2")]
    for place in others:
        runtime = DockerSettings(socket=stage.engine.socket).open(place)
        assert await runtime.owned() == set()
        await runtime.close()
    stranger = stage.engine.run("create", stage.engine.image)
    assert await stage.runtime.owned() == {stage.spec.desktop}
    stage.engine.run("rm", stranger)


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        ({"image": None}, "The template names no image. Ask an administrator"),
        ({"image": "deskbay-tests/never-made"}, "The image deskbay-tests/never-made is not on the engine and can't be"),
        ({"memory_mb": 1}, "The Docker engine could not start the desktop: Minimum memory limit allowed is 6MB"),
    ],
)
async def test_what_can_not_be_started_says_why(stage: Stage, different: dict[str, object], reason: str) -> None:
    spec = replace(stage.spec, **different)  # type: ignore[arg-type]
    with pytest.raises(LaunchError, match=reason):
        await stage.runtime.launch(spec, lambda _: None)
    assert stage.containers() == ""


async def test_an_engine_that_hangs_is_said_to_hang(stage: Stage) -> None:
    with stage.engine.hanging():
        unavailable, launched, owned = await asyncio.gather(
            stage.runtime.unavailable("desktop"),
            stage.runtime.launch(stage.spec, lambda _: None),
            stage.runtime.owned(),
            return_exceptions=True,
        )
    assert "did not answer in 3 seconds. Restart it." in str(unavailable)
    assert isinstance(launched, LaunchError)
    assert "did not answer in 10 seconds" in str(launched)
    assert isinstance(owned, Unreachable)
    await start(stage.runtime, stage.spec)


async def test_an_engine_that_is_gone_is_said_to_be_gone(place: Place, tmp_path: Path) -> None:
    runtime = DockerSettings(socket=tmp_path / "docker.sock").open(place)
    assert await runtime.unavailable("desktop") == (
        f"The Docker engine at {tmp_path}/docker.sock is not there. Start it, or correct the path."
    )
    with pytest.raises(Unreachable, match="is not there"):
        await runtime.observe(uuid4())
    (tmp_path / "docker.sock").touch()
    with pytest.raises(Unreachable, match=r"does not listen. Start it\."):
        await runtime.observe(uuid4())
    await runtime.close()


async def test_an_engine_that_hangs_is_waited_for_once_by_all_that_ask(place: Place, tmp_path: Path) -> None:
    runtime = DockerSettings(socket=tmp_path / "docker.sock").open(place)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "docker.sock"))
        silent.listen()
        first = await runtime.unavailable("desktop")
        silent.setblocking(False)
        silent.accept()[0].close()
        assert await runtime.unavailable("desktop") == first
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert "did not answer in 3 seconds" in str(first)
    await runtime.close()


async def test_an_image_that_is_not_ours_is_shown_at_a_port(stage: Stage, tmp_path: Path) -> None:
    spec = a_stranger(stage, tmp_path)
    with stage.engine.network():
        display = await shown(stage, spec)
    assert display.protocol is DisplayProtocol.VNC
    inside = await stage.ask("id -u; cat /root/told; test -e /run/deskbay/token || echo no token", spec)
    assert inside == f"0\n{PASSWORD}\nno token"
    published = stage.engine.run("port", container_of(spec))
    assert published == f"5907/tcp -> 127.0.0.1:{display.port}"
    await stage.runtime.end(spec.desktop)
    assert (await stage.runtime.observe(spec.desktop)).presence is Presence.ABSENT
