"""A sieve: takes a stream as it comes, cut anywhere, and gives what may go on."""

from collections.abc import Generator
from dataclasses import dataclass

from websockets.typing import BytesLike


@dataclass(frozen=True, slots=True)
class Read:
    """Look at so many bytes, which do not go on by themselves."""

    size: int


@dataclass(frozen=True, slots=True)
class Pass:
    """Let so many bytes go on."""

    size: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Hold so many bytes back."""

    size: int


@dataclass(frozen=True, slots=True)
class Say:
    """Have these bytes go on."""

    words: bytes


Step = Read | Pass | Drop | Say
Steps = Generator[Step, bytes, None]
"""What is to be done with a stream, step by step. A Read is answered with the bytes. Never ends."""


def look(size: int) -> Generator[Step, bytes, bytes]:
    """Let so many bytes go on, and return them."""
    read = yield Read(size)
    yield Say(read)
    return read


class Sieve:
    """Does the steps with what comes. It gathers no more than a Read asks for."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._step = next(steps)
        self._waiting = bytearray()

    def sift(self, data: BytesLike) -> bytes:
        """Return what goes on now that `data` has come. Raises RfbError where the steps do."""
        self._waiting += data
        passed = bytearray()
        while self._can_step():
            self._do(passed)
        return bytes(passed)

    def _can_step(self) -> bool:
        match self._step:
            case Read(size):
                return len(self._waiting) >= size
            case Pass(size) | Drop(size):
                return size == 0 or bool(self._waiting)
            case Say():
                return True

    def _do(self, passed: bytearray) -> None:
        match self._step:
            case Read(size):
                self._step = self._steps.send(self._take(size))
            case Pass(size):
                taken = self._take(size)
                passed += taken
                self._step = Pass(size - len(taken)) if len(taken) < size else next(self._steps)
            case Drop(size):
                rest = size - len(self._take(size))
                self._step = Drop(rest) if rest else next(self._steps)
            case Say(words):
                passed += words
                self._step = next(self._steps)

    def _take(self, most: int) -> bytes:
        taken = bytes(self._waiting[:most])
        del self._waiting[:most]
        return taken
