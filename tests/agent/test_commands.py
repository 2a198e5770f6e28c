"""What a person asks of the agent on the command line, in words and in JSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.agent.servers import Heard, loopback_server

from deskbay.agent.commands import DONE, FAILED, MISUSED, main
from deskbay.agent.state import FOREVER, StateFolder, Status, folder_of_this_device

SYSTEMCTL = """#!/bin/sh
echo "$@" >>"$HOME/systemctl"
exit {code}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def state() -> StateFolder:
    return folder_of_this_device()


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """Runs a command with --json. Gives its exit code and what it printed."""

    def run(*words: str) -> tuple[int, Any]:
        code = main([*words, "--json"])
        printed = capsys.readouterr()
        assert printed.err == ""
        return code, json.loads(printed.out)

    return run


Asked = Callable[..., tuple[int, Any]]


def test_a_pause_holds_until_it_is_taken_back(asked: Asked, state: StateFolder) -> None:
    assert asked("pause") == (DONE, {"paused_until": FOREVER.isoformat()})
    assert state.choices().paused_until == FOREVER
    assert asked("resume") == (DONE, {"paused_until": None})
    assert state.choices().paused_until is None


def test_a_pause_of_some_minutes(asked: Asked, state: StateFolder) -> None:
    code, document = asked("pause", "--minutes", "30")
    until = datetime.fromisoformat(document["paused_until"])
    assert code == DONE
    assert timedelta(minutes=29) < until - datetime.now(UTC) <= timedelta(minutes=30)
    assert state.choices().paused_until == until


def test_exclusions_stay_when_one_pauses(asked: Asked, state: StateFolder) -> None:
    assert asked("exclude", "Firefox-ESR") == (DONE, {"excluded": ["firefox-esr"]})
    assert asked("exclude", "xterm") == (DONE, {"excluded": ["firefox-esr", "xterm"]})
    asked("pause")
    asked("resume")
    assert asked("include", "firefox-esr") == (DONE, {"excluded": ["xterm"]})
    assert state.choices().excluded == {"xterm"}


def test_the_status_of_an_agent_that_does_not_run(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("status") == (FAILED, {"running": False, "excluded": []})
    assert main(["status"]) == FAILED
    assert "deskbay agent run" in capsys.readouterr().err


def test_the_status_of_one_that_runs(asked: Asked, state: StateFolder, capsys: pytest.CaptureFixture[str]) -> None:
    state.lock()
    status = Status(7, "1", "https://desk.example.org", False, True, False, 3, "nobody answers")
    state.keep_status(status)
    code, document = asked("status")
    assert (code, document["running"], document["waiting"]) == (DONE, True, 3)
    asked("exclude", "xterm")
    assert main(["status"]) == DONE
    told = capsys.readouterr().out
    for part in ("recording which applications you use", "nobody answers", "3 periods", "Never recorded: xterm"):
        assert part in told


@pytest.mark.parametrize("words", [[], ["dance"], ["pair"], ["pair", "https://x"], ["pause", "--minutes", "some"]])
def test_misuse(asked: Asked, words: list[str]) -> None:
    code, document = asked(*words)
    assert (code, document["type"]) == (MISUSED, "misuse")
    assert "--help" in document["detail"]


def test_pairing_tells_what_this_computer_is(asked: Asked, state: StateFolder) -> None:
    heard = Heard(status=201, answer={"device_id": 7, "token": "dd_token"})
    with loopback_server(heard) as port:
        code, document = asked("pair", f"http://127.0.0.1:{port}/", "K7QF2-M9XTC", "--name", "pc")
    ((_, path, token, body),) = heard.requests
    assert (code, document, path, token) == (DONE, {"name": "pc"}, "/api/v1/agent/pair", None)
    assert isinstance(body, dict)
    assert (body["code"], body["name"], body["system"]) == ("K7QF2-M9XTC", "pc", "linux")
    assert set(body) == {*("code", "name", "system", "system_release", "system_version", "architecture", "mac_address")}
    assert state.pairing(inside=Path("/nowhere")).token == "dd_token"


def test_a_pairing_that_is_refused_keeps_the_earlier_one(asked: Asked, state: StateFolder) -> None:
    with loopback_server(Heard(status=201, answer={"token": "dd_first"})) as port:
        asked("pair", f"http://127.0.0.1:{port}", "GOOD", "--name", "pc")
    with loopback_server(Heard(status=401, answer={"detail": "This code is wrong."})) as port:
        code, document = asked("pair", f"http://127.0.0.1:{port}", "WRONG", "--name", "pc")
    assert (code, document["detail"]) == (FAILED, "This code is wrong.")
    assert state.pairing(inside=Path("/nowhere")).token == "dd_first"


def test_a_server_in_the_clear_is_refused_before_the_code_is_sent(asked: Asked) -> None:
    code, document = asked("pair", "http://desk.example.org", "K7QF2-M9XTC")
    assert code == FAILED
    assert "https://" in document["detail"]


@pytest.mark.parametrize(("exit_code", "expected"), [(0, DONE), (1, FAILED)])
def test_a_service_starts_the_agent_with_each_sign_in(
    asked: Asked, home: Path, monkeypatch: pytest.MonkeyPatch, exit_code: int, expected: int
) -> None:
    program = home / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL.format(code=exit_code))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with loopback_server(Heard(status=201, answer={"token": "dd_token"})) as port:
        code, document = asked("pair", f"http://127.0.0.1:{port}", "CODE", "--name", "pc", "--service")
    assert code == expected
    unit = (home / ".config/systemd/user/deskbay-agent.service").read_text()
    assert "-m deskbay.agent run" in unit
    assert (home / "systemctl").read_text().startswith("--user daemon-reload\n")
    if expected == FAILED:
        assert "is written, but can't be started" in document["detail"]


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    for name in ("pair", "run", "status", "pause", "resume", "exclude", "include"):
        assert f"    {name} " in told
