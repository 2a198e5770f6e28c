import stat
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from deskbay.desktops.runtimes import LaunchSpec, Network
from deskbay.desktops.runtimes.local.folders import DesktopFolder
from deskbay.desktops.runtimes.local.identity import identity_of
from deskbay.desktops.runtimes.local.sandbox import Sandbox


def sandbox(folder: Path, network: Network = Network.NONE, owner_name: str = "Ann", name: str = "D") -> Sandbox:
    spec = LaunchSpec(UUID(int=1), UUID(int=2), 10, owner_name, name, "desktop", network, 512, 1.0, 1024, 768)
    own = DesktopFolder.of(folder, spec.desktop)
    own.create()
    return Sandbox(spec, identity_of(10), own, folder / "home", folder / "assets", folder / "door")


@pytest.mark.parametrize(("owner_name", "login"), [
    ("ann", "ann"),
    ("Ann Lee", "annlee"),
    ("ann@example.org", "annexampleorg"),
    ("root:x:0:0\n", "rootx00"),
    ("Łukasz", "ukasz"),
    ("42", "user"),
    ("名前", "user"),
    ("", "user"),
    ("a" * 64, "a" * 32),
])  # fmt: skip
def test_a_login_name_has_plain_letters_alone(tmp_path: Path, owner_name: str, login: str) -> None:
    assert sandbox(tmp_path, owner_name=owner_name).login == login


def test_nothing_that_a_person_names_is_on_the_command_line(tmp_path: Path) -> None:
    command = sandbox(tmp_path, owner_name="$(reboot)", name="; reboot").command(7, 8)
    assert not any("reboot;" in word or "$(" in word or "; reboot" in word for word in command)


def test_the_command_ends_with_the_start_script(tmp_path: Path) -> None:
    assert sandbox(tmp_path).command(7, 8)[-4:] == ["sh", "/opt/deskbay/start.sh", "desktop", "1024x768"]


@pytest.mark.parametrize(("network", "apart"), [(Network.NONE, True), (Network.INTERNET, True), (Network.HOST, False)])
def test_only_the_hosts_network_is_shared(tmp_path: Path, network: Network, *, apart: bool) -> None:
    command = sandbox(tmp_path, network).command(7, 8)
    assert ("--unshare-net" in command) is apart
    assert {"--unshare-pid", "--unshare-ipc", "--unshare-uts"} <= set(command)


def test_the_environment_is_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKBAY_SECRET", "secret")
    environment = sandbox(tmp_path).environment()
    assert "DESKBAY_SECRET" not in environment
    assert environment["DISPLAY"] == ":1"
    assert environment["HOME"] == "/home/user"


def test_a_display_on_the_hosts_network_has_a_number_of_its_own(tmp_path: Path) -> None:
    assert sandbox(tmp_path, Network.HOST).environment()["DISPLAY"] == ":101"


def test_without_a_token_there_is_no_agent(tmp_path: Path) -> None:
    assert not any("agent" in word or "/run/deskbay/server" in word for word in sandbox(tmp_path).command(7, 8))


def test_the_agent_finds_its_token_and_the_servers_socket_and_can_change_neither(tmp_path: Path) -> None:
    there = sandbox(tmp_path)
    with_agent = replace(there, spec=replace(there.spec, agent_token="dd_secret"))
    words = with_agent.command(7, 8)
    for place in ("/run/deskbay/token", "/run/deskbay/server", "/opt/deskbay-agent/deskbay/agent"):
        assert words[words.index(place) - 2] == "--ro-bind"
    assert words[words.index("/run/deskbay/server") - 1] == str(tmp_path / "door")
    token = with_agent.folder.agent_token
    assert (token.read_text(), stat.S_IMODE(token.stat().st_mode)) == ("dd_secret", 0o600)
    assert token.stat().st_uid == with_agent.identity.host_uid
    assert not any("dd_secret" in word for word in words)
    assert "dd_secret" not in repr(with_agent.spec)
