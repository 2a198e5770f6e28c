"""What a guard lets through, and what it does not, each by a table."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.desktops.runtimes.docker.guard.engines import (
    DESKTOP,
    NETWORK,
    OURS,
    VOLUME,
    RememberingEngine,
    a_container,
    body_of,
)

from deskbay.desktops.runtimes.docker.folders import SYSTEM_CALLS
from deskbay.desktops.runtimes.docker.guard import Refused
from deskbay.desktops.runtimes.docker.guard.asking import Answered
from deskbay.desktops.runtimes.docker.guard.judge import Judge, Passage, Request

OWN_LABELS = '{"label": ["deskbay.server=5e", "deskbay.runtime=box"]}'
FOREIGN_LABELS = {**OURS, "deskbay.desktop": "d", "deskbay.port": "5907/tcp"}
PUBLISHED = {"5907/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}


def creation(container: object, name: str = DESKTOP) -> Request:
    return Request("POST", "/v1.47", "/containers/create", {"name": name}, body_of(container))


@pytest.mark.parametrize(
    ("method", "path", "query", "passed"),
    [
        ("GET", "/_ping", {}, "/_ping"),
        ("GET", "/info", {}, "/info"),
        ("GET", "/containers/json", {"all": "1", "filters": OWN_LABELS}, "/containers/json"),
        ("GET", f"/containers/{DESKTOP}/json", {}, "/containers/c0/json"),
        ("GET", f"/containers/{DESKTOP}/logs", {"stdout": "1", "follow": "0"}, "/containers/c0/logs"),
        ("POST", f"/containers/{DESKTOP}/start", {}, "/containers/c0/start"),
        ("POST", f"/containers/{DESKTOP}/stop", {"t": "3"}, "/containers/c0/stop"),
        ("DELETE", f"/containers/{DESKTOP}", {"force": "1", "v": "1"}, "/containers/c0"),
        ("GET", "/images/docker.io/deskbay/desktop:1/json", {}, "/images/docker.io/deskbay/desktop:1/json"),
        ("POST", "/images/create", {"fromImage": "deskbay/desktop", "tag": "1"}, "/images/create"),
        ("GET", "/volumes", {"filters": '{"label": ["deskbay.volume"]}'}, "/volumes"),
        ("GET", f"/volumes/{VOLUME}", {}, f"/volumes/{VOLUME}"),
        ("DELETE", f"/volumes/{VOLUME}", {"force": "1"}, f"/volumes/{VOLUME}"),
        ("GET", "/networks", {"filters": '{"name": ["deskbay-5e"]}'}, "/networks"),
        ("DELETE", "/networks/deskbay-5e", {}, "/networks/n0"),
    ],
)
async def test_what_servers_ask_is_let_through(
    judge: Judge, method: str, path: str, query: dict[str, str], passed: str
) -> None:
    assert await judge.judge(Request(method, "", path, query)) == Passage(passed)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("GET", "/containers/theirs/json", {}), "The container theirs is not a desktop server's."),
        (("GET", "/containers/theirs/logs", {"stdout": "1"}), "The container theirs is not"),
        (("POST", "/containers/theirs/start", {}), "The container theirs is not"),
        (("POST", "/containers/theirs/stop", {}), "The container theirs is not"),
        (("DELETE", "/containers/theirs", {"force": "1"}), "The container theirs is not"),
        (("GET", "/volumes/theirs", {}), "The volume theirs is not"),
        (("DELETE", "/volumes/theirs", {}), "The volume theirs is not"),
        (("DELETE", "/networks/bridge", {}), "The network bridge is not"),
        (("POST", f"/containers/{DESKTOP}/exec", {}), f"No desktop needs POST /containers/{DESKTOP}/exec."),
        (("POST", "/exec/e1/start", {}), "No desktop needs POST /exec/e1/start."),
        (("POST", f"/containers/{DESKTOP}/attach", {}), "No desktop needs"),
        (("PUT", f"/containers/{DESKTOP}/archive", {"path": "/"}), "No desktop needs"),
        (("POST", f"/containers/{DESKTOP}/rename", {"name": "x"}), "No desktop needs"),
        (("POST", f"/containers/{DESKTOP}/update", {}), "No desktop needs"),
        (("POST", "/commit", {}), "No desktop needs"),
        (("POST", "/build", {}), "No desktop needs"),
        (("POST", "/session", {}), "No desktop needs"),
        (("POST", "/plugins/pull", {}), "No desktop needs"),
        (("POST", "/swarm/init", {}), "No desktop needs"),
        (("POST", "/images/load", {}), "No desktop needs"),
        (("DELETE", "/images/deskbay", {}), "No desktop needs"),
        (("GET", "/events", {}), "No desktop needs"),
        (("GET", "/libpod/containers/json", {}), "No desktop needs"),
        (("get", "/info", {}), "No desktop needs get /info."),
        (("POST", "/images/create", {"fromSrc": "http://example.org"}), "No desktop needs fromSrc here."),
        (("POST", f"/containers/{DESKTOP}/start", {"checkpoint": "x"}), "No desktop needs checkpoint here."),
        (("GET", "/containers/json", {"all": "1"}), "has a filter that can be read"),
        (("GET", "/containers/json", {"filters": "[]"}), "has a filter that can be read"),
        (("GET", "/containers/json", {"filters": "[" * 8000}), "has a filter that can be read"),
        (("GET", "/networks", {"filters": '{"name": ["deskbay-|.*"]}'}), "labels or names of Deskbay's"),
        (("GET", "/containers/json", {"filters": '{"label": []}'}), "labels or names of Deskbay's"),
        (("GET", "/containers/json", {"filters": '{"status": ["deskbay-"]}'}), "labels or names of Deskbay's"),
        (("GET", "/networks", {"filters": '{"name": ["deskbay-5e", "bridge"]}'}), "labels or names of Deskbay's"),
        (("GET", "/volumes", {"filters": '{"label": ["com.example"]}'}), "labels or names of Deskbay's"),
    ],
)
async def test_what_no_desktop_needs_is_refused_and_the_engine_is_not_asked_to_do_it(
    judge: Judge, double: RememberingEngine, asked: tuple[str, str, dict[str, str]], why: str
) -> None:
    method, path, query = asked
    with pytest.raises(Refused, match=why):
        await judge.judge(Request(method, "", path, query))
    assert double.changes == []


async def test_what_is_not_there_the_engine_says_itself(judge: Judge) -> None:
    with pytest.raises(Answered) as answered:
        await judge.judge(Request("GET", "", "/containers/nobody/json"))
    assert (answered.value.status, answered.value.body) == (404, b'{"message": "No such thing: nobody"}')


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"User": "1900000010:1900000010", "Env": ["A=b"], "Cmd": ["1x1"], "Hostname": "deskbay"},
        {"host_NetworkMode": "deskbay-5e"},
        {"host_SecurityOpt": ["no-new-privileges"]},
        {"host_NetworkMode": "slirp4netns", "host_Tmpfs": {"/run": "rw,nosuid,nodev,mode=755,size=1m,notmpcopyup"}},
        {"User": "0:0", "host_CapAdd": ["SETUID", "SETGID", "SETPCAP"]},
        {
            "Labels": FOREIGN_LABELS,
            "ExposedPorts": {"5907/tcp": {}},
            "host_PortBindings": PUBLISHED,
            "host_SecurityOpt": ["no-new-privileges"],
            "User": None,
            "host_CapDrop": None,
        },
    ],
)
async def test_desktops_are_made_as_the_server_wants_them(
    judge: Judge, roots: Path, changes: dict[str, object]
) -> None:
    wish = a_container(roots, **changes)
    passage = await judge.judge(creation(wish))
    assert passage.path == "/containers/create"
    assert json.loads(passage.body or b"") == wish


NEVER = {
    "host_Privileged": True,
    "host_privileged": True,
    "host_PidMode": "host",
    "host_IpcMode": "host",
    "host_UTSMode": "host",
    "host_UsernsMode": "host",
    "host_CgroupnsMode": "host",
    "host_Devices": [{"PathOnHost": "/dev/sda", "PathInContainer": "/dev/sda", "CgroupPermissions": "rwm"}],
    "host_DeviceRequests": [{"Count": -1}],
    "host_DeviceCgroupRules": ["a *:* rwm"],
    "host_VolumesFrom": ["theirs"],
    "host_Mounts": [{"Type": "bind", "Source": "/", "Target": "/host"}],
    "host_GroupAdd": ["docker"],
    "host_CgroupParent": "/",
    "host_Runtime": "other",
    "host_Sysctls": {"kernel.core_pattern": "|/bin/sh"},
    "host_RestartPolicy": {"Name": "always"},
    "host_MaskedPaths": [],
    "host_ReadonlyPaths": [],
    "host_OomScoreAdj": -1000,
    "Volumes": {"/x": {}},
    "Entrypoint": ["sh"],
    "NetworkingConfig": {"EndpointsConfig": {"bridge": {}}},
}


@pytest.mark.parametrize("field", list(NEVER))
async def test_what_no_desktop_has_is_refused_by_its_name(judge: Judge, data: Path, field: str) -> None:
    name = field.replace("host_", "HostConfig.")
    with pytest.raises(Refused, match=rf"No desktop needs {name}\."):
        await judge.judge(creation(a_container(data, **{field: NEVER[field]})))


@pytest.fixture
def links(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make links in the server's folder; what /proc/self/cwd is to the engine, it is not to the guard."""
    (data / "out").symlink_to("/etc")
    (data / "link").symlink_to(data / "home")
    monkeypatch.chdir(data)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"host_CapAdd": ["SYS_ADMIN"]}, "HostConfig.CapAdd.0 to be like this"),
        ({"host_CapDrop": ["CHOWN"]}, "HostConfig.CapDrop.0 to be like this"),
        ({"host_CapDrop": None}, "A desktop has no capabilities"),
        ({"host_CapDrop": []}, "HostConfig.CapDrop to be like this"),
        ({"host_ReadonlyRootfs": False}, "HostConfig.ReadonlyRootfs to be like this"),
        ({"host_ReadonlyRootfs": None}, "and a ReadonlyRootfs"),
        ({"host_SecurityOpt": []}, "no way to new rights"),
        ({"host_SecurityOpt": ["no-new-privileges:false"]}, "no way to new rights"),
        ({"host_SecurityOpt": ["no-new-privileges", "seccomp=unconfined"]}, "security options are those of Deskbay"),
        ({"host_SecurityOpt": ["no-new-privileges", "apparmor=unconfined"]}, "security options are those of Deskbay"),
        ({"host_SecurityOpt": ["no-new-privileges", "seccomp=/etc/passwd"]}, "is not in the server's folder"),
        ({"host_NetworkMode": "host"}, "a network of its server's own, or none"),
        ({"host_NetworkMode": "container:theirs"}, "a network of its server's own, or none"),
        ({"host_NetworkMode": ""}, "a network of its server's own, or none"),
        ({"host_NetworkMode": "bridge"}, "The network bridge is not a desktop server's"),
        ({"host_Binds": ["/:/host"]}, "/ is not in the server's folder"),
        ({"host_Binds": ["/run/docker.sock:/run/docker.sock"]}, "/run/docker.sock is not"),
        ({"host_Binds": ["{data}/../../etc:/x"]}, "is no place that desktops have"),
        ({"host_Binds": ["{data}/out:/x"]}, "is not in the server's folder"),
        ({"host_Binds": ["{data}/out/passwd:/x"]}, "is not in the server's folder"),
        ({"host_Binds": ["{data}/link:/x"]}, "and the guard lets nothing through that leads by links"),
        ({"host_Binds": ["/proc/self/cwd/home:/x"]}, "and the guard lets nothing through that leads by links"),
        ({"host_Binds": ["{data}/nothing:/x"]}, "is not there"),
        ({"host_Binds": ["{data}/\0:/x"]}, "is not there"),
        ({"host_Binds": ["{data}-2:/x"]}, "is not"),
        ({"host_Binds": ["{data}/home:/x:rw,shared"]}, "is no folder or volume as desktops have them"),
        ({"host_Binds": ["{data}/home:x"]}, "is no folder or volume"),
        ({"host_Binds": ["/var/lib"]}, "is no folder or volume"),
        ({"host_Binds": ["theirs:/x"]}, "theirs is no place that desktops have"),
        ({"host_PortBindings": {"5907/tcp": [{"HostIp": "10.0.0.1", "HostPort": ""}]}}, "HostIp to be like this"),
        ({"host_PortBindings": {"5907/tcp": [{"HostIp": "127.0.0.1", "HostPort": "22"}]}}, "HostPort to be like this"),
        ({"host_PidsLimit": -1}, "PidsLimit to be like this"),
        ({"host_Memory": 0}, "Memory to be like this"),
        ({"host_Memory": None}, "Memory to be like this"),
        ({"host_LogConfig": {"Type": "syslog", "Config": {}}}, "LogConfig"),
        ({"host_Tmpfs": {"/tmp": "exec"}}, "Tmpfs"),
        ({"host_Tmpfs": {"/etc": "rw,nosuid,nodev,mode=755,size=1m"}}, "Tmpfs"),
        ({"Image": "../containers/theirs"}, "No desktop needs Image to be like this"),
        ({"Image": "a/../../info"}, "No desktop needs Image to be like this"),
        ({"Image": "a?x=/b#"}, "No desktop needs Image to be like this"),
        ({"User": "root"}, "No desktop needs User to be like this"),
        ({"Labels": {}}, "has the label deskbay.server, and this has not"),
        (
            {"Labels": {**OURS, "deskbay.desktop": "d", "com.example.run": "x"}},
            "No desktop needs Labels.com.example.run",
        ),
        ({"WorkingDir": "/proc/self/fd/8"}, "No desktop needs WorkingDir to be like this"),
        ({"Labels": {"deskbay.server": "5e", "deskbay.runtime": "box"}}, "has the label deskbay.desktop"),
        ({"Labels": FOREIGN_LABELS, "User": None, "host_CapDrop": None, "host_Privileged": True}, "Privileged"),
    ],
)
@pytest.mark.usefixtures("links")
async def test_what_is_not_as_a_desktop_has_it_is_refused(
    judge: Judge, data: Path, double: RememberingEngine, changes: dict[str, object], why: str
) -> None:
    if binds := changes.get("host_Binds"):
        assert isinstance(binds, list)
        changes = {"host_Binds": [bind.replace("{data}", str(data)) for bind in binds]}
    with pytest.raises(Refused, match=why):
        await judge.judge(creation(a_container(data, **changes)))
    assert double.changes == []


async def test_podman_reads_the_filter_from_a_file_that_has_to_be_it(judge: Judge, roots: Path) -> None:
    file = roots / "system-calls.json"
    wish = creation(a_container(roots, host_SecurityOpt=["no-new-privileges", f"seccomp={file}"]))
    file.write_text(SYSTEM_CALLS)
    assert str(file).encode() in ((await judge.judge(wish)).body or b"")
    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    with pytest.raises(Refused, match="security options are those of Deskbay"):
        await judge.judge(wish)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"null"])
async def test_a_description_that_is_none_is_refused(judge: Judge, body: bytes) -> None:
    with pytest.raises(Refused):
        await judge.judge(Request("POST", "", "/containers/create", {"name": DESKTOP}, body))


@pytest.mark.parametrize("name", ["", "theirs", f"{DESKTOP}/x", DESKTOP.upper()])
async def test_a_container_is_called_as_desktops_are(judge: Judge, data: Path, name: str) -> None:
    with pytest.raises(Refused, match="is called deskbay-"):
        await judge.judge(creation(a_container(data), name))


async def test_what_is_said_twice_is_sent_on_once(judge: Judge, roots: Path) -> None:
    text = body_of(a_container(roots)).decode()
    twice = f'{{"HostConfig": {{"Privileged": true}}, {text[1:]}'.encode()
    passage = await judge.judge(Request("POST", "", "/containers/create", {"name": DESKTOP}, twice))
    assert b"Privileged" not in (passage.body or b"Privileged")
    assert (passage.body or b"").count(b"HostConfig") == 1


async def test_what_starts_is_what_was_looked_at_and_no_other_of_its_name(
    judge: Judge, double: RememberingEngine
) -> None:
    await judge.judge(Request("POST", "", f"/containers/{DESKTOP}/start"))
    assert double.asked == [("GET", f"/containers/{DESKTOP}/json")]


async def test_folders_are_looked_at_again_when_it_starts(judge: Judge, double: RememberingEngine, data: Path) -> None:
    (data / "home").rmdir()
    (data / "home").symlink_to("/etc")
    with pytest.raises(Refused, match="is not in the server's folder"):
        await judge.judge(Request("POST", "", f"/containers/{DESKTOP}/start"))
    assert double.changes == []


async def test_a_volume_whose_folder_was_moved_out_is_not_mounted(judge: Judge, data: Path) -> None:
    (data / "volume").rmdir()
    (data / "volume").symlink_to("/etc")
    with pytest.raises(Refused, match="is not in the server's folder"):
        await judge.judge(creation(a_container(data)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"User": "0:0"}, "runs as its user, 998:998"),
        ({"User": "998:0"}, "runs as its user"),
        ({"User": "1000:1000"}, "runs as its user"),
        ({"User": None}, "runs as its user"),
        ({"User": "0:0", "host_CapAdd": ["SETUID"]}, "no capability is added"),
        ({"Labels": FOREIGN_LABELS, "User": None, "host_CapDrop": None}, "runs as its user"),
        ({"Labels": FOREIGN_LABELS, "host_CapDrop": None}, "has no capability"),
        ({"Labels": FOREIGN_LABELS, "host_ReadonlyRootfs": None}, "can change nothing of its image"),
        ({"Labels": FOREIGN_LABELS, "User": None, "host_CapDrop": None, "host_Binds": []}, None),
    ],
)
async def test_a_server_that_is_not_root_makes_none_who_is(
    strict: Judge, servers: Path, changes: dict[str, object], why: str | None
) -> None:
    wish = creation(a_container(servers, **changes))
    if why is None:
        assert (await strict.judge(wish)).path == "/containers/create"
        return
    with pytest.raises(Refused, match=why):
        await strict.judge(wish)


async def test_its_images_are_looked_through_once_and_named_by_their_id(
    strict: Judge, double: RememberingEngine, servers: Path
) -> None:
    wish = a_container(servers, Image="desktop")
    for _ in range(2):
        assert b'"Image":"sha256:desktop"' in ((await strict.judge(creation(wish))).body or b"")
    assert double.changes == [("POST", "/containers/create"), ("DELETE", "/containers/c9?force=1&v=1")]


async def test_who_leaves_while_an_image_is_looked_through_leaves_nothing_and_need_not_wait_again(
    strict: Judge, double: RememberingEngine, servers: Path
) -> None:
    double.may_make.clear()
    judging = asyncio.create_task(strict.judge(creation(a_container(servers))))
    await double.is_making.wait()
    judging.cancel()
    double.may_make.set()
    with pytest.raises(asyncio.CancelledError):
        await judging
    await strict.judge(creation(a_container(servers)))
    assert double.changes == [("POST", "/containers/create"), ("DELETE", "/containers/c9?force=1&v=1")]


async def test_an_image_with_the_servers_user_in_it_is_refused(
    strict: Judge, double: RememberingEngine, servers: Path
) -> None:
    double.passwd = b"root:x:0:0::/:/bin/sh\neve:x:998:0::/:/bin/sh\n"
    for _ in range(2):
        with pytest.raises(Refused, match="has a user with the server's number, 998"):
            await strict.judge(creation(a_container(servers)))
    assert double.changes[1] == ("DELETE", "/containers/c9?force=1&v=1")


async def test_podman_is_for_servers_that_are_root(strict: Judge, double: RememberingEngine, servers: Path) -> None:
    double.name = "Podman Engine"
    with pytest.raises(Refused, match="it needs a server as root"):
        await strict.judge(creation(a_container(servers)))
    assert double.changes == []


def volume(**changes: object) -> dict[str, object]:
    options = {"type": "none", "o": "bind", "device": "{data}/volume"}
    return {"Name": VOLUME, "Labels": {**OURS, "deskbay.volume": "v"}, "DriverOpts": options, **changes}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"Name": "theirs"}, "Name to be like this"),
        ({"Labels": OURS}, "has the label deskbay.volume"),
        ({"Driver": "other"}, r"No desktop needs Driver\."),
        ({"DriverOpts": {}}, "DriverOpts"),
        ({"DriverOpts": {"type": "none", "o": "bind", "device": "/"}}, "/ is not in the server's folder"),
        ({"DriverOpts": {"type": "ext4", "o": "bind", "device": "/dev/sda"}}, "type to be like this"),
        ({"DriverOpts": {"type": "none", "o": "bind,suid", "device": "{data}/volume"}}, "o to be like this"),
    ],
)
async def test_volumes_are_of_folders_of_the_servers(
    judge: Judge, data: Path, changes: dict[str, object], why: str | None
) -> None:
    body = body_of(volume(**changes)).replace(b"{data}", str(data).encode())
    wish = Request("POST", "", "/volumes/create", {}, body)
    if why is None:
        assert str(data / "volume").encode() in ((await judge.judge(wish)).body or b"")
        return
    with pytest.raises(Refused, match=why):
        await judge.judge(wish)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"Name": "bridge"}, "Name to be like this"),
        ({"Driver": "macvlan"}, "Driver to be like this"),
        ({"Options": {"com.docker.network.bridge.name": "br0"}}, "Options.com.docker.network.bridge"),
        ({"IPAM": {"Config": [{"Subnet": "10.0.0.0/8"}]}}, r"No desktop needs IPAM\."),
        ({"Attachable": True}, r"No desktop needs Attachable\."),
        ({"Labels": {}}, "has the label deskbay.server"),
    ],
)
async def test_networks_are_as_desktops_have_them(judge: Judge, changes: dict[str, object], why: str | None) -> None:
    wish = Request("POST", "", "/networks/create", {}, body_of({**NETWORK, **changes}))
    if why is None:
        assert b"enable_icc" in ((await judge.judge(wish)).body or b"")
        return
    with pytest.raises(Refused, match=why):
        await judge.judge(wish)
