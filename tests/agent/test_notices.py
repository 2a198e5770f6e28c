"""Messages for the person at the device."""

from pathlib import Path

import pytest
from tests.serving import eventually

from deskbay.agent.notices import show_notice


def test_a_message_goes_to_the_desktops_notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, heard = tmp_path / "notify-send", tmp_path / "heard"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >{heard}.new && mv {heard}.new {heard}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    show_notice("Idle since 10:00; `reboot` $(reboot)")
    eventually(heard.exists, "it is shown")
    assert heard.read_text() == "--app-name=Deskbay|Deskbay|Idle since 10:00; `reboot` $(reboot)|"


def test_where_nothing_shows_notifications_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    show_notice("Nobody hears this.")
