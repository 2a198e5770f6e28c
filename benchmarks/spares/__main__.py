"""From the request for a desktop in a container until it is seen: a spare, none, and the same image by `docker run`.

`python -m benchmarks.spares [--socket /run/docker.sock] [--image deskbay/desktop] [--rounds N]`, as root,
on the engine's host. Ends with 1 when the goal is missed.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from benchmarks.launch.__main__ import DESKBAY, PATIENCE, Launch, Seconds, free_port, process, ratios, spread, until
from benchmarks.launch.screen import watch_socket, watch_websocket
from rich.console import Console
from rich.table import Table

GOAL = 1.0
"""Seconds to the first frame of a spare."""
PERSON = 1000
"""Who the image's programs run as when nobody says otherwise."""
PAUSE = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spares", description=__doc__)
    parser.add_argument("--socket", type=Path, default=Path("/run/docker.sock"))
    parser.add_argument("--image", default="deskbay/desktop")
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    with ExitStack() as running:
        ours = running.enter_context(deskbay(options.socket, options.image))
        contenders = (ours.warm, ours.cold, lambda: by_hand(options.socket, options.image))
        for launch in contenders:
            launch()  # the first one of each warms up
        rounds = [_one_of_each(contenders, number) for number in range(options.rounds)]
    return report(*zip(*rounds, strict=True))


def _one_of_each(contenders: tuple[Launch, ...], number: int) -> list[Seconds]:
    """Launch one of each; who goes first changes from round to round."""
    order = [(place + number) % len(contenders) for place in range(len(contenders))]
    seconds = {}
    for place in order:
        seconds[place] = contenders[place]()
        time.sleep(PAUSE)
    return [seconds[place] for place in range(len(contenders))]


class Deskbay:
    """A server with two templates of one image, of which one has a spare."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self._client = client
        self._token = token

    def prepare(self, socket: Path, image: str) -> None:
        engine = {"slug": "box", "kind": "docker", "settings": {"socket": str(socket)}}
        self._client.post("/api/v1/runtimes", json=engine).raise_for_status()
        size = {"memory_mb": 2048, "least_memory_mb": 2048, "most_memory_mb": 2048}
        cores = {"cpus": 2, "least_cpus": 2, "most_cpus": 2}
        common = {"category": "Desktops", "runtime": "docker", "image": image, **size, **cores}
        for name, spares in (("Warm", 1), ("Cold", 0)):
            wish = {"name": name, "spares": spares, **common}
            self._client.post("/api/v1/templates", json=wish).raise_for_status()

    def warm(self) -> Seconds:
        until(self._is_stocked)
        return self._launch("warm", "Taking a spare desktop")

    def cold(self) -> Seconds:
        until(self._is_stocked)  # nothing else is going on meanwhile
        return self._launch("cold", "Starting the desktop")

    def _is_stocked(self) -> bool:
        templates = self._client.get("/api/v1/templates/all").raise_for_status().json()["items"]
        return any(template["spares_ready"] for template in templates)

    def _launch(self, template: str, step: str) -> Seconds:
        address = str(self._client.base_url).replace("http", "ws", 1).rstrip("/")
        began = time.perf_counter()
        desktop = self._client.post("/api/v1/desktops", json={"template": template}).raise_for_status().json()["id"]
        seen = watch_websocket(f"{address}/api/v1/desktops/{desktop}/vnc", self._token)
        steps = self._client.get(f"/api/v1/desktops/{desktop}").raise_for_status().json()["steps"]
        assert step in {one["name"] for one in steps}, steps
        self._client.delete(f"/api/v1/desktops/{desktop}").raise_for_status()
        until(lambda: self._client.get(f"/api/v1/desktops/{desktop}").status_code == httpx.codes.NOT_FOUND)
        return Seconds(seen.frame - began, seen.desktop - began)

    def leave(self) -> None:
        """Have nothing wait any more."""
        for template in self._client.get("/api/v1/templates/all").raise_for_status().json()["items"]:
            if template["slug"] in {"warm", "cold"}:
                self._client.delete(f"/api/v1/templates/{template['id']}").raise_for_status()
        time.sleep(2 * PAUSE)
        (box,) = (one for one in self._client.get("/api/v1/runtimes").json()["items"] if one["slug"] == "box")
        until(lambda: self._client.delete(f"/api/v1/runtimes/{box['id']}").is_success)


@contextmanager
def deskbay(socket: Path, image: str) -> Iterator[Deskbay]:
    """Deskbay as users have it; picture by picture through the gateway."""
    with TemporaryDirectory(prefix="deskbay-") as folder, ExitStack() as running:
        ada = {"username": "ada", "password": secrets.token_urlsafe()}
        command = [str(DESKBAY), "users", "create", "ada", "--administrator", "--password-stdin"]
        command += ["--data", f"{folder}/data"]
        subprocess.run(command, input=ada["password"], text=True, check=True, stdout=subprocess.DEVNULL)
        command = [str(DESKBAY), "serve", "--data", f"{folder}/data", "--port", str(port := free_port())]
        running.enter_context(process(command, folder, os.environ))
        client = running.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE))
        until(lambda: client.get("/api/health").is_success)
        token = client.post("/api/v1/auth/token", json=ada).raise_for_status().json()["access_token"]
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {token}"
        server = Deskbay(client, token)
        server.prepare(socket, image)
        running.callback(server.leave)
        yield server


def by_hand(socket: Path, image: str) -> Seconds:
    """The same image as one would start it; the picture straight from its VNC server."""
    docker = ["docker", "--host", f"unix://{socket}"]
    with TemporaryDirectory(prefix="deskbay-") as name:
        folder = Path(name)
        (folder / "screen").mkdir()
        shutil.chown(folder / "screen", PERSON, PERSON)
        (folder / "passwd").write_text(f"user:x:{PERSON}:{PERSON}::/home/user:/bin/bash\n")
        binds = (f"{folder}/screen:/run/deskbay/screen", f"{folder}/passwd:/etc/passwd:ro")
        began = time.perf_counter()
        run = ["run", "--detach", *(f"--volume={bind}" for bind in binds), image]
        container = subprocess.run([*docker, *run], capture_output=True, text=True, check=True).stdout.strip()
        until((folder / "screen" / "vnc").exists)
        seen = watch_socket(folder / "screen" / "vnc")
        subprocess.run([*docker, "rm", "--force", container], capture_output=True, check=True)
    return Seconds(seen.frame - began, seen.desktop - began)


def report(warm: tuple[Seconds, ...], cold: tuple[Seconds, ...], hand: tuple[Seconds, ...]) -> int:
    """Print medians with the least and the most of all rounds; gives the exit code."""
    table = Table("seconds to", "a spare", "no spare", "docker run", "spare : docker run")
    frames = [[one.frame for one in seconds] for seconds in (warm, cold, hand)]
    desktops = [[one.desktop for one in seconds] for seconds in (warm, cold, hand)]
    for what, figures in ((f"the first frame (goal: {GOAL:g} s)", frames), ("the desktop", desktops)):
        table.add_row(what, *map(spread, (*figures, ratios(figures[0], figures[2]))))
    Console(width=140).print(table)
    return 0 if median(frames[0]) < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
