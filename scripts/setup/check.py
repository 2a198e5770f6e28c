"""What scripts/check does: the checks that need no test. The hooks of pre-commit run the same."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

from scripts.setup import ENVIRONMENT, ROOT, WEB
from scripts.setup.debian import install_debian_packages
from scripts.setup.endings import ending_well
from scripts.setup.environment import go_on_inside, install_python_packages
from scripts.setup.steps import step, tell
from scripts.setup.web import install_web_packages, node_environment

PROGRAMS = ENVIRONMENT / "bin"
FOR_WINDOWS = tuple(str(file) for file in sorted((ROOT / "src" / "deskbay" / "agent").glob("*/windows*.py")))


@dataclass(frozen=True, slots=True)
class Check:
    """A command that fails when something is amiss."""

    command: tuple[str | Path, ...]
    folder: Path = ROOT


CHECKS = {
    "lint": Check((PROGRAMS / "ruff", "check", "--no-cache")),
    "format": Check((PROGRAMS / "ruff", "format", "--check", "--no-cache")),
    "types": Check((PROGRAMS / "mypy",)),
    "types-windows": Check((PROGRAMS / "mypy", "--platform", "win32", *FOR_WINDOWS)),
    "floors": Check((PROGRAMS / "lint-imports",)),
    "locks": Check(("sha256sum", "--check", "--quiet", "locked.sha256"), ROOT / "requirements"),
    "web": Check(("npm", "run", "lint"), WEB),
}


def main() -> int:
    """Run the named checks, or all of them, each to its end."""
    parser = ArgumentParser(prog="scripts/check", description="Run the checks that need no test.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(CHECKS)}; all without a name")
    names = parser.parse_args().names or list(CHECKS)
    if unknown := set(names) - set(CHECKS):
        parser.error(f"there is no check {', '.join(sorted(unknown))}; choose from {', '.join(CHECKS)}")
    install_debian_packages()
    install_python_packages("server", "develop")
    go_on_inside("scripts.setup.check", sys.argv[1:])
    if "web" in names:
        install_web_packages()
    failed = [name for name in names if not _passes(name)]
    return 1 if failed else 0


def _passes(name: str) -> bool:
    check = CHECKS[name]
    environment = {**os.environ, **(node_environment() if check.folder == WEB else {})}
    try:
        with step(name):
            subprocess.run(
                check.command,
                cwd=check.folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=True,
            )
    except subprocess.CalledProcessError as failure:
        tell(failure.stdout)
        return False
    return True


if __name__ == "__main__":
    ending_well(main)
