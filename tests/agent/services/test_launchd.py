"""The agent that launchd starts, with a stand-in for `launchctl`."""

import os
import plistlib
import sys
from pathlib import Path

import pytest
from tests.agent.services.programs import noting

from deskbay.agent.failures import Failed
from deskbay.agent.services import launchd


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_it_starts_with_each_sign_in_and_what_it_brought_back_lives_on(home: Path) -> None:
    heard = noting(home, "launchctl", failing="print*")
    launchd.install()
    file = home / "Library" / "LaunchAgents" / "org.deskbay.agent.plist"
    written = plistlib.loads(file.read_bytes())
    assert written["ProgramArguments"] == [sys.executable, "-m", "deskbay.agent", "run"]
    assert (written["RunAtLoad"], written["AbandonProcessGroup"]) == (True, True)
    assert written["KeepAlive"] == {"SuccessfulExit": False}
    assert heard.read_text().splitlines()[1:] == [f"bootstrap gui/{os.getuid()} {file}"]


def test_one_that_is_there_is_taken_out_first(home: Path) -> None:
    heard = noting(home, "launchctl")
    launchd.install()
    words = [line.split()[0] for line in heard.read_text().splitlines()]
    assert words == ["print", "bootout", "bootstrap"]


def test_what_launchd_says_is_told(home: Path) -> None:
    noting(home, "launchctl", failing="print*|bootstrap*")
    with pytest.raises(Failed, match=r"is written, but can't be started: No, because\. Run: .+ run"):
        launchd.install()


def test_without_launchd_it_is_said_how_to_go_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(Failed, match="Run: "):
        launchd.install()
