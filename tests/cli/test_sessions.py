"""The commands on sessions, against a server of its own and an agent that a thread plays over the real stream."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.cli.conftest import Deskbay
from tests.serving import PATIENCE, ServerProcess
from tests.sessions.doubles import Json, application, snapshot

from deskbay.cli.failures import ExitCode


class ThreadedAgent:
    """Listens for commands: tells what is `open`, and answers a restore with the states that were arranged."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._listening = threading.Event()
        self.open = snapshot()
        self.states: dict[str, list[Json]] = {}

    def start(self) -> None:
        self._thread.start()
        assert self._listening.wait(PATIENCE)

    def stop(self) -> None:
        """Stop listening: another stream of the device ends the one before."""
        with self._http.stream("GET", "/api/v1/agent/events"):
            self._thread.join(PATIENCE)
        self._http.close()

    def _listen(self) -> None:
        kind = ""
        with self._http.stream("GET", "/api/v1/agent/events") as stream:
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    self._obey(kind, json.loads(value))
                    self._listening.set()

    def _obey(self, kind: str, data: Any) -> None:  # noqa: ANN401 - whatever JSON it is
        if kind == "snapshot":
            self._send(f"snapshots/{data['id']}", self.open)
        elif kind == "restore":
            for one in data["applications"]:
                for step in self.states[one["application"]]:
                    self._send(f"restores/{data['run']}", {"applications": [{"key": one["key"], **step}]})
            self._send(f"restores/{data['run']}", {"finished": True})

    def _send(self, path: str, body: Json) -> None:
        self._http.post(f"/api/v1/agent/{path}", json=body).raise_for_status()


@pytest.fixture
def person(server: ServerProcess, deskbay: Deskbay) -> Iterator[httpx.Client]:
    """Ada, signed in by a program."""
    password = deskbay("users", "create", "ada", "--data", server.data, "--json").document["password"]
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        given = http.post("/api/v1/auth/token", json={"username": "ada", "password": password}).json()
        http.headers["Authorization"] = f"Bearer {given['access_token']}"
        yield http


@pytest.fixture
def agent(person: httpx.Client, server: ServerProcess) -> Iterator[ThreadedAgent]:
    """The agent of Ada's laptop, which listens."""
    code = person.post("/api/v1/devices/pairing-codes").json()["code"]
    wish = {"code": code, "name": "laptop", "system": "linux", "system_release": "12", "system_version": "12"}
    paired = person.post("/api/v1/agent/pair", json={**wish, "architecture": "x86_64", "mac_address": None})
    assert paired.status_code == 201, paired.text
    agent = ThreadedAgent(server.url, paired.json()["token"])
    agent.start()
    yield agent
    agent.stop()


@pytest.fixture
def thesis(person: httpx.Client, agent: ThreadedAgent) -> Json:
    """Ada's session with two programs, saved, and both closed since."""
    made: Json = person.post("/api/v1/sessions", json={"name": "Thesis"}).json()
    agent.open = snapshot(application("mousepad", "/home/ada/a b.txt"), application("xterm"))
    person.post(f"/api/v1/sessions/{made['id']}/deactivate", json={}).raise_for_status()
    agent.open = snapshot()
    return made


def as_ada(deskbay: Deskbay, data: Path, *words: str) -> Any:  # noqa: ANN401 - an outcome
    return deskbay("sessions", *words, "--as", "ada", "--data", data)


@pytest.mark.usefixtures("thesis")
def test_a_restore_prints_a_line_for_each_step_and_ends_with_0(
    server: ServerProcess, deskbay: Deskbay, agent: ThreadedAgent
) -> None:
    agent.states = {
        "mousepad": [{"state": "started"}, {"state": "placed"}],
        "xterm": [{"state": "already-running"}],
    }
    told = as_ada(deskbay, server.data, "restore", "thesis")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert "Mousepad  placed" in lines
    assert "Xterm  already-running" in lines
    assert lines[-1] == "2 of 2 applications back on laptop."


@pytest.mark.usefixtures("thesis")
def test_a_restore_in_which_something_failed_ends_with_4_and_says_why(
    server: ServerProcess, deskbay: Deskbay, agent: ThreadedAgent
) -> None:
    agent.states = {
        "mousepad": [{"state": "placed"}],
        "xterm": [{"state": "not-found", "reason": "there is no xterm", "suggestion": "Install it."}],
    }
    told = as_ada(deskbay, server.data, "restore", "Thesis")
    assert told.code == ExitCode.INCOMPLETE
    assert "Xterm  not-found: there is no xterm Install it." in told.out.splitlines()
    told = as_ada(deskbay, server.data, "restore", "Thesis", "--json")
    assert (told.code, told.document["state"]) == (4, "finished")
    assert [one["state"] for one in told.document["applications"]] == ["placed", "not-found"]


def test_sessions_are_listed_saved_cloned_and_compared(
    server: ServerProcess, deskbay: Deskbay, agent: ThreadedAgent, thesis: Json
) -> None:
    agent.open = snapshot(application("mousepad", "/home/ada/other.txt"), application("gimp"))
    saved = as_ada(deskbay, server.data, "save", str(thesis["id"]))
    assert (saved.code, saved.out) == (0, "Thesis is saved with 2 applications.\n")
    differing = as_ada(deskbay, server.data, "diff", "thesis")
    assert differing.out.splitlines() == ["- Xterm", "+ Gimp", "~ Mousepad: command"]
    assert as_ada(deskbay, server.data, "diff", "thesis", "--json").document["same"] == 0
    copied = as_ada(deskbay, server.data, "clone", "thesis", "Copy")
    assert (copied.code, copied.out) == (0, "The copy is called Copy.\n")
    listed = as_ada(deskbay, server.data, "list")
    assert [line.split()[:3] for line in listed.out.splitlines()[1:]] == [
        ["2", "Copy", "laptop"],
        ["1", "Thesis", "laptop"],
    ]
    assert len(as_ada(deskbay, server.data, "list", "--json").document["items"]) == 2
    assert as_ada(deskbay, server.data, "list", "--deleted", "--json").document["items"] == []


@pytest.fixture
def root(server: ServerProcess, deskbay: Deskbay) -> Iterator[httpx.Client]:
    """Grace, an administrator, signed in by a program."""
    made = deskbay("users", "create", "grace", "--administrator", "--data", server.data, "--json")
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        by_password = {"username": "grace", "password": made.document["password"]}
        given = http.post("/api/v1/auth/token", json=by_password).json()
        http.headers["Authorization"] = f"Bearer {given['access_token']}"
        yield http


def test_a_session_is_cloned_for_whole_groups(
    server: ServerProcess, deskbay: Deskbay, person: httpx.Client, root: httpx.Client
) -> None:
    ada = person.get("/api/v1/auth/me").json()["id"]
    root.post("/api/v1/sessions", json={"name": "Lesson"}).raise_for_status()
    for group_id, name in enumerate(("Class 7a", "Class 7b"), start=1):
        root.post("/api/v1/groups", json={"name": name}).raise_for_status()
        members = {"members": [{"user_id": ada}]}
        root.post(f"/api/v1/groups/{group_id}/members", json=members).raise_for_status()

    def clone(*words: str) -> Any:  # noqa: ANN401 - an outcome
        return deskbay("sessions", "clone", "lesson", *words, "--as", "grace", "--data", server.data)

    copied = clone("First lesson", "--group", "class-7a", "--group", "Class 7b")
    assert (copied.code, copied.out) == (0, "1 person got a copy.\n")
    assert [one["name"] for one in person.get("/api/v1/sessions").json()["items"]] == ["First lesson"]
    assert [one["name"] for one in clone("--group", "1", "--json").document["items"]] == ["Lesson"]
    unknown = clone("--group", "Class 9")
    assert (unknown.code, unknown.err) == (1, "There is no group “Class 9”. The page “Groups” lists them.\n")
    begun = clone("--group", "Class 7a", "--activate")
    assert begun.code == ExitCode.MISUSED
    assert "don't begin by themselves" in begun.err
    not_theirs = as_ada(deskbay, server.data, "clone", "first-lesson", "--group", "Class 7a")
    assert (not_theirs.code, not_theirs.err) == (1, "There is no group “Class 7a”. The page “Groups” lists them.\n")


@pytest.mark.usefixtures("thesis")
def test_saves_are_listed_and_named_by_their_numbers(
    server: ServerProcess, deskbay: Deskbay, agent: ThreadedAgent
) -> None:
    agent.open = snapshot(application("gimp"))
    as_ada(deskbay, server.data, "save", "thesis")
    listed = as_ada(deskbay, server.data, "saves", "thesis")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["ID", "2", "1"]
    older = as_ada(deskbay, server.data, "saves", "thesis", "--json").document["items"][1]
    assert (older["id"], older["reason"], older["applications"]) == (1, "deactivated", 2)
    agent.states = {"mousepad": [{"state": "placed"}], "xterm": [{"state": "placed"}]}
    told = as_ada(deskbay, server.data, "restore", "thesis", "--save", "1", "--device", "laptop")
    assert told.code == 0, told.err
    assert told.out.splitlines()[-1] == "2 of 2 applications back on laptop."
    for words in (("diff", "thesis", "--saves", "1", "99"), ("restore", "thesis", "--save", "99")):
        told = as_ada(deskbay, server.data, *words)
        assert (told.code, told.err) == (1, "There is no such save. List them: deskbay sessions saves thesis\n")
    told = as_ada(deskbay, server.data, "restore", "thesis", "--device", "tower")
    assert (told.code, told.err) == (1, "You have no device “tower”. Yours: laptop (1).\n")


def test_a_session_that_was_never_saved_says_so(server: ServerProcess, deskbay: Deskbay, person: httpx.Client) -> None:
    person.post("/api/v1/sessions", json={"name": "New"}).raise_for_status()
    assert as_ada(deskbay, server.data, "saves", "new").out == "It was not saved yet.\n"


@pytest.mark.parametrize("command", ["save", "saves", "restore", "clone", "diff"])
def test_a_session_that_is_not_there_is_named(server: ServerProcess, deskbay: Deskbay, command: str) -> None:
    told = deskbay("sessions", command, "nothing", "--data", server.data)
    assert told.code == ExitCode.FAILED
    assert "“nothing”" in told.err
    assert "deskbay sessions list" in told.err


def test_without_sessions_it_says_how_to_make_one(server: ServerProcess, deskbay: Deskbay) -> None:
    assert "Make one" in deskbay("sessions", "list", "--data", server.data).out


@pytest.mark.usefixtures("thesis")
def test_without_two_saves_there_is_nothing_to_compare(server: ServerProcess, deskbay: Deskbay) -> None:
    told = as_ada(deskbay, server.data, "diff", "thesis")
    assert told.code == ExitCode.FAILED
    assert "deskbay sessions save thesis" in told.err


def test_without_a_server_it_says_how_to_start_one(deskbay: Deskbay, data: Path) -> None:
    told = deskbay("sessions", "list", "--data", data)
    assert told.code == ExitCode.NOT_RUNNING
    assert "deskbay serve" in told.err


def test_a_desktop_is_launched_with_a_session(server: ServerProcess, deskbay: Deskbay, thesis: Json) -> None:
    words = ("launch", "browser", "--as", "ada", "--data", server.data)
    told = deskbay(*words, "--restore", "thesis", "--json")
    assert (told.code, told.document["desktop"]["session_id"]) == (0, thesis["id"]), told.err
    told = deskbay(*words, "--restore", "poem")
    assert told.code == ExitCode.FAILED
    assert "There is no session “poem”" in told.err
    listed = deskbay("desktops", "--as", "ada", "--data", server.data, "--json").document["items"]
    assert len(listed) == 1
