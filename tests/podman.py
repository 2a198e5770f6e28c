"""Podman, which speaks Docker's API beside its own: a service of the run's own, shut in as the Docker engine is.

It has no TLS itself: stunnel stands before it, and lets in who has a certificate.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engines import DOCKERFILE, IMAGE, KEPT, ROOT, DockerEngine, digest_of_packages, shut_in, wait_for
from tests.hosts import listens
from tests.ports import free_port
from tests.servers import program

SERVE = 'ip link set lo up && mount -t tmpfs engine "$1" && mount -t tmpfs run /run && shift && exec "$0" "$@"'
CONTAINERS = """\
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
[engine.runtimes]
runc = ["{runc}"]
"""
STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{data}/containers"
runroot = "{data}/run"
[storage.options]
additionalimagestores = ["{images}"]
"""
TUNNEL = """\
foreground = yes
pid =
[podman]
accept = 127.0.0.1:{port}
connect = {folder}/docker.sock
cert = {folder}/engine.pem
CAfile = {folder}/authority.pem
verifyChain = yes
requireCert = yes
"""


SERVE_NOBODY = """\
ip link set lo up && for file in subuid subgid; do mount --bind "$1" /etc/$file; done && shift &&
exec setpriv --pdeathsig KILL --reuid nobody --regid nogroup --clear-groups "$0" "$@"
"""
RANGES = "nobody:100000:65536\n"


class Podman(DockerEngine):
    """A running service. It has the packages of Docker's image from the beginning."""

    def make_image(self) -> None:
        """Build what there is of the image above the packages."""
        *_, above = re.split("^RUN .*\n", DOCKERFILE.read_text(), flags=re.MULTILINE)
        recipe = self.socket.with_name("Dockerfile")
        recipe.write_text(f"FROM {IMAGE}\nARG PROFILE=desktop\n{above}")
        self.run("build", "--tag", IMAGE, "--file", str(recipe), str(ROOT))


@contextmanager
def podman_service(docker: Callable[[], DockerEngine]) -> Iterator[Podman]:
    """Start a service, and end it with all that runs there."""
    images = _packages_of(docker)
    with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        (folder / "containers.conf").write_text(CONTAINERS.format(runc=Path(__file__).with_name("runc.py")))
        (folder / "storage.conf").write_text(STORAGE.format(data=data, images=images))
        files = {"CONTAINERS_CONF": folder / "containers.conf", "CONTAINERS_STORAGE_CONF": folder / "storage.conf"}
        environment = {**os.environ, **{key: str(file) for key, file in files.items()}, "TMPDIR": str(data)}
        listen = ["system", "service", "--time=0", f"unix://{folder}/docker.sock"]
        with shut_in(folder, [SERVE, _podman(), str(data), *listen], environment=environment) as first:
            podman = Podman(folder, first, free_port())
            wait_for(podman.answers, folder / "log")
            with _guarded(podman, folder):
                yield podman


@contextmanager
def rootless_podman() -> Iterator[Podman]:
    """Start one of an ordinary user's, without an image, and end it."""
    with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        program("newuidmap", "uidmap")
        shutil.copy(Path(__file__).with_name("runc.py"), folder)
        (folder / "containers.conf").write_text(CONTAINERS.format(runc=folder / "runc.py"))
        (folder / "ranges").write_text(RANGES)
        for own in (folder, folder / "home", folder / "run"):
            own.mkdir(mode=0o700, exist_ok=True)
            shutil.chown(own, "nobody")
        places = {"HOME": folder / "home", "XDG_RUNTIME_DIR": folder / "run", "TMPDIR": folder / "home"}
        files = {"CONTAINERS_CONF": folder / "containers.conf"}
        environment = {**os.environ, **{key: str(path) for key, path in {**places, **files}.items()}}
        listen = ["system", "service", "--time=0", f"unix://{folder}/docker.sock"]
        with shut_in(folder, [SERVE_NOBODY, _podman(), str(folder / "ranges"), *listen], (), environment) as first:
            podman = Podman(folder, first, port=0)
            wait_for(podman.answers, folder / "log")
            yield podman


@contextmanager
def _guarded(podman: Podman, folder: Path) -> Iterator[None]:
    """Let those in at its port who have a certificate of the same authority."""
    DockerEngine.authority.cert_pem.write_to_path(folder / "authority.pem")
    DockerEngine.authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "engine.pem")
    (folder / "stunnel.conf").write_text(TUNNEL.format(port=podman.port, folder=folder))
    with (folder / "stunnel.log").open("w") as log:
        guard = subprocess.Popen([program("stunnel", "stunnel4"), str(folder / "stunnel.conf")], stderr=log)
    try:
        wait_for(lambda: listens("127.0.0.1", podman.port), folder / "stunnel.log")
        yield
    finally:
        guard.terminate()
        guard.wait()


def _podman() -> str:
    return program("podman", "podman")


def _packages_of(docker: Callable[[], DockerEngine]) -> Path:
    """Return where Podman finds an image with the packages. To read it in takes long: it is kept for the next run."""
    kept = KEPT / f"podman-{digest_of_packages()}"
    if not kept.exists():
        assert docker().image == IMAGE
        for older in KEPT.glob("podman-*"):
            shutil.rmtree(older, ignore_errors=True)
        with TemporaryDirectory(prefix="deskbay-", dir="/var/tmp") as folder:
            draft = kept.with_suffix(f".{os.getpid()}")
            options = ["--root", str(draft), "--runroot", f"{folder}/run", "--storage-driver", "overlay"]
            archive = KEPT / f"desktop-{digest_of_packages()}.tar"
            subprocess.run([_podman(), *options, "load", "--quiet", "--input", str(archive)], check=True)
        draft.rename(kept)
    return kept
