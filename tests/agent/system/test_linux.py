"""What only Linux has."""

from pathlib import Path

import pytest
from tests.agent.system.programs import noting
from tests.serving import eventually

from deskbay.agent.system import linux


def test_a_message_goes_to_the_desktops_notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = noting(tmp_path, "notify-send")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    linux.notify("Idle since 10:00; `reboot` $(reboot)")
    eventually(heard.exists, "it is shown")
    assert heard.read_text() == "--app-name=Deskbay|--|Deskbay|Idle since 10:00; `reboot` $(reboot)|"


def test_where_nothing_shows_notifications_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    linux.notify("Nobody hears this.")


def test_what_is_kept_lies_where_the_person_wants_such_things() -> None:
    assert linux.state_home({"XDG_STATE_HOME": "/state"}) == Path("/state/deskbay")
    assert linux.state_home({}) == Path.home() / ".local" / "state" / "deskbay"


def test_one_boot_has_one_name() -> None:
    assert linux.boot_of(1) == linux.boot_of(2)
