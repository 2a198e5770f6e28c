"""The commands on desktops, against a server of its own that launches real ones."""

import os
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Deskbay
from tests.serving import ServerProcess, processes_naming

from deskbay.cli.failures import ExitCode

LINK = r"http://127\.0\.0\.1:\d+/#/link/[\w-]{43}\?next=/desktops/1"


def logins_that_go_on(data: Path) -> int:
    with closing(sqlite3.connect(data / "deskbay.sqlite")) as database:
        (count,) = database.execute("SELECT count(*) FROM logins WHERE ended_at IS NULL").fetchone()
        return int(count)


def test_a_desktop_from_launch_to_delete(server: ServerProcess, deskbay: Deskbay) -> None:
    launched = deskbay("launch", "--data", server.data)
    assert launched.code == 0
    assert re.fullmatch(LINK, launched.out.strip())

    listed = deskbay("desktops", "--data", server.data)
    assert re.search(r"1 +Desktop +desktop +admin +running", listed.out)

    stopped = deskbay("stop", "1", "--data", server.data, "--json")
    assert [(desktop["id"], desktop["state"]) for desktop in stopped.document["items"]] == [(1, "stopped")]
    assert processes_naming(server.data / "run") == []

    assert deskbay("delete", "1", "--data", server.data, "--json").document == {"deleted": [1]}
    assert deskbay("desktops", "--data", server.data, "--json").document == {"items": []}
    assert logins_that_go_on(server.data) == 0


def test_a_desktop_is_extended_as_far_as_it_may_be(server: ServerProcess, deskbay: Deskbay) -> None:
    deskbay("launch", "--data", server.data)
    refused = deskbay("extend", "1", "--data", server.data)
    assert (refused.code, "Desktop has no end" in refused.err) == (ExitCode.FAILED, True)
    with closing(sqlite3.connect(server.data / "deskbay.sqlite")) as database, database:
        database.execute("UPDATE templates SET lifetime_seconds = 3600, most_lifetime_seconds = 10800")
    one_more = deskbay("extend", "1", "--hours", "1", "--data", server.data, "--json").document
    assert hours_of(one_more) == 2
    assert hours_of(deskbay("extend", "1", "--data", server.data, "--json").document) == 3


def hours_of(desktop: dict[str, str]) -> float:
    length = datetime.fromisoformat(desktop["ends_at"]) - datetime.fromisoformat(desktop["started_at"])
    return length / timedelta(hours=1)


def test_launch_tells_desktop_and_link_as_json(server: ServerProcess, deskbay: Deskbay) -> None:
    told = deskbay("launch", "--data", server.data, "--json")
    assert told.document["desktop"]["state"] == "running"
    assert re.fullmatch(LINK, told.document["link"])
    assert told.err == ""


@pytest.fixture
def without_xvnc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH with every program of this machine but Xvnc."""
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*"):
            link = tmp_path / program.name
            if program.name != "Xvnc" and not link.is_symlink():
                link.symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("without_xvnc")
def test_without_xvnc_it_says_how_to_install_it_and_leaves_nothing(data: Path, deskbay: Deskbay) -> None:
    server = ServerProcess(data)
    server.start()
    try:
        told = deskbay("launch", "--data", data)
        assert told.code == ExitCode.FAILED
        assert "Xvnc" in told.err
        assert "apt-get install --no-install-recommends tigervnc-standalone-server" in told.err
        assert deskbay("desktops", "--data", data, "--json").document == {"items": []}
    finally:
        server.leave()


def test_an_unknown_template_names_those_there_are(server: ServerProcess, deskbay: Deskbay) -> None:
    told = deskbay("launch", "nothing", "--data", server.data)
    assert told.code == ExitCode.FAILED
    for name in ("nothing", "desktop", "full-desktop", "browser"):
        assert name in told.err
    problem = deskbay("launch", "nothing", "--data", server.data, "--json").document
    assert (problem["type"], problem["status"]) == ("unknown-template", 404)
    assert deskbay("desktops", "--data", server.data, "--json").document == {"items": []}


def test_a_missing_desktop_leaves_the_others_as_they_are(server: ServerProcess, deskbay: Deskbay) -> None:
    deskbay("launch", "--data", server.data)
    for command in ("stop", "delete"):
        assert deskbay(command, "1", "7", "--data", server.data).code == ExitCode.FAILED
    (desktop,) = deskbay("desktops", "--data", server.data, "--json").document["items"]
    assert desktop["state"] == "running"


def test_an_ordinary_user_sees_only_their_own(server: ServerProcess, deskbay: Deskbay) -> None:
    deskbay("users", "create", "ada", "--data", server.data)
    deskbay("launch", "--data", server.data)
    assert deskbay("desktops", "--as", "ada", "--data", server.data, "--json").document == {"items": []}
    assert deskbay("stop", "1", "--as", "ada", "--data", server.data).code == ExitCode.FAILED
    assert len(deskbay("desktops", "--data", server.data, "--json").document["items"]) == 1


def test_an_unknown_user_is_named(server: ServerProcess, deskbay: Deskbay) -> None:
    told = deskbay("desktops", "--as", "nobody", "--data", server.data)
    assert told.code == ExitCode.FAILED
    assert "deskbay users create nobody" in told.err


@pytest.mark.parametrize("command", [["launch"], ["desktops"], ["stop", "1"], ["delete", "1"]])
def test_without_a_server_it_says_how_to_start_one(deskbay: Deskbay, data: Path, command: list[str]) -> None:
    told = deskbay(*command, "--data", data)
    assert told.code == ExitCode.NOT_RUNNING
    assert "deskbay serve" in told.err
    assert not data.exists()


def test_a_server_that_was_killed_does_not_run(server: ServerProcess, deskbay: Deskbay) -> None:
    server.kill()
    assert deskbay("desktops", "--data", server.data, "--json").code == ExitCode.NOT_RUNNING
