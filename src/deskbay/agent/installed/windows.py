"""What Windows offers: programs that are registered to be started by their name (Microsoft, App Paths)."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PureWindowsPath

from deskbay.agent.entries import Entry

assert sys.platform == "win32"  # noqa: S101 - for checkers of types: the rest has no meaning elsewhere

import winreg  # noqa: E402 - nor is this there

_PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths"


def installed() -> dict[str, Entry]:
    """By id, the name of its program, what can be started here; a person's own count before everybody's."""
    found: dict[str, Entry] = {}
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        with suppress(OSError), winreg.OpenKey(root, _PATHS) as key:
            for entry in _entries(key):
                found.setdefault(entry.id, entry)
    return found


def _entries(key: winreg.HKEYType) -> Iterator[Entry]:
    for number in range(winreg.QueryInfoKey(key)[0]):
        program = winreg.EnumKey(key, number)
        with suppress(OSError):
            path = winreg.QueryValue(key, program).strip('"')
            name = PureWindowsPath(program).stem
            yield Entry(name.lower(), name, (path,), kind="", hidden=not path, flatpak="")
