"""A unit for the person's own systemd."""

import os
import sys
from pathlib import Path

from deskbay.agent.services.running import run

UNIT = "deskbay-agent.service"


def install() -> None:
    """Write the unit and start it. Raises Failed where there is no systemd."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    file = base / "systemd" / "user" / UNIT
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(unit())
    for words in (["daemon-reload"], ["enable", "--now", UNIT]):
        run(["systemctl", "--user", *words], f"{file} is written, but can't be started")


def unit() -> str:
    """What systemd has to know. What the agent brought back lives on when it ends."""
    return f"""[Unit]
Description=Deskbay agent
PartOf=graphical-session.target
After=graphical-session.target

[Service]
Environment=MALLOC_ARENA_MAX=1 MALLOC_TOP_PAD_=4096 MALLOC_TRIM_THRESHOLD_=16384 PYTHONNODEBUGRANGES=1
ExecStart={sys.executable} -m deskbay.agent run
Restart=on-failure
RestartSec=10
KillMode=process

[Install]
WantedBy=graphical-session.target
"""
