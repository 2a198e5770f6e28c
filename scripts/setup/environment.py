"""The Python packages of the project, pinned by hash, in an environment of their own."""

import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from scripts.setup import ENVIRONMENT, PYTHON, ROOT
from scripts.setup.commands import run
from scripts.setup.stamps import digest_of, is_stamped, put_stamp
from scripts.setup.steps import Stopped, step

PROJECT = ROOT / "pyproject.toml"


def install_python_packages(*names: str) -> None:
    """Bring the environment in step with requirements/NAME.txt, where it is not. Raises Stopped."""
    behind = [name for name in names if not is_stamped(_stamp(name), _digest(name))]
    if behind:
        _refuse_read_only()
        with step(f"Python packages ({', '.join(behind)})"):
            _make_environment()
            for name in behind:
                _install(name)


def go_on_inside(module: str, arguments: Sequence[str]) -> None:
    """Begin a module of ours anew with the environment's Python, unless that is the one that runs."""
    if Path(sys.prefix) != ENVIRONMENT:
        command = [str(PYTHON), "-m", module, *arguments]
        os.execve(PYTHON, command, {**os.environ, "PYTHONPATH": str(ROOT)})  # noqa: S606 - no shell is wanted


def _stamp(name: str) -> Path:
    return ENVIRONMENT / "installed" / name


def _digest(name: str) -> str:
    project = tomllib.loads(PROJECT.read_text())["project"]
    return digest_of([ROOT / "requirements" / f"{name}.txt"], repr(sys.version_info[:2]), str(ROOT), repr(project))


def _refuse_read_only() -> None:
    if not os.access(ROOT, os.W_OK):
        what = f"{ROOT} can't be written to, and its packages go below it."
        raise Stopped(f"{what} Run this as {ROOT.owner()}, or from a clone of your own.")


def _make_environment() -> None:
    remedy = f"The environment {ENVIRONMENT} can't be made. Delete that folder, then run this again."
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", ENVIRONMENT], remedy)
    if not (ENVIRONMENT / "bin" / "pip").exists():
        run([PYTHON, "-m", "ensurepip"], remedy)


def _install(name: str) -> None:
    _pip("--require-hashes", "-r", ROOT / "requirements" / f"{name}.txt")
    if name == "server":
        _pip("--no-deps", "--no-build-isolation", "--editable", ROOT)
    put_stamp(_stamp(name), _digest(name))


def install_windows_python() -> None:
    """Bring the Python for Windows, in a folder of the environment, in step with requirements/windows.txt."""
    if not is_stamped(_stamp("windows"), _digest("windows")):
        with step("Python for Windows"):
            where = ("--upgrade", "--target", ENVIRONMENT / "windows")
            # It is an archive with a setup script; what that needs is among the packages of develop.txt.
            _pip("--require-hashes", "--no-build-isolation", *where, "-r", ROOT / "requirements" / "windows.txt")
            put_stamp(_stamp("windows"), _digest("windows"))


def _pip(*arguments: str | Path) -> None:
    command: list[str | Path] = [PYTHON, "-m", "pip", "install"]
    quietly = ("--disable-pip-version-check", "--no-input", "--progress-bar=off")
    remedy = "Python packages can't be installed. Check the network and the disk, then run this again."
    run([*command, *quietly, *arguments], remedy)
