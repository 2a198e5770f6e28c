"""Asking the system's own programs."""

import subprocess
from collections.abc import Sequence

from deskbay.agent import system
from deskbay.agent.failures import Failed


def run(command: Sequence[str], what: str) -> None:
    """Run a program to its end. Raises Failed, which begins with `what` and says how to go on without it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise Failed(f"{what}: {error}. Run: {system.COMMAND} run") from error
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        raise Failed(f"{what}: {said} Run: {system.COMMAND} run")
