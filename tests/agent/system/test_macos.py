"""What only macOS has, as far as it can be seen elsewhere."""

from pathlib import Path

import pytest
from tests.agent.system.programs import noting
from tests.serving import eventually

from deskbay.agent.system import macos


def test_a_message_is_given_to_a_script_as_a_word_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = noting(tmp_path, "osascript")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    macos.notify('" & do shell script "reboot')
    eventually(heard.exists, "it is shown")
    *script, text, _ = heard.read_text().split("|")
    assert text == '" & do shell script "reboot'
    assert script[-1] == "--"
    assert not any("reboot" in word for word in script)


def test_without_scripts_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    macos.notify("Nobody hears this.")


def test_what_is_kept_lies_in_the_persons_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert macos.state_home() == tmp_path / "Library" / "Application Support" / "Deskbay"
