"""Two servers on one PostgreSQL: what is asked of one reaches the agents and the pages of the other."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.agent.devices import Ada
from tests.cli.test_sessions import ThreadedAgent
from tests.servers import Backend, Servers
from tests.serving import PATIENCE, ServerProcess, eventually
from tests.sessions.doubles import Json, application, snapshot

CUT_ALL_CONNECTIONS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = '{}' AND pid <> pg_backend_pid()"""


class Pair:
    """Servers A and B, each with a data folder of its own, and one key between them."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        self._postgresql = servers[Backend.POSTGRESQL]
        self.name = f"replicas_{uuid4().hex}"
        asyncio.run(self._postgresql.run(f"CREATE DATABASE {self.name}"))
        url = self._postgresql.url(self.name)
        self.a, self.b = (ServerProcess(folder / name / "data", database_url=url) for name in ("a", "b"))
        for server in (self.a, self.b):
            server.data.parent.mkdir()
        self.a.start()
        self.b.data.mkdir(mode=0o700)
        shutil.copy(self.a.data / "secret.key", self.b.data)
        self.b.start()

    def cut(self) -> None:
        """End every connection of both servers with the database."""
        asyncio.run(self._postgresql.run(CUT_ALL_CONNECTIONS.format(self.name)))

    def leave(self) -> None:
        self.a.leave()
        self.b.leave()
        asyncio.run(self._postgresql.run(f"DROP DATABASE {self.name}"))


@pytest.fixture(scope="module")
def pair(servers: Servers) -> Iterator[Pair]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        pair = Pair(Path(folder), servers)
        yield pair
        pair.leave()


@pytest.fixture(scope="module")
def ada(pair: Pair) -> Ada:
    """Ada, who asks A."""
    ada = Ada(pair.a)
    ada.consents()
    return ada


@pytest.fixture(scope="module")
def agent(pair: Pair, ada: Ada) -> Iterator[ThreadedAgent]:
    """The agent of Ada's laptop, which listens to B."""
    wish: Json = {"code": ada.pairing_code(), "name": "laptop", "system": "linux", "system_release": "12"}
    wish |= {"system_version": "12", "architecture": "x86_64", "mac_address": None}
    paired = httpx.post(f"{pair.b.url}/api/v1/agent/pair", json=wish, timeout=PATIENCE).raise_for_status().json()
    agent = ThreadedAgent(pair.b.url, paired["token"])
    agent.states = {"mousepad": [{"state": "placed"}], "xterm": [{"state": "placed"}]}
    agent.start()
    yield agent
    agent.stop()


class Page:
    """A page of Ada's that listens to B, and again whenever its stream ends."""

    def __init__(self, pair: Pair, ada: Ada) -> None:
        self.heard: list[str] = []
        self.streams = 0
        self._http = httpx.Client(base_url=pair.b.url, headers=ada.client.headers, timeout=PATIENCE)
        self._leaving = False
        self._thread = threading.Thread(target=self._listen_again_and_again, daemon=True)
        self._thread.start()
        eventually(lambda: self.streams > 0, "the page listens")

    def _listen_again_and_again(self) -> None:
        while not self._leaving:
            try:
                self._listen()
            except httpx.HTTPError:
                continue

    def _listen(self) -> None:
        with self._http.stream("GET", "/api/v1/events") as stream:
            for line in stream.iter_lines():
                if line == ": listening":
                    self.streams += 1
                elif line.startswith("event: "):
                    self.heard.append(line.removeprefix("event: "))
                if self._leaving:
                    return

    def leave(self) -> None:
        self._leaving = True  # the thread ends with its stream, at the latest with the server


def begin(ada: Ada, name: str) -> Any:  # noqa: ANN401 - whatever JSON it is
    return ada.client.post("/api/v1/sessions", json={"name": name}).raise_for_status().json()


def restore(ada: Ada, session: Json) -> Json:
    asked = ada.client.post(f"/api/v1/sessions/{session['id']}/restore", json={})
    run: Json = asked.raise_for_status().json()
    return run


def wait_until_back(ada: Ada, run: Json) -> None:
    def is_over() -> bool:
        run_now: Json = ada.client.get(f"/api/v1/restores/{run['run']}").raise_for_status().json()
        return [one["state"] for one in run_now["applications"]] == ["placed"] * len(run_now["applications"])

    assert run["applications"]
    eventually(is_over, "everything is back")


def test_what_is_asked_of_one_server_reaches_an_agent_at_the_other(ada: Ada, agent: ThreadedAgent) -> None:
    eventually(lambda: ada.device()["connected"], "A knows that the agent listens to B")
    agent.open = snapshot(application("mousepad", "/home/ada/a.txt"), application("xterm"))
    session = begin(ada, "Work")
    ada.client.post(f"/api/v1/sessions/{session['id']}/save").raise_for_status()
    opened = ada.client.get(f"/api/v1/sessions/{session['id']}/applications").json()["items"]
    assert {one["application"] for one in opened} == {"mousepad", "xterm"}
    wait_until_back(ada, restore(ada, session))


def test_a_page_at_one_server_sees_what_is_changed_at_the_other(pair: Pair, ada: Ada, agent: ThreadedAgent) -> None:
    assert agent
    page = Page(pair, ada)
    begin(ada, "Seen elsewhere")
    eventually(lambda: "session" in page.heard, "the page hears of the session")
    page.leave()


def test_after_the_database_cut_every_connection_nothing_is_missed(pair: Pair, ada: Ada, agent: ThreadedAgent) -> None:
    eventually(lambda: ada.device()["connected"], "A knows that the agent listens to B")
    agent.open = snapshot(application("mousepad", "/home/ada/a.txt"), application("xterm"))
    session = begin(ada, "Cut")
    ada.client.post(f"/api/v1/sessions/{session['id']}/save").raise_for_status()
    page = Page(pair, ada)
    streams = page.streams
    pair.cut()
    wait_until_back(ada, restore(ada, session))
    eventually(lambda: page.streams > streams, "the page is told to look at the whole again")
    page.heard.clear()
    begin(ada, "After the cut")
    eventually(lambda: "session" in page.heard, "the page hears of what comes later")
    page.leave()
