"""The runtime under a server that is not root's. Tests that are root's become a user without rights for it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.desktops.runtimes.local.conftest import PROBE_SESSION, processes_using
from tests.desktops.runtimes.local.test_isolation import knock, listening

import deskbay
from deskbay.desktops.runtimes import Network
from deskbay.desktops.runtimes.local.runtime import PROFILES

NUMBER = 65_432
SCRIPT = Path(__file__).with_name("as_ordinary_user.py")
SYSTEM_PYTHON = "/usr/bin/python3"

WITH_TUNNEL = 'mode="$1"; shift; mknod -m "$mode" "$0" c 10 200 && mount --bind "$0" /dev/net/tun && exec "$@"'
"""In a mount namespace of its own, the device has rights of its own."""

OPEN, CLOSED = "666", "600"
"""To all, as it is on most computers; and to root alone."""

IS_OPEN = os.access("/dev/net/tun", os.R_OK | os.W_OK)


@dataclass
class Ordinary:
    """A user who may read a copy of the source and write to one folder."""

    folder: Path

    def run(self, script: str, network: Network, *, tunnel: str = OPEN) -> dict[str, str]:
        (self.folder / "profiles" / "probe" / "script.sh").write_text(script)
        command = [SYSTEM_PYTHON, str(self.folder / "script.py"), *self._arguments(network)]
        if os.geteuid() == 0:
            command = [*self._with_tunnel(tunnel), *self._become_ordinary(), *command]
        else:
            command[0] = sys.executable
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder / "source")}
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        seen: dict[str, str] = json.loads(done.stdout)
        return seen

    def _arguments(self, network: Network) -> list[str]:
        return [str(self.folder / "data"), str(self.folder / "profiles"), network]

    def _with_tunnel(self, rights: str) -> list[str]:
        return ["unshare", "--mount", "sh", "-c", WITH_TUNNEL, str(self.folder / "tunnel"), rights]

    def _become_ordinary(self) -> list[str]:
        return ["setpriv", "--reuid", str(NUMBER), "--regid", str(NUMBER), "--clear-groups"]


@pytest.fixture
def ordinary() -> Iterator[Ordinary]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        shutil.copytree(Path(deskbay.__file__).parent, path / "source" / "deskbay")
        shutil.copytree(PROFILES, path / "profiles")
        (path / "profiles" / "probe").mkdir()
        (path / "profiles" / "probe" / "session.sh").write_text(PROBE_SESSION)
        shutil.copy(SCRIPT, path / "script.py")
        (path / "data").mkdir()
        if os.geteuid() == 0:
            os.chown(path / "data", NUMBER, NUMBER)
        yield Ordinary(path)
        assert processes_using(path) == []


def test_a_desktop_starts_and_leaves_nothing(ordinary: Ordinary) -> None:
    seen = ordinary.run("id -u; whoami; grep CapEff /proc/self/status; touch ~/x && echo home", Network.NONE)
    assert seen["answer"].split() == ["1000", "ann", "CapEff:", "0" * 16, "home"]
    assert (seen["seen"], seen["left"]) == ("ready", "[]")
    assert int(seen["user"]) == (NUMBER if os.geteuid() == 0 else os.geteuid())


@pytest.mark.parametrize("network", [Network.NONE, Network.INTERNET])
async def test_the_hosts_loopback_is_out_of_reach(ordinary: Ordinary, network: Network) -> None:
    async with listening("127.0.0.1") as port:
        script = ";".join(knock(address, port) for address in ("127.0.0.1", "10.0.2.2", "10.0.2.3"))
        script = f"{script}; cut -f1 /proc/net/route | tail -n +2 | sort -u"
        seen = await asyncio.to_thread(ordinary.run, script, network)
    answer = [line for line in seen["answer"].splitlines() if "connect" not in line and "/dev/tcp" not in line]
    assert answer == ["shut", "shut", "shut", *(["tap0"] if network is Network.INTERNET else [])]


def test_the_servers_files_are_out_of_reach(ordinary: Ordinary) -> None:
    (ordinary.folder / "data" / "server.key").write_text("secret of the server")
    script = f"cat {ordinary.folder}/data/server.key; ls -d {ordinary.folder}; ls -A /tmp"
    answer = ordinary.run(script, Network.NONE)["answer"]
    assert "secret" not in answer
    assert f"cannot access '{ordinary.folder}'" in answer


@pytest.mark.skipif(os.geteuid() != 0 and IS_OPEN, reason="this user may use the tunnel, and only root can close it")
def test_a_tunnel_that_may_not_be_used_is_explained(ordinary: Ordinary) -> None:
    seen = ordinary.run("true", Network.INTERNET, tunnel=CLOSED)
    assert "The server may not use /dev/net/tun. As root, run:" in seen["refused"]
    assert "chmod 666 /dev/net/tun" in seen["refused"]


@pytest.mark.skipif(os.geteuid() != 0, reason="takes a second user")
def test_a_home_of_another_user_is_refused(ordinary: Ordinary) -> None:
    home = ordinary.folder / "data" / "homes" / "00000000-0000-0000-0000-000000000001"
    home.mkdir(parents=True)
    (home / "letter").touch()
    seen = ordinary.run("true", Network.NONE)
    assert f"The home {home} belongs to another user of this computer" in seen["refused"]
    assert f"chown -R {NUMBER}:{NUMBER} {home}" in seen["refused"]
    assert seen["left"] == "[]"
