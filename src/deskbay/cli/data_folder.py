"""The data folder: made, checked, and held by one server at a time."""

import fcntl
import json
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from deskbay.cli.failures import ExitCode, Failure

LEAST_FREE_BYTES = 64 * 2**20
SERVER = "server.json"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where the server of a data folder listens, and its process."""

    url: str
    pid: int


@contextmanager
def hold(data: Path) -> Iterator[ExitStack]:
    """Hold the folder, made when it is missing, for this process alone; the kernel lets go of it when that ends.

    What is added to the folder is taken away again at the end, unless `pop_all` of the yielded stack was called.
    Raises Failure when the folder can't be used or another process holds it.
    """
    _refuse_full_disk(data)
    made = make_folder(data)
    refuse_foreign(data)
    with _locked(data), ExitStack() as undo:
        undo.callback(_take_back, data, set(data.iterdir()), made)
        yield undo


def check_folder(data: Path) -> None:
    """Raise Failure when the folder can't be used. Nothing is made."""
    _refuse_full_disk(data)
    nearest = _nearest_folder(data)
    if data.exists():
        refuse_foreign(data)
    elif not os.access(nearest, os.W_OK):
        raise _unmakable(data, f"{nearest} can't be written to")


def _nearest_folder(data: Path) -> Path:
    return next(path for path in (data, *data.parents) if path.is_dir())


def _refuse_full_disk(data: Path) -> None:
    if (free := shutil.disk_usage(_nearest_folder(data)).free) < LEAST_FREE_BYTES:
        left = f"{free // 2**20} MB are left, {LEAST_FREE_BYTES // 2**20} MB are needed"
        what = f"The disk of {data} is full: {left}."
        raise Failure(f"{what} Make room on it, or choose another folder with --data.", kind="disk-full")


def make_folder(data: Path) -> Path | None:
    """Make the folder and those above it, where they are missing. Return the topmost that was made."""
    missing = [path for path in (data, *data.parents) if not path.exists()]
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Failure(f"{data} is no folder. Choose another with --data.", kind="no-data-folder") from error
    except OSError as error:
        raise _unmakable(data, str(error.strerror)) from error
    return missing[-1] if missing else None


def _unmakable(data: Path, why: str) -> Failure:
    what = f"The data folder {data} can't be made: {why}."
    return Failure(f"{what} Choose one that you may write to with --data.", kind="no-data-folder")


def refuse_foreign(data: Path) -> None:
    """Raise Failure when the folder belongs to somebody else or can't be written to."""
    owner = data.stat().st_uid
    if owner != os.geteuid():
        what = f"The data folder {data} belongs to {_name_of(owner)}, and you are {_name_of(os.geteuid())}."
        raise Failure(f"{what} Run this as {_name_of(owner)}, or choose another folder with --data.", kind="not-yours")
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise Failure(f"The data folder {data} can't be written to. Run: chmod u+rwx '{data}'", kind="not-writable")


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _take_back(data: Path, before: set[Path], made: Path | None) -> None:
    for path in {made} if made else set(data.iterdir()) - before:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    descriptor = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise _in_use(data) from error
    finally:
        os.close(descriptor)


def _in_use(data: Path) -> Failure:
    server = read_server(data)
    who = f" (process {server.pid}, {server.url})" if server else ""
    what = f"Another Deskbay server{who} uses the data folder {data}."
    return Failure(f"{what} End that one first, or choose another folder with --data.", kind="data-folder-in-use")


@contextmanager
def announced(data: Path, server: RunningServer) -> Iterator[None]:
    """Tell other commands where the server listens, for as long as it does."""
    path = data / SERVER
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(server)))
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def read_server(data: Path) -> RunningServer | None:
    """Return the server that runs on a data folder, None when there is none."""
    with suppress(OSError, ValueError, TypeError):
        server = RunningServer(**json.loads((data / SERVER).read_text()))
        os.kill(server.pid, 0)
        return server
    return None


def find_server(data: Path) -> RunningServer:
    """Return the server that runs on a data folder. Raises Failure when there is none."""
    if data.exists():
        refuse_foreign(data)
    if server := read_server(data):
        return server
    raise no_server(data)


def no_server(data: Path) -> Failure:
    what = f"No Deskbay server runs on the data folder {data}."
    return Failure(f"{what} Start one: deskbay serve --data '{data}'", kind="no-server", code=ExitCode.NOT_RUNNING)
