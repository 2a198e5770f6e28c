"""Runs on a host: keeps desktops there as the local runtime does, for a server that asks through its input.

It ends with its input, and takes back what it is in the middle of; desktops go on. Only the standard library.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from deskbay.desktops.runtimes import LaunchError, Report
from deskbay.desktops.runtimes.local.folders import desktops_below
from deskbay.desktops.runtimes.local.runtime import LocalRuntime
from deskbay.desktops.runtimes.ssh.wire import Words, line_of, spec_from
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec

LONGEST_LINE = 2**20

Answering = Callable[[Words, Report], Awaitable[object]]


class Steward:
    """Answers questions, any number at once. `say` sends a line."""

    def __init__(self, runtime: LocalRuntime, say: Callable[[str], None]) -> None:
        self._say = say
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._answers = {**_on_desktops(runtime), **_on_volumes(runtime)}

    def hear(self, line: str) -> None:
        """Begin with what a line asks for, or break off what it names."""
        asked = json.loads(line)
        if "cancel" in asked:
            if task := self._tasks.get(asked["cancel"]):
                task.cancel()
            return
        number = asked["id"]
        self._tasks[number] = asyncio.create_task(self._answer(number, asked["do"], asked["words"]))
        self._tasks[number].add_done_callback(lambda _: self._tasks.pop(number))

    async def _answer(self, number: int, what: str, words: Words) -> None:
        def report(step: str) -> None:
            self._say(line_of(id=number, step=step))

        try:
            self._say(line_of(id=number, value=await self._answers[what](words, report)))
        except (LaunchError, VolumeError) as error:
            self._say(line_of(id=number, refused=str(error)))
        except (OSError, ValueError, KeyError) as error:
            self._say(line_of(id=number, trouble=f"{type(error).__name__}: {error}"))

    async def finish(self) -> None:
        """Break off what goes on, and wait until it is taken back."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


def _on_desktops(runtime: LocalRuntime) -> dict[str, Answering]:
    async def observe(words: Words, _: Report) -> Mapping[str, object]:
        return asdict(await runtime.observe(_desktop(words)))

    async def owned(_: Words, __: Report) -> list[UUID]:
        return list(await runtime.owned())

    async def display(words: Words, _: Report) -> Path:
        return (await runtime.display(_desktop(words))).path

    return {
        "unavailable": lambda words, _: runtime.unavailable(words["profile"]),
        "launch": lambda words, report: runtime.launch(spec_from(words["spec"]), report),
        "observe": observe,
        "end": lambda words, _: runtime.end(_desktop(words)),
        "forget": lambda words, _: runtime.forget(_desktop(words)),
        "owned": owned,
        "log": lambda words, _: runtime.log(_desktop(words)),
        "display": display,
    }


def _on_volumes(runtime: LocalRuntime) -> dict[str, Answering]:
    async def owned(_: Words, __: Report) -> list[UUID]:
        return list(await runtime.volumes.owned())

    return {
        "make a volume": lambda words, _: runtime.volumes.make(
            VolumeSpec(UUID(words["volume"]), words["name"], int(words["size_mb"]))
        ),
        "delete a volume": lambda words, _: runtime.volumes.delete(UUID(words["volume"])),
        "measure a volume": lambda words, _: runtime.volumes.measure(UUID(words["volume"])),
        "volumes": owned,
    }


def _desktop(words: Words) -> UUID:
    return UUID(words["desktop"])


async def serve(data: Path, programs: Path) -> None:
    """Answer what is asked by the input until that ends."""
    _tidy(data, programs)
    steward = Steward(LocalRuntime(data), _print)
    questions = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    _print(line_of(id=0, value="ready"))
    try:
        while line := await questions.readline():
            steward.hear(line.decode())
    finally:
        await steward.finish()


def _print(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def _tidy(data: Path, programs: Path) -> None:
    """Shut others out, and take older programs away unless they may be what a desktop runs with."""
    data.chmod(0o700)
    if desktops_below(data):
        return
    for older in programs.parent.iterdir():
        if older.is_dir() and older != programs:
            shutil.rmtree(older, ignore_errors=True)
        elif older.stem != programs.name and older.suffix == ".zip":
            older.unlink(missing_ok=True)
