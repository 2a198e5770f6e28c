"""What the people inside a desktop can reach, tried from inside."""

import asyncio
import fcntl
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from tests.desktops.runtimes.local.conftest import WAIT_SECONDS, Stage, descendants, first_process

from deskbay.desktops.runtimes import Network, Presence
from deskbay.desktops.runtimes.local.liveness import until

BEN = UUID(int=0xB)
SIOCGIFADDR = 0x8915


def knock(host: str, port: int) -> str:
    """A script that says whether it could connect."""
    return f"timeout 3 bash -c 'exec 9<>/dev/tcp/{host}/{port} && head -c5 <&9' || echo shut"


def reach(host: str) -> str:
    """A script that says why it can't connect, where nobody listens."""
    return f"exec 9<>/dev/tcp/{host}/9"


@asynccontextmanager
async def listening(host: str, port: int = 0) -> AsyncIterator[int]:
    """A server on this computer that greets."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, host, port)
    async with server:
        yield server.sockets[0].getsockname()[1]


class TestNetworks:
    @pytest.mark.parametrize("address", ["127.0.0.1", "10.0.2.2", "10.0.2.3", "localhost", "::1"])
    @pytest.mark.parametrize("network", [Network.NONE, Network.INTERNET])
    async def test_the_hosts_loopback_is_out_of_reach(self, stage: Stage, network: Network, address: str) -> None:
        async with listening("127.0.0.1") as port:
            answer = await stage.ask(knock(address, port), stage.spec(network=network))
        assert answer.splitlines()[-1] == "shut"

    async def test_the_hosts_loopback_is_in_reach_on_the_hosts_network(self, stage: Stage) -> None:
        async with listening("127.0.0.1") as port:
            assert await stage.ask(knock("127.0.0.1", port), stage.spec(network=Network.HOST)) == "hello"

    async def test_the_way_out_leads_out(self, stage: Stage) -> None:
        """To an address of this computer where nobody listens: it answers so, which takes a way there and back."""
        outward = address_of_this_computer()
        if outward is None:
            pytest.skip("this computer has no address but its loopback's")
        assert "Connection refused" in await stage.ask(reach(outward), stage.spec(network=Network.INTERNET))

    async def test_where_there_is_no_network_there_is_no_way_out(self, stage: Stage) -> None:
        assert "Network is unreachable" in await stage.ask(reach("192.0.2.1"), stage.spec(network=Network.NONE))

    async def test_names_are_asked_of_the_router(self, stage: Stage) -> None:
        assert await stage.ask("cat /etc/resolv.conf", stage.spec(network=Network.INTERNET)) == "nameserver 10.0.2.3"
        assert await stage.ask("cat /etc/resolv.conf", stage.spec(network=Network.NONE)) == ""

    @pytest.mark.parametrize(
        ("network", "seen"), [(Network.NONE, False), (Network.INTERNET, False), (Network.HOST, True)]
    )
    async def test_abstract_sockets_belong_to_a_network(self, stage: Stage, network: Network, *, seen: bool) -> None:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"\0deskbay-{os.getpid()}")
            listener.listen()
            answer = await stage.ask("cat /proc/net/unix", stage.spec(network=network))
        assert (f"@deskbay-{os.getpid()}" in answer) is seen

    @pytest.mark.parametrize("network", list(Network))
    async def test_a_display_has_no_socket_that_others_see(self, stage: Stage, network: Network) -> None:
        spec = await stage.start(stage.spec(network=network))
        process = first_process(stage, spec)
        listeners = await asyncio.to_thread(Path(f"/proc/{process}/net/unix").read_text)
        number = 100 + spec.desktop.int % 50_000 if network is Network.HOST else 1
        assert f"@/tmp/.X11-unix/X{number}\n" not in listeners


def address_of_this_computer() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                answer = fcntl.ioctl(any_socket, SIOCGIFADDR, struct.pack("256s", name.encode()))
                if not (address := socket.inet_ntoa(answer[20:24])).startswith("127."):
                    return address
    return None


async def test_desktops_see_no_other_processes(stage: Stage) -> None:
    other = await stage.start(stage.spec())
    seen = await stage.ask("for p in /proc/[0-9]*; do cat $p/cmdline | tr '\\0' ' '; echo; done")
    assert "start.sh probe" in seen
    assert "openbox" not in seen
    assert await stage.ask("readlink /proc/self/ns/pid") != process_namespace()
    assert (await stage.runtime.observe(other.desktop)).presence is Presence.READY


def process_namespace() -> str:
    """The one that this process is in."""
    return str(Path("/proc/self/ns/pid").readlink())


async def test_each_desktop_has_its_own_temporary_files(stage: Stage) -> None:
    each = "for d in /tmp /var/tmp /dev/shm /run/user; do"
    script = f"{each} ls -A $d | grep -v -e X11 -e '^[0-9]*$'; touch $d/mine; ls $d/mine; done"
    first = await stage.ask(script)
    assert first.split() == ["/tmp/mine", "/var/tmp/mine", "/dev/shm/mine", "/run/user/mine"]
    assert await stage.ask(script) == first
    assert stage.data.parent.name not in await stage.ask("find /tmp")


async def test_a_home_is_kept_and_is_its_persons_alone(stage: Stage) -> None:
    script = "cat ~/secret; echo of-ann >~/secret; stat -c %a ~; ls /home; touch ~/x && rm ~/x"
    assert (await stage.ask(script)).splitlines()[-2:] == ["700", "user"]
    assert (await stage.ask(script)).splitlines()[0] == "of-ann"
    ben = replace(stage.spec(), owner=BEN, owner_id=11, owner_name="Ben")
    assert "of-ann" not in await stage.ask("grep -rs of-ann / --include=secret; cat ~/secret", ben)


async def test_the_servers_data_is_out_of_reach(stage: Stage) -> None:
    (stage.data / "server.key").parent.mkdir(exist_ok=True)
    (stage.data / "server.key").write_text("secret of the server")
    spec = stage.spec()
    answer = await stage.ask(f"ls -d {stage.data} /root /srv /work /mnt /media 2>&1; ls / /run /opt /var", spec)
    assert "server.key" not in answer
    assert f"cannot access '{stage.data}'" in answer
    assert "cannot access '/root'" in answer
    assert {"deskbay", "user"} <= set(answer.split())


async def test_the_sockets_of_desktops_are_out_of_reach(stage: Stage) -> None:
    other = await stage.start(stage.spec())
    found = await stage.ask("find / -xdev -type s 2>/dev/null; find /tmp /run /home -type s 2>/dev/null; true")
    assert {Path(line).name for line in found.splitlines()} <= {"X1", "bus.sock"}
    assert (await stage.runtime.display(other.desktop)).path.is_socket()
    assert (await stage.runtime.display(other.desktop)).path.stat().st_mode & 0o077 == 0


async def test_system_files_are_for_reading(stage: Stage) -> None:
    files = "/usr/x /etc/x /opt/deskbay/x /etc/passwd /run/deskbay/lock"
    tried = f"for f in {files} ~/x; do (echo >>$f) 2>/dev/null && echo wrote $f; done; true"
    assert await stage.ask(tried) == "wrote /home/user/x"


async def test_nobody_has_any_right_over_the_system(stage: Stage) -> None:
    rights = await stage.ask("grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status; id -u; whoami; hostname")
    assert rights.split()[1:10:2] == ["0" * 16] * 5
    assert "NoNewPrivs:\t1" in rights
    number, name, host = rights.splitlines()[-3:]
    assert (name, host) == ("ann", "deskbay")
    assert int(number) == (1_900_000_010 if os.geteuid() == 0 else 1000)


async def test_people_have_numbers_of_their_own(stage: Stage) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user has only the own number to give")
    ann, ben = stage.spec(), replace(stage.spec(), owner=BEN, owner_id=11)
    assert await stage.ask("id -u", ann) != await stage.ask("id -u", ben)
    assert stage.home(ann).stat().st_uid == 1_900_000_010
    assert stage.home(ben).stat().st_uid == 1_900_000_011


async def test_no_open_file_of_the_server_gets_in(stage: Stage) -> None:
    inside, outside = os.pipe()
    os.set_inheritable(outside, True)
    leaked = f"pipe:[{os.fstat(outside).st_ino}]"
    try:
        files = await stage.ask("ls -l /proc/*/fd 2>/dev/null")
    finally:
        os.close(inside)
        os.close(outside)
    assert leaked not in files
    named = {line.split(" -> ")[1] for line in files.splitlines() if " -> " in line}
    mine = {name for name in named if str(stage.data) in name}
    assert {Path(name).name for name in mine} <= {"log", "state"}


async def test_liveness_can_not_be_forged_from_inside(stage: Stage) -> None:
    """Locks taken, given up and fought for inside change nothing about what the server sees and ends."""
    script = """
        python3 - <<'PYTHON'
import fcntl, os, time
taken = []
for name in ("/run/deskbay/lock", "/proc/self/fd/3", "/proc/self/fd/1", "/proc/1/fd/1"):
    for mode in (os.O_RDONLY, os.O_RDWR):
        try:
            file = os.open(name, mode)
            kind = fcntl.LOCK_SH if mode == os.O_RDONLY else fcntl.LOCK_EX
            fcntl.lockf(file, kind | fcntl.LOCK_NB)
            taken.append(file)
        except OSError:
            pass
for number in range(3, 10):
    try:
        fcntl.flock(number, fcntl.LOCK_UN)
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    os.close(1); os.close(2)
    try:
        fcntl.lockf(os.open("/run/deskbay/lock", os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        pass
    time.sleep(1000)
PYTHON
        rm -f /run/deskbay/lock; echo done
    """
    spec = stage.spec()
    assert (await stage.ask(script, spec)).endswith("done")
    assert (await stage.runtime.observe(spec.desktop)).presence is Presence.READY
    await stage.runtime.end(spec.desktop)
    assert stage.leftovers(spec) == []


async def test_chromium_runs_in_its_own_sandbox(stage: Stage) -> None:
    spec = await stage.start(stage.spec("browser", Network.INTERNET))
    first = first_process(stage, spec)
    async with asyncio.timeout(WAIT_SECONDS):
        await until(lambda: any(status_of(process).get("Seccomp") == ["2"] for process in renderers_below(first)))
    assert not any("--no-sandbox" in arguments_of(process) for process in descendants(first))
    outside = len(status_of(first)["NSpid"])
    inside = [status for process in renderers_below(first) if (status := status_of(process))]
    assert all(len(status["NSpid"]) > outside for status in inside)


def renderers_below(first: int) -> list[int]:
    return [process for process in descendants(first) if "--type=renderer" in arguments_of(process)]


def has_renderers(first: int) -> bool:
    return bool(renderers_below(first))


def arguments_of(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    return ""


def status_of(process: int) -> dict[str, list[str]]:
    """Empty when it is gone."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    return {}


async def test_two_browsers_of_a_person_share_no_settings_at_a_time(stage: Stage) -> None:
    for _ in range(2):
        spec = await stage.start(stage.spec("browser"))
        first = first_process(stage, spec)
        async with asyncio.timeout(WAIT_SECONDS):
            await until(partial(has_renderers, first))
    settings = {
        word.removeprefix("--user-data-dir=")
        for desktop in await stage.runtime.owned()
        for process in descendants(first_process(stage, replace(spec, desktop=desktop)))
        for word in arguments_of(process).split()
        if word.startswith("--user-data-dir=")
    }
    assert len(settings) == 2
    assert "/home/user/.config/chromium" in settings
