"""Messages of the server for the person at the device, shown as their desktop shows notifications."""

import subprocess
import threading
from shutil import which

SECONDS = 10


def show_notice(text: str) -> None:
    """Show a message, where the desktop can. Returns at once."""
    if program := which("notify-send"):
        command = [program, "--app-name=Deskbay", "Deskbay", text]
        threading.Thread(target=_run, args=[command], name="notice", daemon=True).start()


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, timeout=SECONDS, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        return  # no desktop shows it, and nobody needs to know
