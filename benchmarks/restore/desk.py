"""A screen of its own with a window manager, a session bus and a home with documents."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from deskbay.agent.platforms import OpenWindow
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.processes import processes_with

MARK = "DESKBAY_BENCHMARK"
PATIENCE = 60.0
CHROMIUM = "chromium --no-first-run --disable-gpu --password-store=basic --disable-background-networking"

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:body><office:text><text:p>Report</text:p></office:text></office:body></office:document>
"""


@contextmanager
def desk(size: str) -> Iterator[Path]:
    """Give the folder with the documents. This process and its children belong to the screen until the end."""
    with TemporaryDirectory(prefix="deskbay-", ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        home, work = Path(folder, "home"), Path(folder, "home", "work")
        work.mkdir(parents=True)
        chromium = CHROMIUM + " --no-sandbox" * (os.geteuid() == 0)
        _furnish(home, work, chromium)
        Path(folder, "run").mkdir(mode=0o700)
        bus = f"unix:path={folder}/bus"
        stack.callback(_end_all, folder)
        os.environ |= {"HOME": str(home), "XDG_RUNTIME_DIR": f"{folder}/run", "DBUS_SESSION_BUS_ADDRESS": bus}
        os.environ |= {"NO_AT_BRIDGE": "1", "LANG": "C.UTF-8", "CHROMIUM": chromium, MARK: folder}
        os.environ["DISPLAY"] = _screen(folder, size)
        quietly(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--address", bus])
        quietly(["openbox"])
        yield work


def _furnish(home: Path, work: Path, chromium: str) -> None:
    (work / "letter.txt").write_text("Dear Ada\n")
    (work / "report.fodt").write_text(REPORT)
    for page in ("one", "two", "three"):
        (work / f"{page}.html").write_text(f"<title>{page}</title><h1>{page}</h1>")
    entries = home / ".local/share/applications"
    entries.mkdir(parents=True)
    entry = f"[Desktop Entry]\nType=Application\nName=Chromium\nExec={chromium} %U\nStartupWMClass=chromium\n"
    (entries / "chromium.desktop").write_text(entry)


def _screen(folder: str, size: str) -> str:
    reading, writing = os.pipe()
    options = ["-geometry", size, "-depth", "24", "-rfbunixpath", f"{folder}/vnc", "-rfbport", "-1", "-nolisten", "tcp"]
    quietly(["Xvnc", *options, "-noreset", "-SecurityTypes", "None", "-displayfd", str(writing)], (writing,))
    os.close(writing)
    with os.fdopen(reading) as word:
        return f":{word.readline().strip()}"


def quietly(command: Sequence[str], descriptors: Sequence[int] = ()) -> None:
    """Start a program that runs on, and let nobody hear what it says."""
    quiet = subprocess.DEVNULL
    subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=descriptors, start_new_session=True)


def _end_all(folder: str) -> None:
    for process in set(processes_with(MARK, folder)) - {os.getpid()}:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def until(platform: X11, is_so: Callable[[Mapping[str, OpenWindow]], bool]) -> float:
    """Wait until the windows, each by its class, are so; when that was."""
    end = time.perf_counter() + PATIENCE
    while not is_so(by_kind(platform)):
        platform.wait(0.05)
        if time.perf_counter() > end:
            raise SystemExit(f"It never came to that: {platform.windows()}")
    return time.perf_counter()


def by_kind(platform: X11) -> dict[str, OpenWindow]:
    return {window.kind: window for window in platform.windows()}


def end_programs(platform: X11) -> None:
    """End what has windows, and wait until all of it is gone, so that the next start is as the first was."""
    processes = {window.process for window in platform.windows() if window.process is not None}
    for process in processes:
        os.kill(process, signal.SIGTERM)
    until(platform, lambda windows: not windows)
    end = time.perf_counter() + PATIENCE
    while any(Path("/proc", str(process)).exists() and not _is_zombie(process) for process in processes):
        time.sleep(0.05)
        if time.perf_counter() > end:
            raise SystemExit("A program does not end.")


def _is_zombie(process: int) -> bool:
    with suppress(OSError):
        return Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True
