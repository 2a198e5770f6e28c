"""Programs that a step runs."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from scripts.setup import ROOT
from scripts.setup.steps import Stopped

TAIL = 25


def run(
    command: Sequence[str | Path], remedy: str, *, folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> str:
    """Run a program to its end and return what it printed. It ends with us.

    Raises Stopped with the remedy and the end of what it printed when it fails.
    """
    surroundings = {**os.environ, **(environment or {})}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=None if command[0] == "sudo" else 0,  # sudo asks the terminal, which a group of its own can't
    )
    try:
        printed, _ = process.communicate()
    except BaseException:
        _end_group(process)
        raise
    if process.returncode:
        raise Stopped(remedy, printed.splitlines()[-TAIL:])
    return printed


def _end_group(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
    process.wait()
