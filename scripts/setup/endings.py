"""How a script ends: with what it was asked for, or with a sentence."""

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from scripts.setup.steps import Stopped, tell

INTERRUPTED = 130


def ending_well(main: Callable[[], int]) -> NoReturn:
    """Run a script and exit with its code; SIGTERM and a closed terminal end it as Ctrl-C does.

    SIGINT is taken, too, as a script that runs this one in the background has it ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        code = main()
    except Stopped as stopped:
        for line in stopped.lines:
            tell(f"  | {line}")
        tell(stopped.sentence)
        code = 1
    except KeyboardInterrupt:
        tell("Interrupted. Run this again to go on.")
        code = INTERRUPTED
    sys.exit(code)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
