"""What only Windows has."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from ctypes import wintypes
from pathlib import Path
from typing import TypeVar

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

import msvcrt  # noqa: E402 - nor is this there

Result = TypeVar("Result")

COMMAND = "py -m deskbay.agent"
"""How a person runs the agent's commands."""

ENDING = (signal.SIGINT, signal.SIGBREAK)
"""Ctrl-C and Ctrl-Break."""

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel32.GetTickCount64.restype, _kernel32.GetTickCount64.argtypes = ctypes.c_ulonglong, ()
_user32 = ctypes.WinDLL("user32", use_last_error=True)
_user32.MessageBoxW.restype = ctypes.c_int
_user32.MessageBoxW.argtypes = (wintypes.HWND, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.UINT)

_INFORMATION, _ON_TOP = 0x40, 0x40000
_HINDERED_SECONDS, _STEP_SECONDS = 5.0, 0.02


def elapsed() -> int:
    """Milliseconds since the device was started, with those that it slept."""
    return int(_kernel32.GetTickCount64())


def boot_of(began: int) -> str:
    """Names the time since the device was started, which was at `began`: milliseconds since 1970, by its clock."""
    return str(began)


def machine() -> str:
    """A person's local folder is on one device alone: it needs no name there."""
    return ""


def state_home() -> Path:
    """Where programs of this person keep what they need; nobody else may look there but administrators."""
    return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Deskbay"


def lock(descriptor: int) -> bool:
    """Whether this process has an open file for itself now, until it closes it."""
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def give_back() -> None:
    """Windows takes memory back by itself when others need it."""


def unhindered(action: Callable[[], Result]) -> Result:
    """Do something with a file, again and again while another program uses it: for a moment it alone may do so."""
    until = time.monotonic() + _HINDERED_SECONDS
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_STEP_SECONDS)


def notify(text: str) -> None:
    """Show a message in a window that stays until it is closed. Returns at once."""
    words = (None, text, "Deskbay", _INFORMATION | _ON_TOP)
    threading.Thread(target=_user32.MessageBoxW, args=words, name="notice", daemon=True).start()
