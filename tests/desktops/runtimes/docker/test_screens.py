"""What is run in containers that are not ours carries both ways, by whichever program is there, and ends with either
side.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.servers import program

from deskbay.desktops.runtimes.docker.screens import LOOK_FOR_WHAT_CARRIES, NOT_FOUND, TO_A_PORT

PATIENCE = 60.0


@pytest.fixture(params=["bash", "busybox"])
def programs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one of the programs that carry."""
    for name in ("cat", request.param):
        (tmp_path / name).symlink_to(program(name, "busybox", Path("/usr/bin")))
    return tmp_path


class Echo:
    """A server that says back what it hears, and hangs up at “bye”."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (heard := await reader.read(65536)) and heard != b"bye":
            writer.write(heard)
        writer.close()
        self.left.set()


@asynccontextmanager
async def carrier(programs: Path, echo: Echo) -> AsyncIterator[Process]:
    async with await asyncio.start_server(echo.serve, "127.0.0.1", 0) as server:
        port = str(server.sockets[0].getsockname()[1])
        command = ["/bin/sh", *TO_A_PORT[1:], port]
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env={**os.environ, "PATH": str(programs)}
        )
        async with asyncio.timeout(PATIENCE):
            yield process
            await process.wait()


async def said_back(process: Process, words: bytes) -> bytes:
    assert process.stdin
    assert process.stdout
    process.stdin.write(words)
    return await process.stdout.readexactly(len(words))


async def test_it_carries_bytes_as_they_are_and_ends_with_the_server(programs: Path) -> None:
    everything = bytes(range(256)) * 1000
    async with carrier(programs, Echo()) as process:
        assert process.stdin
        assert process.stdout
        assert await said_back(process, everything) == everything
        process.stdin.write(b"bye")
        assert await process.stdout.read() == b""
        process.stdin.close()


async def test_it_ends_with_who_looks(programs: Path) -> None:
    echo = Echo()
    async with carrier(programs, echo) as process:
        assert process.stdin
        assert await said_back(process, b"hello") == b"hello"
        process.stdin.close()
        await echo.left.wait()


async def test_what_carries_is_found_where_it_is(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    for folder, is_found in ((programs, True), (tmp_path_factory.mktemp("empty"), False)):
        looking = await asyncio.create_subprocess_exec(
            "/bin/sh", *LOOK_FOR_WHAT_CARRIES[1:], stdout=PIPE, env={"PATH": str(folder)}
        )
        said, _ = await looking.communicate()
        assert (str(folder) in said.decode()) is is_found
        assert (NOT_FOUND.search(said.decode()) is None) is is_found


@pytest.mark.parametrize(
    "said",
    [
        'unable to start container process: exec: "sh": executable file not found in $PATH: unknown',
        "Error: crun: executable file `sh` not found in $PATH: No such file or directory",
    ],
)
def test_what_engines_say_where_no_shell_is_is_understood(said: str) -> None:
    assert NOT_FOUND.search(said)
