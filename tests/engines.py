"""A Docker engine of the run's own, and in it the image of a desktop.

The engine has a network, processes and mounts of its own: whatever happens, nothing of it is left when its first
process has ended. Only root can start it. The image is made of Debian's packages, which come from the network, and kept
beside the packages of Python for the next run.
"""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from tests.servers import program, succeeds

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "images" / "Dockerfile"
KEPT = Path(sys.prefix) / "images"
MADE_OF = (
    "deploy/images",
    "src/deskbay/agent",
    "src/deskbay/desktops/profiles",
    "src/deskbay/desktops/runtimes/local/system.txt",
)
START_SECONDS = 120
BASE = "deskbay-tests/debian"
IMAGE = "deskbay-tests/desktop"

Answer = TypeVar("Answer")


class DockerEngine:
    """A running engine. It makes the image of a desktop when that is asked for first."""

    def __init__(self, folder: Path, first_process: int) -> None:
        self.socket = folder / "docker.sock"
        self._first_process = first_process
        self._has_image = False

    def run(self, *arguments: str) -> str:
        """Return what Docker's own client prints."""
        done = subprocess.run(self._command(arguments), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def answers(self) -> bool:
        return succeeds(self._command(["version"]))

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [program("docker", "docker.io", Path("/usr/bin")), "-H", f"unix://{self.socket}", *arguments]

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let the engine's own process answer nothing meanwhile."""
        os.kill(self._first_process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._first_process, signal.SIGCONT)

    @property
    def image(self) -> str:
        if not self._has_image:
            self._load_image()
            self._has_image = True
        return IMAGE

    def _load_image(self) -> None:
        KEPT.mkdir(exist_ok=True)
        kept = KEPT / f"desktop-{_digest_of_image()}.tar"
        if kept.exists():
            self.run("load", "--input", str(kept))
            return
        with _way_out(self._first_process):
            self._build_image()
        for older in KEPT.glob("desktop-*.tar"):
            older.unlink(missing_ok=True)
        self.run("save", "--output", str(kept.with_suffix(f".{os.getpid()}")), IMAGE)
        kept.with_suffix(f".{os.getpid()}").rename(kept)

    def _build_image(self) -> None:
        with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp") as folder:
            _make_debian(Path(folder, "debian"))
            subprocess.run(["tar", "-C", f"{folder}/debian", "-cf", f"{folder}/debian.tar", "."], check=True)
            self.run("import", f"{folder}/debian.tar", BASE)
        made_of = ["--build-arg", f"BASE={BASE}", "--build-arg", "PROFILE=desktop", "--file", str(DOCKERFILE)]
        self.run("build", "--network", "host", "--tag", IMAGE, *made_of, str(ROOT))


def _make_debian(folder: Path) -> None:
    """Put Debian into a folder, from where this machine's own packages come from."""
    sources = "".join(file.read_text() for file in Path("/etc/apt").rglob("*.sources"))
    lines = "".join(file.read_text() for file in Path("/etc/apt").rglob("*.list"))
    mirror = re.search(r"^URIs: *(\S+)", sources, re.MULTILINE)
    mirror = mirror or re.search(r"^deb (?:\[.*\] )?(\S+)", lines, re.MULTILINE)
    assert mirror, "the sources of apt name no mirror"
    command = [program("debootstrap", "debootstrap"), "--variant=minbase", "bookworm", str(folder), mirror[1]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def _digest_of_image() -> str:
    places = [ROOT / place for place in MADE_OF]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file()]
    digest = hashlib.sha256()
    for file in sorted(files):
        if "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(ROOT)}\0{file.stat().st_mode}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _way_out(process: int) -> Iterator[None]:
    """Connect the network of a process with the outside, by a router that can't reach this machine's loopback."""
    options = ["--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=1"]
    command = [program("slirp4netns", "slirp4netns"), *options, str(process), "tap0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as router:
        try:
            assert router.stdout
            assert router.stdout.read(1), "the engine has no way out"
            yield
        finally:
            router.terminate()


@contextmanager
def docker_engine() -> Iterator[DockerEngine]:
    """Start an engine, and end it with all that runs there."""
    dockerd = program("dockerd", "docker.io")
    with (
        TemporaryDirectory(prefix="deskbay-", dir="/var/tmp", ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        places = [f"--data-root={folder}/data", f"--exec-root={folder}/exec", f"--pidfile={folder}/pid"]
        ways = ["--config-file", str(_empty(folder / "config.json")), f"--host=unix://{folder}/docker.sock"]
        limits = ["--default-ulimit", "nofile=1024:4096", f"--cgroup-parent=/{folder.name}"]  # what root may always set
        alone = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            "unshare",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
        ]
        with (folder / "log").open("w") as log:
            outer = subprocess.Popen(
                [*alone, dockerd, *places, *ways, *limits, "--storage-driver=overlay2"], stdout=log, stderr=log
            )
        stack.callback(_take_away_groups, folder.name)
        stack.callback(outer.wait)
        stack.callback(outer.kill)
        (first,) = _wait_for(lambda: _children(outer.pid), folder / "log")
        engine = DockerEngine(folder, first)
        _wait_for(engine.answers, folder / "log")
        yield engine


def _empty(file: Path) -> Path:
    file.write_text("{}")
    return file


def _wait_for(condition: Callable[[], Answer], log: Path) -> Answer:
    deadline = time.monotonic() + START_SECONDS
    while not (answer := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"the engine did not start:\n{log.read_text()[-3000:]}", pytrace=False)
        time.sleep(0.05)
    return answer


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _take_away_groups(name: str) -> None:
    """Take away the control groups that the engine had no time for."""
    for top in Path("/sys/fs/cgroup").glob(f"*/{name}"):
        for folder in sorted(top.rglob("*/"), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        with suppress(OSError):
            top.rmdir()
