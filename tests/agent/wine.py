"""Python for Windows, under wine, on a screen of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = Path(sys.prefix) / "windows" / "python.exe"
SOURCE = Path(__file__).parents[2] / "src"
SECONDS = 300
SIT = "import ctypes, sys; ctypes.windll.user32.GetDesktopWindow(); print(flush=True); sys.stdin.read()"


class Wine:
    """Runs programs for Windows that share one desktop and one set of drives, where Z: is this machine's root."""

    def __init__(self, prefix: Path, display: str) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(prefix.parent),
            "DISPLAY": display,
            "WINEPREFIX": str(prefix),
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # else it asks whether to fetch these
            "WINEDEBUG": "-all",
        }

    def tell(self, program: str, *arguments: str) -> object:
        """Run Python code, which can import Deskbay's agent, and return what its last line is as JSON."""
        start = f"import sys; sys.path.insert(0, {windows_path(SOURCE)!r})\n"
        done = subprocess.run(
            ["wine", PYTHON, "-c", start + program, *arguments],
            env=self.environment,
            input="\n",  # a program for Windows does not start without a standard input
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


def windows_path(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


@contextmanager
def wine_on(display: str, folder: Path) -> Iterator[Wine]:
    """Make the drives, and end all programs in the end."""
    prefix = folder / "wine"
    prefix.mkdir()
    wine = Wine(prefix, display)
    subprocess.run(["wineserver", "--persistent"], env=wine.environment, check=True, timeout=SECONDS)
    quiet = subprocess.DEVNULL  # a pipe would be held open by what goes on in the background
    boot = ["wine", "wineboot", "--init"]
    try:
        subprocess.run(boot, env=wine.environment, input=b"\n", stdout=quiet, stderr=quiet, timeout=SECONDS, check=True)
        with _somebody_at(wine):
            yield wine
    finally:
        subprocess.run(["wineserver", "--kill"], env=wine.environment, check=False, timeout=SECONDS)


@contextmanager
def _somebody_at(wine: Wine) -> Iterator[None]:
    """Keep the desktop: else each program begins it anew, in ten seconds, and it keeps that program's pipes open."""
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    start = ["wine", str(PYTHON), "-c", SIT]
    with subprocess.Popen(start, env=wine.environment, stdin=pipe, stdout=pipe, stderr=quiet) as sitting:
        assert sitting.stdout
        assert sitting.stdout.readline(), "there is no desktop"
        yield
