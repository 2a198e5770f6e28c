"""What the agent keeps on a device."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskbay.agent.connection import Address
from deskbay.agent.state import (
    FOREVER,
    AlreadyRunning,
    Choices,
    NotPaired,
    Pairing,
    Policy,
    StateFolder,
    folder_of_this_device,
)

POLICY = Policy(
    tracking=True,
    titles=True,
    run="5e0e",
    excluded=frozenset({"xterm"}),
    paused_until=datetime(2026, 1, 5, tzinfo=UTC),
)


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state" / "agent")


def test_nobody_else_may_look(state: StateFolder, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        state.keep_pairing(Pairing(Address("https://desk.example.org"), "dd_token"))
        other = StateFolder(tmp_path / "other")
    finally:
        os.umask(before)
    assert stat.S_IMODE(other.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((state.path / "pairing.json").stat().st_mode) == 0o600


def test_a_pairing_is_kept(state: StateFolder, tmp_path: Path) -> None:
    with pytest.raises(NotPaired, match="deskbay agent pair"):
        state.pairing(inside=tmp_path / "none")
    kept = Pairing(Address("https://desk.example.org"), "dd_token")
    state.keep_pairing(kept)
    assert state.pairing(inside=tmp_path / "none") == kept
    assert "dd_token" not in repr(kept)


def test_inside_a_desktop_the_pairing_is_there(state: StateFolder, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("dd_inside\n")
    assert state.pairing(inside=tmp_path) == Pairing(Address(f"unix:{tmp_path}/server/server.sock"), "dd_inside")
    (tmp_path / "server-url").write_text("https://desk.example.org")
    assert state.pairing(inside=tmp_path) == Pairing(Address("https://desk.example.org"), "dd_inside")


def test_before_the_server_said_anything_nothing_may_be_tracked(state: StateFolder) -> None:
    assert state.policy() == Policy(tracking=False)


def test_policy_and_choices_are_kept(state: StateFolder) -> None:
    state.keep_policy(POLICY)
    assert state.policy() == POLICY
    before = state.choices_changed_at()
    state.keep_choices(Choices(FOREVER, frozenset({"a", "b"})))
    assert state.choices() == Choices(FOREVER, frozenset({"a", "b"}))
    assert state.choices_changed_at() != before


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_file_permits_nothing(state: StateFolder, text: str) -> None:
    (state.path / "policy.json").write_text(text)
    assert state.policy() == Policy(tracking=False)


@pytest.mark.parametrize("value", [None, [], {"paused_until": "never"}])
def test_what_is_no_policy(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Policy.from_json(value)


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_only_a_clear_yes_permits_tracking(value: object) -> None:
    assert Policy.from_json({"tracking": value}).tracking is False


def test_one_agent_at_a_time(state: StateFolder) -> None:
    assert not state.is_running()
    lock = state.lock()
    with pytest.raises(AlreadyRunning):
        state.lock()
    assert state.is_running()
    os.close(lock)
    assert not state.is_running()


def test_each_device_has_a_folder_of_its_own_in_a_shared_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    machine = Path("/etc/machine-id")
    name = machine.read_text().strip() if machine.exists() else "device"
    assert folder_of_this_device().path == tmp_path / "deskbay" / f"agent-{name or 'device'}"
