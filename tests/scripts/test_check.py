"""The checks of continuous integration, and the hooks that run the same before a commit."""

import re
import subprocess
from pathlib import Path

import pytest
from scripts.setup.check import CHECKS

ROOT = Path(__file__).parents[2]


def test_every_check_is_a_hook() -> None:
    hooks = re.findall(r"entry: scripts/check ([\w-]+)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert hooks == list(CHECKS)


def test_continuous_integration_runs_all_checks_and_then_the_tests() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if "scripts/" in line]
    assert commands == ["scripts/check", "scripts/audit", "exec scripts/test"]


def test_locks_that_are_out_of_step_are_found(tmp_path: Path) -> None:
    folder = ROOT / "requirements"
    for file in folder.glob("*.*"):
        (tmp_path / file.name).write_text(file.read_text())
    command = [str(word) for word in CHECKS["locks"].command]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "server.in").write_text("another-package\n")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode != 0


@pytest.mark.parametrize("file", ["server.txt", "develop.txt", "peers.txt", "tools.txt", "windows.txt"])
def test_every_requirement_is_pinned_by_hash_and_names_no_host(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text()
    requirements = re.split(r"\n(?! )", text.strip())
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+ .*--hash=sha256:", requirement, re.DOTALL), requirement
    assert "://" not in text
