"""Memory of the server for each agent that listens, and milliseconds from a command to its agent.

`python -m benchmarks.agents [--agents N] [--seconds N]`. Deskbay and a plain Starlette app, one after the other, each
with all agents connected. Ends with 1 when a goal is missed.
"""

import argparse
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

MOST_KB, LONGEST_MS = 20, 50
"""The goals: kilobytes (1000 bytes) of the server's memory for each agent, and the 99th percentile of a command."""
RATE = 200
"""Commands a second to single agents."""
SETTLE_SECONDS = 20
"""Heartbeats come every 15 seconds: what they take is counted in."""


@dataclass(frozen=True)
class Figures:
    kb: float
    single_ms: list[float]
    all_ms: list[float]
    idle_cpu: float


@contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", *command], stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def measure(command: Sequence[str], port: int, agents: int, seconds: float) -> Figures:
    """Start a server and agents, and take the figures."""
    with running(command) as server:
        until_it_listens(port)
        process = psutil.Process(server.pid)
        before = process.memory_info().rss
        with running(["benchmarks.agents.listeners", str(port), str(agents)]) as fleet:
            answer_of(fleet)
            began, spent = time.monotonic(), cpu_seconds(process)
            time.sleep(SETTLE_SECONDS)
            idle_cpu = (cpu_seconds(process) - spent) / (time.monotonic() - began)
            taken = (process.memory_info().rss - before) / agents / 1000
            ask(fleet, "single", RATE, 2)  # to warm up
            return Figures(taken, ask(fleet, "single", RATE, seconds), ask(fleet, "all"), idle_cpu)


def until_it_listens(port: int) -> None:
    until = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < until, "the server does not listen"
        time.sleep(0.1)
    time.sleep(1)


def cpu_seconds(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def ask(fleet: subprocess.Popen[str], *words: object) -> list[float]:
    assert fleet.stdin
    fleet.stdin.write(" ".join(map(str, words)) + "\n")
    fleet.stdin.flush()
    taken = answer_of(fleet)
    assert isinstance(taken, list)
    return taken


def answer_of(fleet: subprocess.Popen[str]) -> object:
    assert fleet.stdout
    line = fleet.stdout.readline()
    assert line, "the agents ended"
    answer: object = json.loads(line)
    return answer


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * percent / 100))]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--agents", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with TemporaryDirectory(prefix="deskbay-") as folder:
        ports = free_port(), free_port()
        commands = {
            "Deskbay": ["benchmarks.agents.server", str(Path(folder)), str(ports[0]), str(options.agents)],
            "plain Starlette": ["benchmarks.agents.plain", str(ports[1])],
        }
        found = {
            name: measure(command, port, options.agents, options.seconds)
            for (name, command), port in zip(commands.items(), ports, strict=True)
        }
    show(found, options.agents)
    ours = found["Deskbay"]
    return 0 if ours.kb < MOST_KB and percentile(ours.single_ms, 99) < LONGEST_MS else 1


def show(found: dict[str, Figures], agents: int) -> None:
    table = Table(title=f"{agents} agents that listen to one process", title_justify="left")
    heads = ("", "kB each", "command, median ms", "p99 ms", "to all at once, last ms", "% of a core, at rest")
    for head in heads:
        table.add_column(head, justify="right" if head else "left")
    for name, one in found.items():
        figures = (
            one.kb,
            percentile(one.single_ms, 50),
            percentile(one.single_ms, 99),
            one.all_ms[-1],
            one.idle_cpu * 100,
        )
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    Console(width=120).print(table)
    Console(width=120).print(f"Goals: less than {MOST_KB} kB each, p99 below {LONGEST_MS} ms.")


if __name__ == "__main__":
    sys.exit(main())
