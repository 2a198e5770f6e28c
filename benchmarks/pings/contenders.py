"""The servers under load, each with the request that a session sends it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
from benchmarks.pings.postgresql import Server

SESSIONS = 64
CONTRACT = "/api/session-manager"


@dataclass(frozen=True)
class Contender:
    """A server under load, the database of its own if it has one, and the path and body that each session sends."""

    name: str
    port: int
    process: psutil.Process
    database: psutil.Process | None
    requests: list[tuple[str, str]]

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process) + (cpu_seconds(self.database) if self.database else 0)


def cpu_seconds(process: psutil.Process) -> float:
    """Return what a process and those that it started have used so far, in user and system time."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)


@contextmanager
def started(command: list[str], port: int, **environment: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None, f"{command} ended"
            assert time.monotonic() < until, f"{command} does not listen"
            time.sleep(0.05)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
    except httpx.HTTPError:
        return False
    return True


def ping_of(session: str, login: str) -> tuple[str, str]:
    ping = {"session_id": session, "session_type": "", "login": login, "next_ping_sec": 60, "date_time": "{now}"}
    return f"{CONTRACT}/activity", json.dumps(ping)


@contextmanager
def deskbay(postgresql: Server, name: str, folder: Path, port: int) -> Iterator[Contender]:
    command = [str(Path(sys.executable).with_name("deskbay")), "serve", "--data", str(folder), "--port", str(port)]
    with started(command, port, DESKBAY_DATABASE_URL=postgresql.sqlalchemy(name)) as process:
        sessions = [str(uuid4()) for _ in range(SESSIONS)]
        _begin(f"http://127.0.0.1:{port}{CONTRACT}", sessions)
        requests = [ping_of(session, f"user_{number}") for number, session in enumerate(sessions)]
        yield Contender("Deskbay", port, process, postgresql.process, requests)


def _begin(url: str, sessions: list[str]) -> None:
    with httpx.Client(base_url=url) as client:
        client.post("/users", json=[{"Name": f"user_{number}"} for number in range(len(sessions))]).raise_for_status()
        client.post("/computers", json=[{"Name": f"pc-{number}"} for number in range(len(sessions))]).raise_for_status()
        for number, session in enumerate(sessions):
            begun = {"id": session, "comp_name": f"pc-{number}", "login": f"user_{number}", "next_ping_sec": 60}
            client.post("/session", json=begun).raise_for_status()


@contextmanager
def plain(postgresql: Server, name: str, port: int) -> Iterator[Contender]:
    command = [sys.executable, "-m", "benchmarks.pings.plain"]
    with started(command, port, PLAIN_DATABASE=postgresql.libpq(name), PLAIN_PORT=str(port)) as process:
        requests = [ping_of(str(uuid4()), f"user_{number}") for number in range(SESSIONS)]
        yield Contender("plain app", port, process, postgresql.process, requests)


@contextmanager
def aw_server(folder: Path, port: int) -> Iterator[Contender]:
    command = [".peers/bin/aw-server", "--testing", "--port", str(port), "--storage", "peewee"]
    with started(command, port, HOME=str(folder), XDG_DATA_HOME=str(folder)) as process:
        bucket = {"client": "benchmark", "type": "currentwindow", "hostname": "here"}
        for number in range(SESSIONS):
            httpx.post(f"http://127.0.0.1:{port}/api/0/buckets/b{number}", json=bucket).raise_for_status()
        beat = json.dumps({"timestamp": "{now}", "duration": 0, "data": {"title": "presence"}})
        requests = [(f"/api/0/buckets/b{number}/heartbeat?pulsetime=60", beat) for number in range(SESSIONS)]
        yield Contender("aw-server", port, process, None, requests)
