"""Memory and processor time of the agent while a person works, beside ActivityWatch's way of watching.

`python -m benchmarks.agent [--minutes N]`, with aw-server, aw-client and python-xlib in `.peers/`. All watch the same
screen at the same time. Ends with 1 when a goal is missed.
"""

import argparse
import asyncio
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import psutil
import trustme
from benchmarks.agents.__main__ import cpu_seconds, free_port, until_it_listens
from benchmarks.restore.desk import desk
from rich.console import Console
from rich.table import Table

MOST_MB, MOST_CPU = 30, 0.3
"""The goals: megabytes (1 000 000 bytes) of resident memory, and per cent of a core."""
PEERS = Path(".peers/bin").absolute()
SOURCE = Path(__file__).parents[2] / "src"
MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TOP_PAD_": "4096",
    "MALLOC_TRIM_THRESHOLD_": "16384",
    "PYTHONNODEBUGRANGES": "1",
}
"""As the unit for systemd and agent.sh set it."""
PYTHON = ("/usr/bin/python3", "-s")
WARM_UP_SECONDS = 20
ADA = {"username": "ada", "password": "a long password"}
OF_A_DESKTOP = """
import sys
sys.modules["ssl"] = None  # as deskbay.agent's __main__ does inside a desktop
from deskbay.agent.commands import main
sys.exit(main(["run"]))
"""


@dataclass(frozen=True)
class Watched:
    """What a watcher took: megabytes at each look, and its share of a core."""

    megabytes: list[float]
    cpu: float


class Watcher:
    """A process that watches the screen."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = psutil.Process(process.pid)
        self._megabytes: list[float] = []
        self._spent = 0.0
        self._began = 0.0

    def begin(self) -> None:
        self._spent, self._began = cpu_seconds(self._process), time.monotonic()

    def look(self) -> None:
        self._megabytes.append(self._process.memory_info().rss / 1e6)

    def result(self) -> Watched:
        share = (cpu_seconds(self._process) - self._spent) / (time.monotonic() - self._began)
        return Watched(self._megabytes, share * 100)


class Deskbay:
    """A server with Ada, who consents, and a way to it by TLS."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        port, secure = free_port(), free_port()
        serve = [str(Path(sys.executable).with_name("deskbay")), "serve", "--data", str(folder / "d")]
        stack.enter_context(running([*serve, "--port", str(port)]))
        until_it_listens(port)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        certificate = authority.issue_cert("127.0.0.1")
        threading.Thread(target=asyncio.run, args=[terminate_tls(secure, port, certificate)], daemon=True).start()
        until_it_listens(secure)
        self._ada = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60)
        self._ada.post("/api/v1/auth/sign-up", json=ADA).raise_for_status()
        tokens = self._ada.post("/api/v1/auth/token", json=ADA).raise_for_status().json()
        self._ada.cookies.clear()
        self._ada.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        wish = {"consent": True, "excluded_applications": [], "paused_until": None}
        self._ada.put("/api/v1/tracking", json=wish).raise_for_status()
        self.secure = f"https://127.0.0.1:{secure}"
        self.door = f"unix:{folder}/d/agents/server.sock"

    def agent(self, stack: ExitStack, name: str, address: str, words: Sequence[str]) -> Watcher:
        """Pair a device and start its agent with Debian's Python."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "XDG_STATE_HOME": str(self._folder / name),
            "SSL_CERT_FILE": str(self._folder / "authority.pem"),  # beside those that Debian has in a folder
            **MEMORY,
        }
        code = self._ada.post("/api/v1/devices/pairing-codes").raise_for_status().json()["code"]
        pair = ["-m", "deskbay.agent", "pair", address, code, "--name", name]
        subprocess.run([*PYTHON, *pair], env=environment, check=True, capture_output=True)
        return Watcher(stack.enter_context(running([*PYTHON, *words], environment)))

    def applications(self) -> set[str]:
        """What the agents reported: else the figures would be of agents that do nothing."""
        user = self._ada.get("/api/v1/auth/me").json()["id"]
        today = time.strftime("%Y-%m-%d", time.gmtime())
        days = {"user_id": user, "from": today, "to": today}
        items = self._ada.get("/api/v1/activity", params=days).raise_for_status().json()["items"]
        return {item["name"] for item in items if item["kind"] == "application"}


async def terminate_tls(port: int, plain: int, certificate: trustme.LeafCert) -> None:
    """Pass what comes by TLS on to a server that has none, as a proxy in front does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    async def passed(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, to_behind = await asyncio.open_connection("127.0.0.1", plain)
        await asyncio.gather(passed(reader, to_behind), passed(behind, writer), return_exceptions=True)

    async with await asyncio.start_server(serve, "127.0.0.1", port, ssl=context) as server:
        await server.serve_forever()


@contextmanager
def running(command: Sequence[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def activity_watch(folder: Path, stack: ExitStack) -> Watcher:
    port = free_port()
    environment = {**os.environ, "HOME": str(folder)}
    stack.enter_context(running([str(PEERS / "aw-server"), "--testing", "--port", str(port)], environment))
    until_it_listens(port)
    polling = [str(PEERS / "python"), str(Path(__file__).with_name("polling.py")), str(port)]
    return Watcher(stack.enter_context(running(polling, environment)))


def measure(folder: Path, seconds: float) -> dict[str, Watched]:
    """Have everybody watch a person who works."""
    with ExitStack() as stack:
        deskbay = Deskbay(folder, stack)
        run = ["-m", "deskbay.agent", "run"]
        watchers = {
            "agent in a desktop, Unix socket": deskbay.agent(stack, "desktop", deskbay.door, ["-c", OF_A_DESKTOP]),
            "agent on a computer, HTTPS": deskbay.agent(stack, "computer", deskbay.secure, run),
            "ActivityWatch's way": activity_watch(folder, stack),
        }
        time.sleep(2)  # until windows are managed
        person = [sys.executable, "-m", "benchmarks.agent.person", str(seconds + WARM_UP_SECONDS)]
        stack.enter_context(running(person))
        time.sleep(WARM_UP_SECONDS)
        for watcher in watchers.values():
            watcher.begin()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(1)
            for watcher in watchers.values():
                watcher.look()
        found = {name: watcher.result() for name, watcher in watchers.items()}
        applications = deskbay.applications()
        assert len(applications) > 1, f"the agents reported only {applications}"
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agent", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="deskbay-") as folder, desk("1280x800"):
        found = measure(Path(folder), options.minutes * 60)
    table = Table(title=f"{options.minutes:g} minutes of work", title_justify="left")
    for head in ("", "MB, median", "MB, most", "% of a core"):
        table.add_column(head, justify="right" if head else "left")
    for name, one in found.items():
        table.add_row(name, f"{median(one.megabytes):.1f}", f"{max(one.megabytes):.1f}", f"{one.cpu:.2f}")
    Console(width=100).print(table)
    Console(width=100).print(f"Goals for the agents: {MOST_MB} MB at the most, {MOST_CPU} % of a core.")
    agents = [one for name, one in found.items() if name.startswith("agent")]
    return 0 if all(max(one.megabytes) < MOST_MB and one.cpu < MOST_CPU for one in agents) else 1


if __name__ == "__main__":
    sys.exit(main())
