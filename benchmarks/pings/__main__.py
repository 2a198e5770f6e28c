"""Pings a second, 99th percentile and CPU time for each: Deskbay, the plain app and aw-server; and 100,000 computers.

`python -m benchmarks.pings [--seconds N] [--rounds N]`, with wrk, and aw-server in `.peers/`. PostgreSQL runs with
fsync on, in a folder of its own. Every contender is measured with 1, 16 and 64 connections, each its own session, in
turn; then 100,000 computers ping Deskbay for a minute. Ends with 1 when a goal is missed.
"""

import argparse
import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile, TemporaryDirectory

from benchmarks.pings import computers
from benchmarks.pings.contenders import Contender, aw_server, deskbay, plain
from benchmarks.pings.postgresql import running_postgresql
from rich.console import Console
from rich.table import Table

CONNECTIONS = (1, 16, 64)
PLAIN_TIMES, AW_TIMES, LONGEST_MS = 4, 20, 50
"""The goals with 64 connections."""
SCRIPT = str(Path(__file__).with_name("ping.lua"))


@dataclass(frozen=True)
class Measured:
    """Pings a second, 99th percentile in milliseconds, CPU microseconds for each ping."""

    per_second: float
    p99_ms: float
    cpu_us: float


Rounds = dict[str, list[Measured]]


def measure(contender: Contender, connections: int, seconds: int) -> Measured:
    """Load a contender with wrk; nothing may be refused or lost."""
    before = contender.cpu_seconds()
    with NamedTemporaryFile("w", suffix=".tsv") as sessions:
        sessions.writelines(f"{path}\t{body}\n" for path, body in contender.requests)
        sessions.flush()
        each = [f"-t{connections}", f"-c{connections}", f"-d{seconds}", "--timeout", "30", "-s", SCRIPT]
        command = ["wrk", *each, f"http://127.0.0.1:{contender.port}", sessions.name]
        figures = json.loads(subprocess.run(command, text=True, capture_output=True, check=True).stderr)
    assert figures["answers"] > figures["refused"] == figures["lost"] == 0, f"{contender.name}: {figures}"
    cpu = (contender.cpu_seconds() - before) / figures["answers"] * 1e6
    return Measured(figures["answers"] / figures["seconds"], figures["p99_ms"], cpu)


def race(seconds: int, rounds: int, console: Console) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskbay-")))
        postgresql = stack.enter_context(running_postgresql(["deskbay", "plain"]))
        contenders = [
            stack.enter_context(deskbay(postgresql, "deskbay", folder / "data", 18080)),
            stack.enter_context(plain(postgresql, "plain", 18081)),
            stack.enter_context(aw_server(folder, 18082)),
        ]
        return report(contenders, seconds, rounds, console)


def report(contenders: list[Contender], seconds: int, rounds: int, console: Console) -> bool:
    table = Table("connections", "server", "pings/s", "p99 ms", "CPU µs per ping", title="Pings, each committed")
    for connections in CONNECTIONS:
        measured: Rounds = {contender.name: [] for contender in contenders}
        for number in range(rounds):
            for contender in contenders[number % 2 :] + contenders[: number % 2]:
                measured[contender.name].append(measure(contender, connections, seconds))
        for name, found in measured.items():
            figures = (spread(list(column)) for column in zip(*map(astuple, found), strict=True))
            table.add_row(str(connections), name, *figures)
    console.print(table)
    return judge(measured, console)


def spread(figures: list[float]) -> str:
    return f"{median(figures):,.1f} ({min(figures):,.1f} – {max(figures):,.1f})"


def judge(measured: Rounds, console: Console) -> bool:
    """Compare what was measured with most connections, round by round."""
    ours, plainly, aw = (measured[name] for name in ("Deskbay", "plain app", "aw-server"))
    by_plain, by_aw = (
        [one.per_second / other.per_second for one, other in zip(ours, others, strict=True)] for others in (plainly, aw)
    )
    slowest = [one.p99_ms for one in ours]
    goals = {
        f"{spread(by_plain)} × the plain app (goal {PLAIN_TIMES})": median(by_plain) >= PLAIN_TIMES,
        f"{spread(by_aw)} × aw-server (goal {AW_TIMES})": median(by_aw) >= AW_TIMES,
        f"p99 {spread(slowest)} ms (goal under {LONGEST_MS})": median(slowest) < LONGEST_MS,
    }
    return told(goals, console)


def told(goals: dict[str, bool], console: Console) -> bool:
    for goal, reached in goals.items():
        console.print(("reached: " if reached else "missed: ") + goal)
    return all(goals.values())


def bear_computers(console: Console) -> bool:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskbay-")))
        postgresql = stack.enter_context(running_postgresql(["computers"]))
        found = computers.measure(
            stack.enter_context(computers.computers(postgresql, "computers", folder / "data", 18080))
        )
    console.print(
        f"{computers.COMPUTERS:,} computers, one ping a minute each: {found.per_second:,.0f} pings/s,"
        f" {found.refused} refused, p50 {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms;"
        f" {found.server_cpu:.2f} of a core for the server, {found.database_cpu:.2f} for PostgreSQL"
    )
    goals = {
        f"{found.server_cpu:.2f} of a core (goal {computers.MOST_CPU})": found.server_cpu <= computers.MOST_CPU,
        f"p99 {found.p99_ms:.1f} ms (goal under {LONGEST_MS})": found.p99_ms < LONGEST_MS,
        f"{found.refused} pings refused (goal 0)": found.refused == 0,
    }
    return told(goals, console)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    reached = [race(arguments.seconds, arguments.rounds, Console()), bear_computers(Console())]
    sys.exit(0 if all(reached) else 1)
