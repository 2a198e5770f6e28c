"""The real server as a process of its own, to be used, killed and started again."""

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.metadata import entry_points
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
from tests.people import PASSWORD

from deskbay.cli import main

DESKBAY = Path(sys.executable).with_name("deskbay")
PATIENCE = 60.0
"""Seconds after which a test gives up waiting."""
FORKS = multiprocessing.get_context("forkserver")
RUNTIMES = [runtime.module for runtime in entry_points(group="deskbay.runtimes")]
FORKS.set_forkserver_preload(["deskbay.cli.serve", "uvloop", *RUNTIMES])  # seconds of each server's start: once for all


def eventually(condition: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Wait until something is so. Fails, saying what it waited for."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"in {seconds:g} seconds it never came to this: {what}"
        time.sleep(0.02)


def processes_naming(path: Path) -> list[int]:
    """Return the processes, zombies aside, whose command line names a path."""
    return [pid for pid, command in _command_lines() if str(path).encode() in command]


def _command_lines() -> Iterator[tuple[int, bytes]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), (folder / "cmdline").read_bytes()
        except OSError:
            continue


def with_tables(data: Path, migrated_file: Path) -> Path:
    """Return a new data folder with every table in its database: to copy them is quicker than to make them."""
    data.mkdir(mode=0o700)
    file = Path(shutil.copy(migrated_file, data / "deskbay.sqlite"))
    file.chmod(0o600)  # as the server makes it
    return data


def run_command(words: list[str], environment: dict[str, str], log: Path) -> None:
    """Run `deskbay` in this process as if it were started so, with what it prints in a log."""
    os.environ.clear()
    os.environ.update(environment)
    with log.open("a") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    sys.exit(main(words))


class ServerProcess:
    """`deskbay serve` on a data folder and a free port of loopback, and its clients."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.log = data.with_name("server.log")
        self._environment = os.environ | {f"DESKBAY_{name.upper()}": value for name, value in settings.items()}
        self._process: BaseProcess | None = None
        self._clients = ExitStack()
        self.url = ""

    def start(self) -> None:
        words = ["serve", "--data", str(self.data), "--port", "0"]
        self._process = FORKS.Process(target=run_command, args=(words, self._environment, self.log), daemon=True)
        self._process.start()
        eventually(self._listens, "the server listens")
        self.url = json.loads(self._announcement.read_text())["url"]

    @property
    def _announcement(self) -> Path:
        return self.data / "server.json"

    def _listens(self) -> bool:
        assert self._process
        assert self._process.is_alive(), self.log.read_text()
        announced = self._announcement
        return announced.exists() and json.loads(announced.read_text())["pid"] == self._process.pid

    def kill(self) -> None:
        """End it as a power failure would."""
        self._end(signal.SIGKILL)

    def leave(self) -> None:
        """End it as Ctrl-C does."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        self._clients.close()
        if self._process:
            if self._process.is_alive():
                os.kill(self._process.pid or 0, number)
            self._process.join(PATIENCE)
            assert not self._process.is_alive(), f"the server does not end: {self.log.read_text()}"
            self._process = None

    def desktops(self) -> "Desktops":
        """Return what the user `ada` does with desktops; she is signed up if she is not yet."""
        return Desktops(self._signed_in())

    def volumes(self) -> "Volumes":
        """Return what the user `ada` does with volumes."""
        return Volumes(self._signed_in())

    def _tell_errors(self, response: httpx.Response) -> None:
        """Fail with the server's log where it met an error that nobody foresaw."""
        assert response.status_code != httpx.codes.INTERNAL_SERVER_ERROR, self.log.read_text()

    def _signed_in(self) -> httpx.Client:
        client = self._clients.enter_context(httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False))
        client.event_hooks["response"].append(self._tell_errors)
        ada = {"username": "ada", "password": PASSWORD}
        if client.post("/api/v1/auth/token", json=ada).status_code != httpx.codes.OK:
            client.post("/api/v1/auth/sign-up", json=ada).raise_for_status()
        tokens = client.post("/api/v1/auth/token", json=ada).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.cookies.clear()
        return client


class Desktops:
    """What ada does with desktops."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def launch(self, template: str = "desktop") -> int:
        answer = self._client.post("/api/v1/desktops", json={"template": template}).raise_for_status()
        return int(answer.json()["id"])

    def show(self, desktop: int) -> dict[str, Any]:
        shown: dict[str, Any] = self._client.get(f"/api/v1/desktops/{desktop}").raise_for_status().json()
        return shown

    def want(self, desktop: int, action: str) -> None:
        self._client.post(f"/api/v1/desktops/{desktop}/{action}").raise_for_status()

    def delete(self, desktop: int) -> None:
        self._client.delete(f"/api/v1/desktops/{desktop}").raise_for_status()

    def wait_for(self, desktop: int, state: str) -> None:
        """Wait until it is in a state. Fails, saying in which it is and why."""
        try:
            eventually(lambda: self.show(desktop)["state"] == state, f"desktop {desktop} is {state}")
        except AssertionError as failure:
            failure.add_note(f"it is: {self.show(desktop)}")
            raise


class Volumes:
    """What ada does with volumes."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def make(self, name: str, runtime: str) -> dict[str, Any]:
        wish = {"name": name, "size_mb": 64, "runtime": runtime}
        made: dict[str, Any] = self._client.post("/api/v1/volumes", json=wish).raise_for_status().json()
        return made

    def states(self) -> list[str]:
        return [one["state"] for one in self._client.get("/api/v1/volumes").raise_for_status().json()["items"]]

    def attach(self, volume: int, desktop: int) -> None:
        self._client.put(f"/api/v1/volumes/{volume}/desktops/{desktop}").raise_for_status()

    def detach(self, volume: int, desktop: int) -> None:
        self._client.delete(f"/api/v1/volumes/{volume}/desktops/{desktop}").raise_for_status()

    def delete(self, volume: int) -> None:
        self._client.delete(f"/api/v1/volumes/{volume}").raise_for_status()
