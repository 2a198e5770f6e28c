"""Debian packages: which are missing, and installing them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from scripts.setup import ROOT
from scripts.setup.commands import run
from scripts.setup.steps import Stopped, step

SERVER = ROOT / "requirements" / "system.txt"
TESTS = ROOT / "requirements" / "system-tests.txt"
LOCK_SECONDS = 300


def install_debian_packages(*lists: Path) -> None:
    """Install what is missing of the packages that lists name. Raises Stopped, having changed nothing, without root."""
    missing = missing_packages(packages_in(lists))
    if missing:
        prefix = _root_prefix(missing)
        with step(f"Debian packages ({len(missing)} missing)"):
            _install(prefix, missing)


def packages_in(lists: Sequence[Path]) -> list[str]:
    """Return the packages that lists name, one a line; and Python's own for making environments, if it lacks that."""
    lines = [line.partition("#")[0].strip() for file in lists for line in file.read_text().splitlines()]
    venv = [] if find_spec("ensurepip") else ["python3-venv"]
    return list(dict.fromkeys([*venv, *filter(None, lines)]))


def missing_packages(packages: Sequence[str]) -> list[str]:
    """Return the packages that are not installed. Raises Stopped where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        raise Stopped(f"This is no Debian. Use Debian 12, or install there what corresponds to: {' '.join(packages)}")
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *packages]
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {package for package, _, status in map(_words, answer.splitlines()) if status == "installed"}
    return [package for package in packages if package not in installed]


def _words(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def _root_prefix(missing: Sequence[str]) -> list[str]:
    """Return what makes a command run as root. Raises Stopped where we can't be root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and (_sudo("-n", "true") or (sys.stdin.isatty() and _sudo("-v"))):
        return ["sudo"]
    raise Stopped(_by_hand(missing))


def _sudo(*words: str) -> bool:
    quiet = subprocess.DEVNULL if "-n" in words else None
    return subprocess.run(["sudo", *words], stderr=quiet, check=False).returncode == 0


def _by_hand(missing: Sequence[str]) -> str:
    names = " ".join(missing)
    return (
        f"These Debian packages are missing, and only root may install them: {names}\n"
        f"As root, run: apt-get update && apt-get install --no-install-recommends {names}\nThen run this again."
    )


def _install(prefix: Sequence[str], missing: Sequence[str]) -> None:
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", f"-oDPkg::Lock::Timeout={LOCK_SECONDS}", "-q"]
    run([*apt, "update"], "The lists of Debian packages can't be fetched. Check the network and /etc/apt, then again.")
    run(
        [*apt, "install", "--yes", "--no-install-recommends", *missing],
        "Debian packages can't be installed. The lines above say why; mend that, then run this again.",
    )
