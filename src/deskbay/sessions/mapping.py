"""What a session's applications and paths are on another device and another system. Pure functions."""

import tomllib
from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel

from deskbay.agent.shapes import System
from deskbay.sessions.snapshots import Application, Snapshot, Window

FILE = Path(__file__).with_name("equivalents.toml")
FILE_SCHEME = "file://"


class Family(StrEnum):
    """Systems on which programs have the same names."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"


def family_of(system: System) -> Family:
    return {System.WINDOWS: Family.WINDOWS, System.MACOS: Family.MACOS}.get(system, Family.LINUX)


class _Program(BaseModel):
    """A program, or with `alike` several that only do the same, and what each system calls it."""

    alike: bool = False
    linux: tuple[str, ...]
    windows: tuple[str, ...]
    macos: tuple[str, ...]

    def on(self, family: Family) -> tuple[str, ...]:
        return {Family.LINUX: self.linux, Family.WINDOWS: self.windows, Family.MACOS: self.macos}[family]


@cache
def _programs() -> tuple[_Program, ...]:
    return tuple(_Program.model_validate(one) for one in tomllib.loads(FILE.read_text())["programs"])


def equivalents(application: str, source: Family, target: Family) -> list[str]:
    """Return what an application may be called on a system, the likeliest first, then what does the same."""
    name = application.removesuffix(".exe")
    found = (program.on(target) for program in _programs() if name in program.on(source))
    return list(dict.fromkeys(one for names in found for one in names))


def _names_of_the_same(application: str, family: Family) -> list[str]:
    """Return what the very same program is called on its system."""
    same = (program.on(family) for program in _programs() if not program.alike and application in program.on(family))
    return [name for names in same for name in names]


def identity_on(application: str, source: Family, target: Family, known: Collection[str]) -> str:
    """Return what an application is on a system: a name of it that is known on the device, else the likeliest."""
    if application in known:
        return application
    if source is target:
        return next((name for name in _names_of_the_same(application, source) if name in known), application)
    names = equivalents(application, source, target)
    return next((name for name in names if name in known), names[0] if names else application)


def suggestion_for(application: str, name: str, family: Family) -> str:
    """Return what a person could do where an application is not found."""
    others = ", ".join(other for other in equivalents(application, family, family) if other != application)
    instead = f", or another program that does the same ({others})" if others else ""
    return f"Install {name} on this device{instead}, then restore again."


def carry(snapshot: Snapshot, system: System, home: str, known: Collection[str]) -> Snapshot:
    """Return the snapshot as it is to be on a device with another home, and maybe another system."""
    source, target = family_of(snapshot.system), family_of(system)
    paths = Paths(snapshot.home, source, home, target)
    applications = tuple(
        _carried(one, identity_on(one.application, source, target, known), paths) for one in snapshot.applications
    )
    return snapshot.model_copy(update={"system": system, "home": home, "applications": applications})


def _carried(one: Application, identity: str, paths: "Paths") -> Application:
    return one.model_copy(
        update={
            "application": identity,
            "command": tuple(paths.argument(part) for part in one.command),
            "folder": one.folder and paths.carried(one.folder),
            "windows": tuple(_window(window, paths) for window in one.windows),
        }
    )


def _window(window: Window, paths: "Paths") -> Window:
    return window.model_copy(update={"contents": tuple(paths.carried(one) for one in window.contents)})


class Paths:
    """Carries paths below one home to the same place below another; all others stay as they are."""

    def __init__(self, home: str, family: Family, new_home: str, new_family: Family) -> None:
        self._separator = _separator(family)
        self._new_separator = _separator(new_family)
        self._home = home.rstrip(self._separator)
        self._new_home = new_home.rstrip(self._new_separator)
        self._without_case = family is Family.WINDOWS

    def carried(self, text: str) -> str:
        """Return a path or a file's address in its new place."""
        if text.startswith(FILE_SCHEME):
            return self._address(text)
        rest = self._below_home(text)
        if rest is None:
            return text
        return self._new_home + rest.replace(self._separator, self._new_separator)

    def argument(self, text: str) -> str:
        """Return an argument with the path that it is, or that stands behind its `=`."""
        name, mark, value = text.partition("=")
        return name + mark + self.carried(value) if mark and name.startswith("-") else self.carried(text)

    def _below_home(self, path: str) -> str | None:
        """Return what comes after the home, with the separator before it; None for a path elsewhere."""
        start, rest = path[: len(self._home)], path[len(self._home) :]
        same = start.lower() == self._home.lower() if self._without_case else start == self._home
        return rest if self._home and same and (not rest or rest.startswith(self._separator)) else None

    def _address(self, address: str) -> str:
        path = unquote(urlsplit(address).path)
        windows = self._separator == "\\"
        carried = self.carried(path.lstrip("/").replace("/", "\\") if windows else path)
        plain = carried.replace("\\", "/") if self._new_separator == "\\" or windows else carried
        return f"{FILE_SCHEME}/{quote(plain.lstrip('/'), safe='/:')}"


def _separator(family: Family) -> str:
    return "\\" if family is Family.WINDOWS else "/"
