"""Pings a second, 99th percentile and CPU time for each: Deskbay, the plain app and aw-server.

`python -m benchmarks.pings [--seconds N] [--rounds N]`, with aw-server in `.peers/`. PostgreSQL runs with fsync on,
in a folder of its own. Every contender is measured with 1, 16 and 64 connections, each its own session, in turn. Ends
with 1 when a goal is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import psutil
from benchmarks.pings.postgresql import Server, running_postgresql
from rich.console import Console
from rich.table import Table

CONNECTIONS = (1, 16, 64)
PLAIN_TIMES, AW_TIMES, LONGEST_MS = 4, 20, 50
"""The goals with 64 connections."""
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
CONTRACT = "/api/session-manager"


@dataclass(frozen=True)
class Contender:
    """A server under load: its processes, and the request that a session sends."""

    name: str
    port: int
    processes: Callable[[], list[psutil.Process]]
    request: Callable[[int], tuple[str, str]]

    def cpu_seconds(self) -> float:
        times = [process.cpu_times() for process in self.processes()]
        return sum(one.user + one.system for one in times)


@dataclass(frozen=True)
class Measured:
    per_second: float
    p99_ms: float
    cpu_us: float


def measure(contender: Contender, connections: int, seconds: float) -> Measured:
    requests = "\n".join(json.dumps(contender.request(number)) for number in range(connections))
    command = [sys.executable, "-m", "benchmarks.pings.load", f"127.0.0.1:{contender.port}", str(seconds)]
    before = contender.cpu_seconds()
    output = subprocess.run(command, input=requests, text=True, capture_output=True, check=True).stdout
    figures = json.loads(output)
    assert figures["refused"] == 0, f"{contender.name} refused {figures['refused']} pings"
    cpu = (contender.cpu_seconds() - before) / figures["answers"] * 1e6
    return Measured(figures["per_second"], figures["p99_ms"], cpu)


@contextmanager
def started(command: list[str], port: int, **environment: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 30
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


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def ping_of(sessions: list[str]) -> Callable[[int], tuple[str, str]]:
    def request(number: int) -> tuple[str, str]:
        ping = {"session_id": sessions[number], "session_type": "", "login": f"user_{number}", "next_ping_sec": 60}
        return HEAD.format(path=f"{CONTRACT}/activity"), json.dumps({**ping, "date_time": "{now}"})

    return request


@contextmanager
def deskbay(postgresql: Server, folder: Path, port: int) -> Iterator[Contender]:
    command = [str(Path(sys.executable).with_name("deskbay")), "serve", "--data", str(folder), "--port", str(port)]
    with started(command, port, DESKBAY_DATABASE_URL=postgresql.sqlalchemy("deskbay")) as process:
        sessions = [str(uuid4()) for _ in range(max(CONNECTIONS))]
        begin_sessions(f"http://127.0.0.1:{port}{CONTRACT}", sessions)
        yield Contender("Deskbay", port, lambda: tree(process) + tree(postgresql.process), ping_of(sessions))


def begin_sessions(url: str, sessions: list[str]) -> None:
    with httpx.Client(base_url=url) as client:
        client.post("/users", json=[{"Name": f"user_{number}"} for number in range(len(sessions))]).raise_for_status()
        client.post("/computers", json=[{"Name": f"pc-{number}"} for number in range(len(sessions))]).raise_for_status()
        for number, session in enumerate(sessions):
            begun = {"id": session, "comp_name": f"pc-{number}", "login": f"user_{number}", "next_ping_sec": 60}
            client.post("/session", json=begun).raise_for_status()


@contextmanager
def plain(postgresql: Server, port: int) -> Iterator[Contender]:
    command = [sys.executable, "-m", "benchmarks.pings.plain"]
    with started(command, port, PLAIN_DATABASE=postgresql.libpq("plain"), PLAIN_PORT=str(port)) as process:
        sessions = [str(uuid4()) for _ in range(max(CONNECTIONS))]
        yield Contender("plain app", port, lambda: tree(process) + tree(postgresql.process), ping_of(sessions))


@contextmanager
def aw_server(folder: Path, port: int) -> Iterator[Contender]:
    command = [".peers/bin/aw-server", "--testing", "--port", str(port), "--storage", "peewee"]
    with started(command, port, HOME=str(folder), XDG_DATA_HOME=str(folder)) as process:
        bucket = {"client": "benchmark", "type": "currentwindow", "hostname": "here"}
        for number in range(max(CONNECTIONS)):
            httpx.post(f"http://127.0.0.1:{port}/api/0/buckets/b{number}", json=bucket).raise_for_status()

        def request(number: int) -> tuple[str, str]:
            path = f"/api/0/buckets/b{number}/heartbeat?pulsetime=60"
            event = {"timestamp": "{now}", "duration": 0, "data": {"title": "presence"}}
            return HEAD.format(path=path), json.dumps(event)

        yield Contender("aw-server", port, lambda: tree(process), request)


def run(seconds: float, rounds: int, console: Console) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskbay-")))
        postgresql = stack.enter_context(running_postgresql(["deskbay", "plain"]))
        contenders = [
            stack.enter_context(deskbay(postgresql, folder / "data", 18080)),
            stack.enter_context(plain(postgresql, 18081)),
            stack.enter_context(aw_server(folder, 18082)),
        ]
        return report(contenders, seconds, rounds, console)


def report(contenders: list[Contender], seconds: float, rounds: int, console: Console) -> bool:
    table = Table("connections", "server", "pings/s", "p99 ms", "CPU µs per ping", title="Pings, each committed")
    rates: dict[str, Measured] = {}
    for connections in CONNECTIONS:
        measured: dict[str, list[Measured]] = {contender.name: [] for contender in contenders}
        for number in range(rounds):
            for contender in contenders[number % 2 :] + contenders[: number % 2]:
                measured[contender.name].append(measure(contender, connections, seconds))
        for name, found in measured.items():
            rates[name] = middle(found)
            shown = rates[name]
            table.add_row(
                str(connections), name, f"{shown.per_second:.0f}", f"{shown.p99_ms:.1f}", f"{shown.cpu_us:.0f}"
            )
    console.print(table)
    return judge(rates, console)


def middle(found: list[Measured]) -> Measured:
    figures = zip(*((one.per_second, one.p99_ms, one.cpu_us) for one in found), strict=True)
    return Measured(*(median(figure) for figure in figures))


def judge(rates: dict[str, Measured], console: Console) -> bool:
    ours, plainly, aw = (rates[name] for name in ("Deskbay", "plain app", "aw-server"))
    by_plain, by_aw = ours.per_second / plainly.per_second, ours.per_second / aw.per_second
    goals = {
        f"{by_plain:.1f} × the plain app (goal {PLAIN_TIMES})": by_plain >= PLAIN_TIMES,
        f"{by_aw:.1f} × aw-server (goal {AW_TIMES})": by_aw >= AW_TIMES,
        f"p99 {ours.p99_ms:.1f} ms (goal under {LONGEST_MS})": ours.p99_ms < LONGEST_MS,
    }
    for goal, reached in goals.items():
        console.print(("reached: " if reached else "missed: ") + goal)
    return all(goals.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    sys.exit(0 if run(arguments.seconds, arguments.rounds, Console()) else 1)
