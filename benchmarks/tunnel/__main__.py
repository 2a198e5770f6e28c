"""A VNC stream through the gateway, beside websockify: MB/s, CPU time per MB, and how soon a small update is there.

`python -m benchmarks.tunnel [--rounds N] [--gigabytes N]`, with websockify in `.peers/`. Both serve at once and are
measured in turn, with the same source (a Unix socket) and the same sink. Ends with 1 when a goal is missed.
"""

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

PEER = Path(".peers/bin/websockify")
MEGABYTE = 1_000_000
ROUND_TRIPS = 3000
FASTER, CHEAPER = 1.5, 0.6
"""The goals: MB/s and CPU time per MB, as multiples of the peer's."""


@dataclass(frozen=True)
class Server:
    """A server that relays a port to a source."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        root = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
        return sum(spent.user + spent.system for spent in times)


@dataclass(frozen=True)
class Contender:
    """A kind of server: one that streams, one that echoes."""

    streams: Server
    echoes: Server


@dataclass(frozen=True)
class Figures:
    """One round: MB/s, CPU milliseconds per MB, and the median and 99th percentile of round trips in microseconds."""

    speed: float
    cpu: float
    round_trip: float
    slow_round_trip: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tunnel", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--gigabytes", type=int, default=4)
    options = parser.parse_args()
    if not PEER.exists():
        raise SystemExit(f"{PEER} is missing: benchmarks/README.md says how to install the peers.")
    megabytes = 1000 * options.gigabytes
    with TemporaryDirectory() as folder, ExitStack() as running:
        streaming, echoing = Path(folder, "stream.sock"), Path(folder, "echo.sock")
        start(running, "source", "stream", str(streaming), str(megabytes * MEGABYTE))
        start(running, "source", "echo", str(echoing))
        ours, peer = (Contender(serve(running, streaming), serve(running, echoing)) for serve in (gateway, websockify))
        rounds = [measure_both(ours, peer, megabytes, swap=bool(number % 2)) for number in range(options.rounds)]
    return report([first for first, _ in rounds], [second for _, second in rounds])


def start(running: ExitStack, module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return start_command(running, sys.executable, "-m", f"benchmarks.tunnel.{module}", *arguments)


def start_command(running: ExitStack, *command: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running.callback(process.wait)
    running.callback(process.terminate)
    return process


def gateway(running: ExitStack, source: Path) -> Server:
    port = free_port()
    return Server(ready(start(running, "gateway", str(port), str(source)), port), port)


def websockify(running: ExitStack, source: Path) -> Server:
    port = free_port()
    process = start_command(running, str(PEER), f"--unix-target={source}", f"127.0.0.1:{port}")
    return Server(ready(process, port), port)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def ready(process: subprocess.Popen[bytes], port: int) -> subprocess.Popen[bytes]:
    """Wait until something listens on `port`, without connecting to it."""
    deadline = time.monotonic() + 30
    while not any(c.laddr.port == port for c in psutil.Process(process.pid).net_connections("tcp")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"{process.args!r} does not listen on port {port}.")
        time.sleep(0.05)
    return process


def measure_both(ours: Contender, peer: Contender, megabytes: int, *, swap: bool) -> tuple[Figures, Figures]:
    """One round of each; who goes first alternates."""
    if swap:
        second = measure(peer, megabytes)
        return measure(ours, megabytes), second
    return measure(ours, megabytes), measure(peer, megabytes)


def measure(contender: Contender, megabytes: int) -> Figures:
    before = contender.streams.cpu_seconds()
    (seconds,), after = sink("stream", contender.streams, megabytes * MEGABYTE)
    trips, _ = sink("echo", contender.echoes, ROUND_TRIPS)
    return Figures(
        speed=megabytes / seconds,
        cpu=1000 * (after - before) / megabytes,
        round_trip=1e6 * median(trips),
        slow_round_trip=1e6 * quantiles(trips, n=100)[-1],
    )


def sink(kind: str, server: Server, amount: int) -> tuple[list[float], float]:
    """The seconds that a client counted, and the server's CPU seconds so far, read before the client leaves."""
    command = [sys.executable, "-m", "benchmarks.tunnel.sink", kind, str(server.port), str(amount)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        line = client.stdout.readline()
        cpu = server.cpu_seconds()
    if client.returncode:
        raise SystemExit("The client could not finish.")
    return [float(word) for word in line.split()], cpu


def report(ours: list[Figures], peer: list[Figures]) -> int:
    """Print medians with the least and the most of all rounds; gives the exit code."""
    table = Table("", "gateway", "websockify", "ratio, round by round")

    def compare(title: str, figure: Callable[[Figures], float]) -> float:
        first, second = [figure(one) for one in ours], [figure(one) for one in peer]
        ratios = [a / b for a, b in zip(first, second, strict=True)]
        table.add_row(title, spread(first), spread(second), spread(ratios))
        return median(ratios)

    faster = compare(f"MB/s (goal: {FASTER} ×)", lambda figures: figures.speed)
    cheaper = compare(f"CPU ms per MB (goal: {CHEAPER} ×)", lambda figures: figures.cpu)
    compare("round trip, µs, median", lambda figures: figures.round_trip)
    compare("round trip, µs, 99th percentile", lambda figures: figures.slow_round_trip)
    Console(width=120).print(table)
    return 0 if faster >= FASTER and cheaper <= CHEAPER else 1


def spread(values: list[float]) -> str:
    return f"{median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


if __name__ == "__main__":
    sys.exit(main())
