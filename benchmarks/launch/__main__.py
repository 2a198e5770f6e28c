"""From the request for a desktop until it is seen, beside the same programs started by hand, and JupyterHub.

`python -m benchmarks.launch [--rounds N]`. Ends with 1 when the goal is missed.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from benchmarks.launch.screen import watch_socket, watch_websocket
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).absolute().parent
PROFILES = HERE.parents[1] / "src/deskbay/desktops/profiles"
DESKBAY = Path(sys.executable).with_name("deskbay")
JUPYTERHUB = Path(".peers/bin/jupyterhub").absolute()
GOAL = 1.25
"""Of the time that the same programs take by hand."""
PATIENCE = 60.0
PAUSE = 0.5
"""Seconds for what was ended to be gone."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """From the request to the first frame, and to the first one that shows the desktop."""

    frame: float
    desktop: float


Launch = Callable[[], Seconds]
"""Launches once and takes it away again."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.launch", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if not JUPYTERHUB.exists():
        raise SystemExit(f"{JUPYTERHUB} is missing: benchmarks/README.md says how to install the peers.")
    with ExitStack() as running:
        contenders = [running.enter_context(start()) for start in (deskbay, by_hand, jupyterhub)]
        for launch in contenders:
            launch()  # the first one of each warms up
        rounds = [_one_of_each(contenders, number) for number in range(options.rounds)]
    return report(*zip(*rounds, strict=True))


def _one_of_each(contenders: list[Launch], number: int) -> list[Seconds]:
    """Launch one of each; who goes first changes from round to round."""
    order = [(place + number) % len(contenders) for place in range(len(contenders))]
    seconds = {place: contenders[place]() for place in order}
    return [seconds[place] for place in range(len(contenders))]


@contextmanager
def deskbay() -> Iterator[Launch]:
    """Deskbay as users have it, with the template Desktop; picture by picture through the gateway."""
    with TemporaryDirectory(prefix="deskbay-") as folder, ExitStack() as running:
        command = [str(DESKBAY), "serve", "--data", f"{folder}/data", "--port", str(port := free_port())]
        running.enter_context(process(command, folder, os.environ))
        client = running.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE))
        until(lambda: client.get("/api/health").is_success)
        ada = {"username": "ada", "password": secrets.token_urlsafe()}
        client.post("/api/v1/auth/sign-up", json=ada).raise_for_status()
        client.cookies.clear()
        token = client.post("/api/v1/auth/token", json=ada).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield lambda: _launch_on_deskbay(client, token)


def _launch_on_deskbay(client: httpx.Client, token: str) -> Seconds:
    address = str(client.base_url).replace("http", "ws", 1).rstrip("/")
    began = time.perf_counter()
    desktop = client.post("/api/v1/desktops", json={"template": "desktop"}).raise_for_status().json()["id"]
    seen = watch_websocket(f"{address}/api/v1/desktops/{desktop}/vnc", token)
    client.delete(f"/api/v1/desktops/{desktop}").raise_for_status()
    time.sleep(PAUSE)
    return Seconds(seen.frame - began, seen.desktop - began)


@contextmanager
def by_hand() -> Iterator[Launch]:
    """The floor: the same programs from a shell, without a sandbox; the picture straight from the VNC server."""
    yield _launch_by_hand


def _launch_by_hand() -> Seconds:
    with TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        profiles = _profiles_at(Path(folder, "profiles"))
        display = Path(folder, "vnc")
        began = time.perf_counter()
        command = ["sh", str(HERE / "by_hand.sh"), str(profiles), str(display), str(home)]
        os.mkfifo(home / "ready")
        with subprocess.Popen(command, start_new_session=True) as session:
            (home / "ready").read_text()
            seen = watch_socket(display)
            os.killpg(session.pid, signal.SIGKILL)
        time.sleep(PAUSE)
    return Seconds(seen.frame - began, seen.desktop - began)


def _profiles_at(folder: Path) -> Path:
    """Copy the profiles to where they can be used without a sandbox."""
    shutil.copytree(PROFILES, folder)
    for file in folder.rglob("*"):
        if file.is_file() and b"/opt/deskbay" in (content := file.read_bytes()):
            file.write_bytes(content.replace(b"/opt/deskbay", str(folder).encode()))
    return folder


@contextmanager
def jupyterhub() -> Iterator[Launch]:
    """JupyterHub with its simplest spawner and a process that does nothing; until it answers through the proxy."""
    with TemporaryDirectory() as folder, ExitStack() as running:
        ports = {"PORT": free_port(), "HUB_PORT": free_port(), "PROXY_PORT": free_port()}
        token = secrets.token_hex(32)
        environment = os.environ | {name: str(port) for name, port in ports.items()} | {"TOKEN": token}
        command = [str(JUPYTERHUB), "--config", str(HERE / "jupyterhub_config.py")]
        running.enter_context(process(command, folder, environment))
        client = running.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{ports['PORT']}", timeout=PATIENCE))
        client.headers["Authorization"] = f"token {token}"
        until(lambda: client.get("/hub/api/").is_success)
        client.post("/hub/api/users/ada").raise_for_status()
        yield lambda: _launch_on_jupyterhub(client)


def _launch_on_jupyterhub(client: httpx.Client) -> Seconds:
    began = time.perf_counter()
    client.post("/hub/api/users/ada/server").raise_for_status()
    until(lambda: client.get("/user/ada/").text == "ok")
    seconds = time.perf_counter() - began
    client.delete("/hub/api/users/ada/server").raise_for_status()
    until(lambda: not client.get("/hub/api/users/ada").json()["servers"])
    time.sleep(PAUSE)
    return Seconds(seconds, seconds)


@contextmanager
def process(command: list[str], folder: str, environment: dict[str, str] | os._Environ[str]) -> Iterator[None]:
    """Run a program, its output in a file, until the end of the block."""
    with Path(folder, "log").open("w") as log:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if condition():
                return
        time.sleep(0.01)
    raise TimeoutError("It takes too long; something is wrong.")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def report(ours: tuple[Seconds, ...], floor: tuple[Seconds, ...], peer: tuple[Seconds, ...]) -> int:
    """Print medians with the least and the most of all rounds; gives the exit code."""
    table = Table("seconds to", "Deskbay", "by hand", "ratio", "JupyterHub")
    frames = [one.frame for one in ours], [one.frame for one in floor]
    desktops = [one.desktop for one in ours], [one.desktop for one in floor]
    table.add_row(f"the desktop (goal: {GOAL} ×)", *map(spread, (*desktops, ratios(*desktops))), "")
    table.add_row("a frame, still black", *map(spread, (*frames, ratios(*frames))), "")
    table.add_row("an empty process", "", "", "", spread([one.frame for one in peer]))
    Console(width=140).print(table)
    return 0 if median(ratios(*desktops)) <= GOAL else 1


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [first / second for first, second in zip(ours, theirs, strict=True)]


def spread(values: list[float]) -> str:
    return f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    sys.exit(main())
