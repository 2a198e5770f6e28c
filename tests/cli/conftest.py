"""The command as a process of its own, and a server that it talks to."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.serving import DESKBAY, PATIENCE, ServerProcess, with_tables


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever JSON it is
        return json.loads(self.out)


Deskbay = Callable[..., Outcome]


@pytest.fixture
def deskbay() -> Deskbay:
    """Runs `deskbay` with arguments, nobody at the keyboard."""

    def run(*arguments: str | Path, typed: str = "", **surroundings: str) -> Outcome:
        done = subprocess.run(
            [DESKBAY, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=os.environ | surroundings,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that is not there yet, with a path short enough for the sockets in it."""
    with TemporaryDirectory(prefix="deskbay-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def server(data: Path, migrated_file: Path) -> Iterator[ServerProcess]:
    """A running server whose desktops end with it."""
    server = ServerProcess(with_tables(data, migrated_file), keep_desktops="false")
    server.start()
    try:
        yield server
    finally:
        server.leave()
