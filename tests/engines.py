"""A Docker engine of the run's own, and in it the image of a desktop.

The engine has a network, processes and mounts of its own, and its files in memory: whatever happens, nothing of it is
left when its first process has ended. Only root can start it. The image is made of Debian's packages, which come from
the network, and kept beside the packages of Python for the next run.
"""

import ctypes
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
import trustme
from tests.servers import program, succeeds

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "images" / "Dockerfile"
KEPT = Path(sys.prefix) / "images"
PACKAGES = (
    "deploy/images/Dockerfile",
    "deploy/images/install.sh",
    "deploy/images/furnish.sh",
    "src/deskbay/desktops/runtimes/local/system.txt",
)
START_SECONDS = 120
ALONE = [
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
HAND_OVER = 'export LISTEN_PID=$$ LISTEN_FDS=1 && exec 3<&"$2"'  # as systemd does: the network out there is another
SERVE = f'ip link set lo up && mount -t tmpfs engine "$1" && {HAND_OVER} && shift 2 && exec "$0" "$@"'
MAKE_DEBIAN = 'mount -t tmpfs debian "$1" && "$0" --variant=minbase bookworm "$1" "$2" && tar -C "$1" -cf "$3" .'
BASE = "deskbay-tests/debian"
IMAGE = "deskbay-tests/desktop"

Answer = TypeVar("Answer")


class DockerEngine:
    """A running engine. It makes the image of a desktop when that is asked for first.

    It listens on a socket, and at a port of this machine for who has a certificate of `authority`.
    """

    authority = trustme.CA()

    def __init__(self, folder: Path, first_process: int, port: int) -> None:
        self.socket = folder / "docker.sock"
        self.port = port
        self._first_process = first_process
        self._has_image = False

    @property
    def papers(self) -> dict[str, str]:
        """What somebody else has to know to use it, as settings."""
        ours = self.authority.issue_cert("deskbay")
        return {
            "address": f"localhost:{self.port}",
            "authority": self.authority.cert_pem.bytes().decode(),
            "certificate": ours.cert_chain_pems[0].bytes().decode(),
            "key": ours.private_key_pem.bytes().decode(),
        }

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

    @contextmanager
    def network(self) -> Iterator[None]:
        """Let this thread be in the engine's network meanwhile, where ports of containers are published."""
        set_namespace = ctypes.CDLL(None, use_errno=True).setns
        with Path("/proc/self/ns/net").open() as own, Path(f"/proc/{self._first_process}/ns/net").open() as theirs:
            assert set_namespace(theirs.fileno(), 0) == 0
            try:
                yield
            finally:
                assert set_namespace(own.fileno(), 0) == 0

    @property
    def image(self) -> str:
        if not self._has_image:
            self.make_image()
            self._has_image = True
        return IMAGE

    def make_image(self) -> None:
        """Build it, beginning with the packages of the last run's where they are the same ones."""
        KEPT.mkdir(exist_ok=True)
        kept = KEPT / f"desktop-{digest_of_packages()}.tar"
        if kept.exists():
            self.run("load", "--input", str(kept))
        else:
            self._load_debian()
        self._build("desktop", IMAGE)
        if not kept.exists():
            self._keep(kept)

    def image_of(self, profile: str) -> str:
        """Build another one, above the packages that all of them share."""
        name = f"{self.image}-{profile}"
        self._build(profile, name)
        return name

    def _build(self, profile: str, name: str) -> None:
        with _way_out(self._first_process):
            made_of = ["--build-arg", f"BASE={BASE}", "--build-arg", f"PROFILE={profile}", "--file", str(DOCKERFILE)]
            self.run("build", "--network", "host", "--cache-from", IMAGE, "--tag", name, *made_of, str(ROOT))

    def _load_debian(self) -> None:
        with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp") as folder:
            _pack_debian(Path(folder))
            self.run("import", f"{folder}/debian.tar", BASE)

    def _keep(self, file: Path) -> None:
        draft = file.with_suffix(f".{os.getpid()}")
        self.run("save", "--output", str(draft), BASE, IMAGE)
        for older in KEPT.glob("desktop-*.tar"):
            older.unlink(missing_ok=True)
        draft.rename(file)


def _pack_debian(folder: Path) -> None:
    """Put Debian into an archive, from where this machine's own packages come from."""
    sources = "".join(file.read_text() for file in Path("/etc/apt").rglob("*.sources"))
    lines = "".join(file.read_text() for file in Path("/etc/apt").rglob("*.list"))
    mirror = re.search(r"^URIs: *(\S+)", sources, re.MULTILINE)
    mirror = mirror or re.search(r"^deb (?:\[.*\] )?(\S+)", lines, re.MULTILINE)
    assert mirror, "the sources of apt name no mirror"
    (folder / "debian").mkdir()
    make = ["unshare", "--mount", "sh", "-c", MAKE_DEBIAN, program("debootstrap", "debootstrap")]
    done = subprocess.run(
        [*make, str(folder / "debian"), mirror[1], str(folder / "debian.tar")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def digest_of_packages() -> str:
    digest = hashlib.sha256()
    for file in PACKAGES:
        digest.update((ROOT / file).read_bytes())
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
    with (
        TemporaryDirectory(prefix="deskbay-", dir="/var/tmp", ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        (folder / "data").mkdir()
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.fileno()
        first = stack.enter_context(shut_in(folder, [SERVE, *_command_of_engine(folder, port)], (port,)))
        engine = DockerEngine(folder, first, listener.getsockname()[1])
        wait_for(engine.answers, folder / "log")
        yield engine


@contextmanager
def shut_in(
    folder: Path, script: Sequence[str], ports: Sequence[int] = (), environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a script of bash, with its words, in namespaces of its own; give their first process, and end all of it."""
    with (folder / "log").open("w") as log:
        outer = subprocess.Popen(
            [*ALONE, "bash", "-c", *script], stdout=log, stderr=log, pass_fds=ports, env=environment
        )
    try:
        (first,) = wait_for(lambda: _children(outer.pid), folder / "log")
        yield first
    finally:
        outer.kill()
        outer.wait()
        _take_away_groups(folder.name)


def _command_of_engine(folder: Path, port: int) -> list[str]:
    (folder / "config.json").write_text("{}")  # in place of this machine's
    DockerEngine.authority.cert_pem.write_to_path(folder / "authority.pem")
    DockerEngine.authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "engine.pem")
    return [
        program("dockerd", "docker.io"),
        str(folder / "data"),
        str(port),
        f"--data-root={folder}/data",
        f"--exec-root={folder}/exec",
        f"--pidfile={folder}/pid",
        f"--config-file={folder}/config.json",
        f"--host=unix://{folder}/docker.sock",
        "--host=fd://",
        "--tlsverify",
        f"--tlscacert={folder}/authority.pem",
        f"--tlscert={folder}/engine.pem",
        f"--tlskey={folder}/engine.pem",
        f"--cgroup-parent=/{folder.name}",
        "--default-ulimit=nofile=1024:4096",  # what root may set everywhere
        "--default-address-pool=base=172.16.0.0/12,size=24",  # each test is another server, with a network of its own
        "--storage-driver=overlay2",
    ]


def wait_for(condition: Callable[[], Answer], log: Path) -> Answer:
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
