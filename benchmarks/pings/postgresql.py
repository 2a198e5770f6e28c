"""A PostgreSQL of the benchmark's own, which waits for the disk at each commit."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import psutil


@dataclass(frozen=True)
class Server:
    """Where it listens, and its process."""

    folder: Path
    process: psutil.Process

    def sqlalchemy(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    def libpq(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"


@contextmanager
def running_postgresql(databases: Sequence[str]) -> Iterator[Server]:
    """Start a server on a Unix socket with empty databases; all of it is gone afterwards."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(mkdtemp(prefix="deskbay-", dir="/var/tmp"))
    user = [] if os.geteuid() else ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    make = [*user, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "-E", "UTF8"]
    subprocess.run([*make, "--locale=C"], cwd=folder, check=True, capture_output=True)
    serve = [*user, str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(serve, cwd=folder, stdout=log, stderr=log)
    try:
        for database in databases:
            create(programs / "createdb", folder, database)
        yield Server(folder, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def create(createdb: Path, folder: Path, database: str) -> None:
    until = time.monotonic() + 30
    command = [str(createdb), "-h", str(folder), "-U", "postgres", database]
    while subprocess.run(command, capture_output=True, check=False).returncode:
        assert time.monotonic() < until, "PostgreSQL does not answer"
        time.sleep(0.1)
