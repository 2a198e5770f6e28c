"""What Linux and macOS have in common."""

import ctypes
import signal
import sys
import time
from collections.abc import Callable
from typing import TypeVar

assert sys.platform != "win32"  # noqa: S101 - for checkers of types: the rest has no meaning there

import fcntl  # noqa: E402 - nor is this there

Result = TypeVar("Result")

ENDING = (signal.SIGTERM, signal.SIGINT)
"""Signals that ask a program to end."""

_library = ctypes.CDLL(None)
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # a Mac's monotonic clock goes on while it sleeps


def elapsed() -> int:
    """Milliseconds since the device was started, with those that it slept."""
    return time.clock_gettime_ns(_STEADY) // 1_000_000


def lock(descriptor: int) -> bool:
    """Whether this process has an open file for itself now, until it closes it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_back() -> None:
    """Give back memory that was used for a moment, where the C library can (glibc)."""
    if trim := getattr(_library, "malloc_trim", None):
        trim(0)


def unhindered(action: Callable[[], Result]) -> Result:
    """Do something with a file that others may use at the same time, who are not in the way here."""
    return action()
