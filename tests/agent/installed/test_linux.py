"""The applications of Linux."""

from pathlib import Path

import pytest

from deskbay.agent.installed.linux import installed


def test_what_is_in_the_menus_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "applications" / "probe.desktop"
    file.parent.mkdir()
    file.write_text("[Desktop Entry]\nType=Application\nName=Probe\nExec=probe %U\n")
    assert installed()["probe"].command == ("probe",)
