"""The command as a process of its own, and a server that it talks to."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fastapi import FastAPI
from tests.serving import DESKBAY, PATIENCE, ServerProcess, with_tables
from uvicorn import Config

from deskbay.cli.express import ExpressProtocol
from deskbay.cli.log import RequestLog
from deskbay.cli.patience import PatientServer


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


class QuietServer(PatientServer):
    """Leaves the signals of the test's process alone."""

    async def serve_here(self) -> None:
        await self._serve()


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


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The application behind a real socket, in the test's process."""
    config = Config(RequestLog(app), port=0, http=ExpressProtocol, lifespan="off", log_config=None, access_log=False)
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve_here())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving
