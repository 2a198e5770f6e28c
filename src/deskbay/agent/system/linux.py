"""What only Linux has."""

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import which

from deskbay.agent.system.telling import tell

COMMAND = "deskbay agent"
"""How a person runs the agent's commands."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_MACHINE = Path("/etc/machine-id")


def boot_of(began: int) -> str:
    """Names the time since the device was started, which was at `began`: milliseconds since 1970, by its clock."""
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else str(began)


def machine() -> str:
    """Names this device among those that share a person's home."""
    return _MACHINE.read_text().strip() if _MACHINE.exists() else ""


def state_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Where programs of this person keep what they need (XDG Base Directory Specification)."""
    return Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "deskbay"


def notify(text: str) -> None:
    """Show a message as the desktop shows them. Returns at once."""
    if program := which("notify-send"):
        tell([program, "--app-name=Deskbay", "--", "Deskbay", text])
