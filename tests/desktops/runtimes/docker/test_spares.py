"""Containers that wait for their people: with a real engine."""

import asyncio
import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.stage import Stage, container_of

from deskbay.desktops.runtimes import LaunchError, Network, Observation, Presence
from deskbay.desktops.runtimes.conformance import start
from deskbay.desktops.runtimes.docker.folders import ContainerFolder
from deskbay.desktops.runtimes.docker.runtime import TAKING
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.docker.spares import ContainerSpares
from deskbay.desktops.runtimes.kinds import Place
from deskbay.desktops.runtimes.spares import SpareSpec, spare_for

PERSON = "1900000010"
FACTS = {
    "what it may do": "grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:|[UG]id' /proc/1/status",
    "who it is": "id -u; id -g; whoami; hostname; echo $USER $DISPLAY $COURSE $HOME; cat /etc/passwd /etc/group",
    "its agent": "cat /run/deskbay/token; stat -c '%a %U' /run/deskbay/token /run/deskbay/screen ~",
    "its mounts": "awk '{print $5, $6}' /proc/self/mountinfo | grep -v -e /run/deskbay/spare | sort",
    "where it can write": "for f in /usr/x /etc/x /opt/deskbay/x /run/x /run/deskbay/x ~/x /tmp/x; do"
    " (echo >$f) 2>/dev/null && echo $f; done; true",
    "who else it can be": "setpriv --reuid 0 true 2>&1; setpriv --regid 0 true 2>&1; find / -xdev -perm /6000 -type f"
    " 2>/dev/null; true",
    "what it can mount": "unshare --user --map-root-user --mount true 2>&1; unshare --user --map-root-user id -u",
}


def maker_of(stage: Stage) -> ContainerSpares:
    assert stage.runtime.spares is not None
    return stage.runtime.spares


def spare_of(stage: Stage) -> SpareSpec:
    spare = spare_for(stage.spec)
    assert spare is not None
    return spare


def folder_of(stage: Stage) -> ContainerFolder:
    return ContainerFolder(stage.place.data / "containers" / stage.place.name / stage.spec.desktop.hex)


async def as_person(stage: Stage, script: str) -> str:
    command = ["exec", "--user", f"{PERSON}:{PERSON}", container_of(stage.spec), "bash", "-c", script]
    variables = [f"--env={name}={value}" for name, value in (("DISPLAY", ":1"), ("USER", "ann"), ("LOGNAME", "ann"))]
    return await asyncio.to_thread(stage.engine.run, command[0], *variables, *command[1:])


async def facts(stage: Stage) -> dict[str, str]:
    return {what: await as_person(stage, script) for what, script in FACTS.items()}


async def test_what_was_a_spare_is_shut_in_as_what_never_was_one(stage: Stage) -> None:
    assert TAKING not in await start(stage.runtime, stage.spec)
    never_one = await facts(stage)
    assert never_one["what it may do"].split()[1:5] == [PERSON] * 4
    await stage.runtime.end(stage.spec.desktop)
    await maker_of(stage).prepare(spare_of(stage))
    assert await start(stage.runtime, stage.spec) == [TAKING]
    assert await facts(stage) == never_one
    assert (await as_person(stage, "grep Groups /proc/1/status")).split() == ["Groups:"]
    assert await as_person(stage, "echo all of it >~/thesis.txt") == ""
    home = stage.place.data / "homes" / str(stage.spec.owner)
    assert (home / "thesis.txt").read_text() == "all of it\n"
    await stage.runtime.end(stage.spec.desktop)
    assert (home / "thesis.txt").exists()
    assert str(home) not in await asyncio.to_thread(Path("/proc/self/mountinfo").read_text)


async def test_a_spare_has_nothing_of_anybody(stage: Stage) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    inside = await stage.ask("cat /etc/passwd /run/deskbay/token; grep -c ' /home/user ' /proc/1/mountinfo; true")
    assert "nobody:x:65534" in inside
    assert inside.endswith("\n0")
    assert not (stage.place.data / "homes").exists()
    config = stage.engine.run("inspect", "--format", "{{json .Config}}{{json .HostConfig}}", container_of(stage.spec))
    for private in (str(stage.spec.owner), stage.spec.owner_name, str(stage.spec.agent_token), stage.spec.name):
        assert private not in config
    status = await stage.ask("grep -E 'Cap(Eff|Bnd)|NoNewPrivs' /proc/1/status")
    assert status.split()[1::2] == ["00000000000001c0", "00000000000001c0", "1"]  # to change user, group and bounds
    assert await stage.ask("(exec 9<>/dev/tcp/127.0.0.1/5900) 2>/dev/null || echo no screen") == "no screen"


async def test_one_with_a_network_has_it_before_it_is_taken(stage: Stage) -> None:
    stage.spec = replace(stage.spec, network=Network.INTERNET)
    await maker_of(stage).prepare(spare_of(stage))
    interfaces = await stage.ask("ls /sys/class/net")
    assert set(interfaces.split()) == {"eth0", "lo"}
    assert await start(stage.runtime, stage.spec) == [TAKING]
    assert await stage.ask("ls /sys/class/net") == interfaces


async def test_a_home_of_the_desktops_own_is_in_it_and_goes_with_it(stage: Stage) -> None:
    stage.spec = replace(stage.spec, keeps_home=False)
    await maker_of(stage).prepare(spare_of(stage))
    assert await start(stage.runtime, stage.spec) == [TAKING]
    await as_person(stage, "touch ~/here")
    home = stage.place.data / "homes" / str(stage.spec.desktop)
    assert (home / "here").exists()
    await stage.runtime.forget(stage.spec.desktop)
    assert not home.exists()


@pytest.mark.parametrize("different", [{"cpus": 1.0, "environment": {"COURSE": "physics"}}, {"agent_token": None}])
async def test_what_is_wished_for_otherwise_is_made_anew(stage: Stage, different: dict[str, object]) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    other = replace(stage.spec, **different)  # type: ignore[arg-type]
    assert (await start(stage.runtime, other))[-1] == "Starting the desktop"
    limits = stage.engine.run("inspect", "--format", "{{.HostConfig.NanoCpus}}", container_of(stage.spec))
    assert limits == str(int(other.cpus * 1e9))
    assert await stage.ask("echo $COURSE") == other.environment["COURSE"]


def take_over_and_die(stage: Stage) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(str(folder_of(stage).spare_door))
        assert server.recv(1) == b"?"


async def test_a_spare_that_a_server_left_over_its_claim_ends_and_the_desktop_begins_anew(stage: Stage) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    await asyncio.to_thread(take_over_and_die, stage)
    seen = await stage.leave(Presence.SPARE)
    assert seen.presence is Presence.ABSENT
    assert (await start(stage.runtime, stage.spec))[-1] == "Starting the desktop"


async def test_a_spare_that_does_not_answer_is_done_without(stage: Stage) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    folder_of(stage).spare_door.rename(folder_of(stage).spare / "old")
    with socket.socket(socket.AF_UNIX) as nobody:
        nobody.bind(str(folder_of(stage).spare_door))  # and does not listen
    steps = await start(stage.runtime, stage.spec)
    assert (steps[0], steps[-1]) == (TAKING, "Starting the desktop")


async def test_restarted_from_outside_it_is_a_spare_again_with_nothing_of_its_person(stage: Stage) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    await start(stage.runtime, stage.spec)
    await asyncio.to_thread(stage.engine.run, "restart", "--time", "1", container_of(stage.spec))
    async with asyncio.timeout(60):
        while await stage.runtime.observe(stage.spec.desktop) != Observation(Presence.SPARE):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await stage.ask("grep -c ' /home/user ' /proc/1/mountinfo; true") == "0"
    assert await start(stage.runtime, stage.spec)


async def test_its_health_is_told_while_it_waits_and_afterwards(stage: Stage) -> None:
    await maker_of(stage).prepare(spare_of(stage))
    test = json.loads(stage.engine.run("inspect", "--format", "{{json .Config.Healthcheck.Test}}", stage.engine.image))
    healthy = " ".join(test[1:])
    assert await stage.ask(f"{healthy}; echo $?") == "0"
    await start(stage.runtime, stage.spec)
    assert await stage.ask(f"{healthy}; echo $?") == "0"
    assert await as_person(stage, f"{healthy}; echo $?") == "0"


OLDER = """\
FROM {image}
ENTRYPOINT ["python3", "-c", "raise SystemExit('I know of no spares')"]
"""


async def test_an_image_that_can_not_wait_says_so_and_leaves_nothing(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(OLDER.format(image=stage.engine.image))
    stage.engine.run("build", "--tag", "deskbay-tests/older", str(tmp_path))
    stage.spec = replace(stage.spec, image="deskbay-tests/older")
    with pytest.raises(LaunchError, match=r"Build its image anew: .* It said: I know of no spares"):
        await maker_of(stage).prepare(spare_of(stage))
    assert stage.containers() == ""
    assert not folder_of(stage).path.exists()


async def test_engines_elsewhere_and_servers_that_are_not_root_make_none(
    stage: Stage, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = DockerSettings.model_validate(stage.engine.papers).open(place)
    assert elsewhere.spares is None
    await elsewhere.close()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    ordinary = DockerSettings(socket=stage.engine.socket).open(place)
    assert ordinary.spares is None
    await ordinary.close()
