"""A real server, and an administrator's program at it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from tests.people import PASSWORD
from tests.serving import DESKBAY, PATIENCE, ServerProcess


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    with TemporaryDirectory(prefix="deskbay-") as folder:
        server = ServerProcess(Path(folder) / "data")
        server.start()
        yield server
        server.kill()


@pytest.fixture
def administrator(server: ServerProcess) -> Iterator[httpx.Client]:
    """Grace's program."""
    make = [str(DESKBAY), "users", "create", "grace", "--administrator", "--password-stdin", "--data", str(server.data)]
    subprocess.run(make, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    with httpx.Client(base_url=f"{server.url}/api/v1", trust_env=False, timeout=PATIENCE) as client:
        answer = client.post("/auth/token", json={"username": "grace", "password": PASSWORD}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client
