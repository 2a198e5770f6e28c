"""Running a program that shows a message."""

import subprocess
import threading

SECONDS = 10


def tell(command: list[str]) -> None:
    """Run it in the background, for ten seconds at the most."""
    threading.Thread(target=_run, args=[command], name="notice", daemon=True).start()


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, timeout=SECONDS, capture_output=True, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return  # no desktop shows it, and nobody needs to know
