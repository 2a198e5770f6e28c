"""The steps of a script, each shown with its time."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec

WIDTH = 44


class Stopped(Exception):
    """A step can't be done. The sentence says what to do; the lines are the last ones of its log."""

    def __init__(self, sentence: str, lines: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.lines = lines


def tell(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show a step while it goes on, and its time when it is done."""
    began = time.monotonic()
    try:
        with _spinner(name):
            yield
    except BaseException:
        tell(f"✗ {name}")
        raise
    tell(f"✓ {name:<{WIDTH}}{time.monotonic() - began:7.1f} s")


def _spinner(name: str) -> AbstractContextManager[object]:
    if not sys.stdout.isatty():
        tell(f"  {name} …")
        return nullcontext()
    if find_spec("rich") is None:
        sys.stdout.write(f"  {name} …\r")
        sys.stdout.flush()
        return nullcontext()
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    progress = Progress(SpinnerColumn(), TextColumn(f"{name} …", markup=False), TimeElapsedColumn(), transient=True)
    progress.add_task(name, total=None)
    return progress
