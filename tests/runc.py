#!/usr/bin/python3 -ISE
"""Calls runc with no higher limits than this machine's root has: Podman asks for what not every root may give."""

import json
import os
import resource
import sys
from pathlib import Path
from shutil import which


def lower_limits(file: Path) -> None:
    """Lower the limits in a description of a container, or of a process that is to run in one."""
    described = json.loads(file.read_text())
    for limit in described.get("process", described).get("rlimits", []):
        _, highest = resource.getrlimit(getattr(resource, limit["type"]))
        if highest != resource.RLIM_INFINITY:
            limit["hard"] = min(limit["hard"], highest)
            limit["soft"] = min(limit["soft"], limit["hard"])
    file.write_text(json.dumps(described))


if __name__ == "__main__":
    for option, value in zip(sys.argv, sys.argv[1:], strict=False):
        if option == "--bundle":
            lower_limits(Path(value, "config.json"))
        elif option == "--process":
            lower_limits(Path(value))
    os.execv(which("runc") or "/usr/sbin/runc", ["runc", *sys.argv[1:]])  # noqa: S606 - no shell is wanted
