"""The command line itself: misuse, JSON everywhere, and the page that documents it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.cli.conftest import Deskbay

from deskbay.cli import app
from deskbay.cli.failures import ExitCode

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "command-line.md"


def commands(typed: typer.Typer = app, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield the name of every command, and its options."""
    for group in typed.registered_groups:
        assert group.typer_instance
        yield from commands(group.typer_instance, f"{prefix}{group.name} ")
    for command in typed.registered_commands:
        assert command.callback
        name = command.name or command.callback.__name__
        built = typer.main.get_command_from_info(command, pretty_exceptions_short=False, rich_markup_mode=None)
        yield f"{prefix}{name}", {option for parameter in built.params for option in parameter.opts}


def test_all_commands_are_there() -> None:
    sessions = {f"sessions {name}" for name in ("list", "save", "saves", "restore", "clone", "diff")}
    expected = {
        "serve",
        "launch",
        "desktops",
        "stop",
        "delete",
        "extend",
        "users create",
        "secrets rotate",
        "audit verify",
        "doctor",
        "guard",
        "openapi",
        "agent",
        *sessions,
    }
    assert {name for name, _ in commands()} == expected


@pytest.mark.parametrize(("name", "options"), list(commands()))
def test_every_command_has_json(name: str, options: set[str]) -> None:
    assert "--json" in options, name


@pytest.mark.parametrize(("name", "options"), list(commands()))
def test_every_command_and_option_is_documented(name: str, options: set[str]) -> None:
    parts = DOCUMENTATION.read_text().split("\n## ")
    (section,) = [part for part in parts if part.startswith((f"`deskbay {name} ", f"`deskbay {name}`"))]
    for option in options:
        assert not option.startswith("--") or option in {"--json", "--data"} or f"`{option}" in section, option


def test_every_exit_code_is_documented() -> None:
    text = DOCUMENTATION.read_text()
    for code in ExitCode:
        assert f"| {int(code)} |" in text


def test_without_a_command_it_tells_which_there_are(deskbay: Deskbay) -> None:
    told = deskbay()
    assert "launch" in told.out + told.err


def test_an_unknown_command_is_misuse(deskbay: Deskbay) -> None:
    told = deskbay("lunch")
    assert told.code == ExitCode.MISUSED
    assert "lunch" in told.err
    assert told.out == ""


def test_misuse_is_a_json_problem_when_json_is_wanted(deskbay: Deskbay) -> None:
    told = deskbay("stop", "three", "--json")
    assert told.code == ExitCode.MISUSED
    assert told.document["type"] == "misuse"
    assert "ID" in told.document["detail"]
    assert told.err == ""


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_misuse(deskbay: Deskbay, data: Path, port: str) -> None:
    assert deskbay("serve", "--data", data, "--port", port).code == ExitCode.MISUSED
    assert not data.exists()


def test_a_setting_that_can_not_be_is_named(deskbay: Deskbay, data: Path) -> None:
    told = deskbay("serve", "--data", data, DESKBAY_START_SECONDS="soon")
    assert told.code == ExitCode.MISUSED
    assert "start_seconds" in told.err
    assert "soon" not in told.err
    assert not data.exists()


def test_settings_that_are_no_toml_are_refused(deskbay: Deskbay, data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "settings.toml").write_text("port = = 3")
    told = deskbay("serve", "--data", data)
    assert told.code == ExitCode.MISUSED
    assert "settings.toml" in told.err
    assert [file.name for file in data.iterdir()] == ["settings.toml"]
