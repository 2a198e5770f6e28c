"""The agent as a package: who gets it, and that pip and Debian's Python are content with it."""

import subprocess
import sys
from pathlib import Path

from httpx import AsyncClient

from deskbay.devices.agent_package import FILE, package

PACKAGE = "/api/v1/agent/package"


async def test_anybody_gets_it(client: AsyncClient) -> None:
    answer = await client.get(f"{PACKAGE}/{FILE}")
    assert (answer.status_code, answer.content) == (200, package())


async def test_another_version_is_not_here_and_it_is_said_which_is(client: AsyncClient) -> None:
    answer = await client.get(f"{PACKAGE}/deskbay_agent-0.0.1-py3-none-any.whl")
    assert answer.status_code == 404
    assert FILE in answer.json()["detail"]


def test_pip_installs_it_and_it_runs_without_anything_else_of_deskbay(tmp_path: Path) -> None:
    wheel, target = tmp_path / FILE, tmp_path / "target"
    wheel.write_bytes(package())
    pip = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", target, wheel], check=True, capture_output=True)
    told = subprocess.run(
        ["/usr/bin/python3", "-s", "-m", "deskbay.agent", "--help"],
        env={"PYTHONPATH": str(target), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pair" in told.stdout
    assert sorted(path.name for path in (target / "deskbay").iterdir()) == ["agent"]
