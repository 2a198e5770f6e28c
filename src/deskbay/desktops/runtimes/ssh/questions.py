"""The steward of a host, as the server asks it: put there, begun, and begun anew when the connection was lost."""

import asyncio
import itertools
from contextlib import suppress

import asyncssh
from pydantic import BaseModel, JsonValue, ValidationError

from deskbay.desktops.runtimes import Report, Unreachable
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.ssh.package import package
from deskbay.desktops.runtimes.ssh.wire import Words, line_of

COMMAND = "exec python3 -ISB -c 'import runpy; runpy.run_path(input(), run_name=\"__main__\")'"
"""The same everywhere: which file it runs is told by the input. The account's shell gets nothing else to read."""
BEGIN_SECONDS = 20.0
LONGEST_COMPLAINT = 300


class Refused(Exception):
    """What was asked for can't be. Its text tells the person why and what to do."""


class Answer(BaseModel):
    """What a steward says: a step of what goes on, or how it ended."""

    id: int
    step: str | None = None
    value: JsonValue = None
    refused: str | None = None
    trouble: str | None = None


class Steward:
    """Asks the one steward of a host. Every method raises Unreachable when there is no answer."""

    def __init__(self, host: Host, folder: str) -> None:
        self._host = host
        self._folder = folder
        self._beginning = asyncio.Lock()
        self._talk: _Talk | None = None

    async def ask(self, what: str, words: Words, seconds: float, report: Report | None = None) -> JsonValue:
        """Return the answer. Raises Refused."""
        try:
            async with asyncio.timeout(BEGIN_SECONDS):
                talk = await self._need_talk()
        except TimeoutError as error:
            raise Unreachable(_silent(self._host, BEGIN_SECONDS)) from error
        try:
            async with asyncio.timeout(seconds):
                answer = await talk.ask(what, words, report)
        except TimeoutError as error:
            talk.close()
            raise Unreachable(_silent(self._host, seconds)) from error
        if answer is None:
            raise Unreachable(_lost(self._host))
        if answer.refused is not None:
            raise Refused(f"On {self._host.name}: {answer.refused}")
        if answer.trouble is not None:
            raise Unreachable(f"{self._host.name} could not {what}: {answer.trouble[:LONGEST_COMPLAINT]}")
        return answer.value

    async def close(self) -> None:
        """Let the steward end; desktops go on."""
        if self._talk is not None:
            self._talk.close()

    async def _need_talk(self) -> "_Talk":
        async with self._beginning:
            if self._talk is None or self._talk.is_over:
                self._talk = await self._begin()
            return self._talk

    async def _begin(self) -> "_Talk":
        name, content = await asyncio.to_thread(package)
        path = await self._host.put(f"{self._folder}/programs", name, content)
        process = await self._host.run(COMMAND)
        try:
            complaint = await _begun(process, path)
        except (asyncssh.Error, OSError) as error:
            process.close()
            raise Unreachable(_lost(self._host)) from error
        except BaseException:
            process.close()
            raise
        if complaint is not None:
            process.close()
            raise Unreachable(_did_not_begin(self._host, complaint))
        return _Talk(process)


class _Talk:
    """A conversation with a steward that runs."""

    def __init__(self, process: asyncssh.SSHClientProcess[str]) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Queue[Answer | None]] = {}
        self.is_over = False
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, what: str, words: Words, report: Report | None) -> Answer | None:
        """Return how it ended; None where the conversation ended first. Who does not wait for that breaks it off."""
        number = next(self._numbers)
        heard = self._waiting[number] = asyncio.Queue()
        try:
            self._say(line_of(id=number, do=what, words=dict(words)))
            while (answer := None if self.is_over else await heard.get()) is not None and answer.step is not None:
                if report is not None:
                    report(answer.step)
        except BaseException:
            self._say(line_of(cancel=number))
            raise
        finally:
            del self._waiting[number]
        return answer

    def close(self) -> None:
        """End it at once, whether or not the steward still can."""
        self._listening.cancel()
        self._end()

    def _end(self) -> None:
        self.is_over = True
        self._process.close()
        for heard in self._waiting.values():
            heard.put_nowait(None)

    def _say(self, line: str) -> None:
        with suppress(asyncssh.Error, OSError):
            self._process.stdin.write(line)

    async def _listen(self) -> None:
        with suppress(asyncssh.Error, OSError, ValidationError):
            while line := await self._process.stdout.readline():
                answer = Answer.model_validate_json(line)
                if (heard := self._waiting.get(answer.id)) is not None:
                    heard.put_nowait(answer)
        self._end()


def _silent(host: Host, seconds: float) -> str:
    return f"{host.name} did not answer in {seconds:g} seconds. Look whether it is too busy, or hangs."


async def _begun(process: asyncssh.SSHClientProcess[str], path: str) -> str | None:
    """Return None once the steward answers, or what its Python, or the shell in its place, complained of."""
    process.stdin.write(f"{path}\n")
    return None if await process.stdout.readline() else await process.stderr.read()


def _lost(host: Host) -> str:
    return f"The connection with {host.name} was lost. Try again."


def _did_not_begin(host: Host, complaint: str) -> str:
    said = " ".join(complaint.split())[-LONGEST_COMPLAINT:] or "it said nothing"
    what = f"{host.name} can't run Deskbay's steward ({said})."
    return f"{what} It needs Python 3.11 or newer as python3: apt-get install --no-install-recommends python3"
