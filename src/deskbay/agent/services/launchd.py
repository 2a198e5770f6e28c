"""An agent of the person's own launchd (Apple, launchd.plist(5)). It has not run on a Mac yet."""

import os
import plistlib
import subprocess
import sys
from pathlib import Path

from deskbay.agent.services.running import run

LABEL = "org.deskbay.agent"


def install() -> None:
    """Write the property list and start it. Raises Failed where there is no launchd."""
    file = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(property_list())
    domain, what = f"gui/{os.getuid()}", f"{file} is written, but can't be started"
    if _is_loaded(f"{domain}/{LABEL}"):
        run(["launchctl", "bootout", f"{domain}/{LABEL}"], what)
    run(["launchctl", "bootstrap", domain, str(file)], what)


def _is_loaded(service: str) -> bool:
    try:
        return subprocess.run(["launchctl", "print", service], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def property_list() -> bytes:
    """What launchd has to know. What the agent brought back lives on when it ends."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": [sys.executable, "-m", "deskbay.agent", "run"],
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 10,
            "LimitLoadToSessionType": "Aqua",
            "AbandonProcessGroup": True,
        }
    )
