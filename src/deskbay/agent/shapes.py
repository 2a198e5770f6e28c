"""What agent and server tell each other of windows and applications, and how it is written as JSON.

Lengths are in pixels of the whole screen, with (0, 0) at its upper left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

Parsed = TypeVar("Parsed")
Word = TypeVar("Word", bound=StrEnum)


class System(StrEnum):
    """What kind of desktop a device has."""

    X11 = "x11"
    WAYLAND = "wayland"
    WINDOWS = "windows"
    MACOS = "macos"


class WindowState(StrEnum):
    """How a window fills its screen."""

    NORMAL = "normal"
    MAXIMIZED = "maximized"
    MINIMIZED = "minimized"
    FULLSCREEN = "fullscreen"


class ApplicationState(StrEnum):
    """How far the restore of an application is."""

    WAITING = "waiting"
    ALREADY_RUNNING = "already-running"
    STARTED = "started"
    PLACED = "placed"
    NOT_FOUND = "not-found"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Monitor:
    """A screen without what panels take of it: the room that a maximised window gets."""

    x: int
    y: int
    width: int
    height: int
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A window: where its inside lies (without the frame), and what is in it.

    `monitor` is the index of the monitor that shows most of it, `workspace` None where it is on all of them.
    `stacking` is how many windows lie below it; None where that is not known.
    `contents` are the documents as paths, the folders, or the addresses of the tabs; `content` is the index of the
    one in front. `title` is None where policy keeps it.
    """

    x: int
    y: int
    width: int
    height: int
    monitor: int = 0
    workspace: int | None = None
    state: WindowState = WindowState.NORMAL
    foreground: bool = False
    stacking: int | None = None
    title: str | None = None
    contents: tuple[str, ...] = ()
    content: int | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A running program with its windows.

    `key` is unique within the snapshot and stays while the process lives. `application` is what it is on every device:
    the name of its .desktop entry, else its program's in lower case. `command` has the arguments one by one.
    """

    key: str
    application: str
    name: str
    exe: str
    command: tuple[str, ...]
    folder: str | None = None
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is open on a device at one moment."""

    taken_at: datetime
    system: System
    home: str
    monitors: tuple[Monitor, ...] = ()
    applications: tuple[Application, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a restore shall bring back, and how it was where it was saved. `run` names this restore."""

    run: UUID
    system: System
    home: str
    monitors: tuple[Monitor, ...] = ()
    applications: tuple[Application, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the application `key` of a restore is; why, and what the person could do, where it failed."""

    key: str
    state: ApplicationState
    reason: str | None = None
    suggestion: str | None = None


def to_json(shape: Monitor | Window | Application | Snapshot | Wish | Progress) -> dict[str, object]:
    """The shape as what json.dumps takes."""
    return asdict(shape, dict_factory=lambda fields: {name: _plain(value) for name, value in fields})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def wish_from_json(value: object) -> Wish:
    """Raises ValueError where it is no wish."""
    read = _Fields(value)
    return Wish(
        run=read.parsed("run", lambda value: UUID(_text(value))),
        system=read.word("system", System),
        home=read.text("home"),
        monitors=read.every("monitors", _monitor),
        applications=read.every("applications", _application),
    )


def _application(value: object) -> Application:
    read = _Fields(value)
    return Application(
        key=read.text("key"),
        application=read.text("application"),
        name=read.text("name"),
        exe=read.text("exe"),
        command=read.every("command", _text),
        folder=read.maybe("folder", _text),
        windows=read.every("windows", _window),
    )


def _window(value: object) -> Window:
    read = _Fields(value)
    return Window(
        x=read.whole("x"),
        y=read.whole("y"),
        width=read.whole("width"),
        height=read.whole("height"),
        monitor=read.whole("monitor"),
        workspace=read.maybe("workspace", _whole),
        state=read.word("state", WindowState),
        foreground=read.truth("foreground"),
        stacking=read.maybe("stacking", _whole),
        title=read.maybe("title", _text),
        contents=read.every("contents", _text),
        content=read.maybe("content", _whole),
    )


def _monitor(value: object) -> Monitor:
    read = _Fields(value)
    return Monitor(
        x=read.whole("x"),
        y=read.whole("y"),
        width=read.whole("width"),
        height=read.whole("height"),
        primary=read.truth("primary"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")  # noqa: TRY004 - one error for all that is wrong with JSON
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a whole number")  # noqa: TRY004 - as above
    return value


class _Fields:
    """The fields of a JSON object, each read as what it has to be."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise ValueError(f"{value!r} is not an object")  # noqa: TRY004 - as above
        self._fields = value

    def parsed(self, name: str, parse: Callable[[object], Parsed]) -> Parsed:
        try:
            return parse(self._fields[name])
        except KeyError as error:
            raise ValueError(f"{name} is missing") from error
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def text(self, name: str) -> str:
        return self.parsed(name, _text)

    def whole(self, name: str) -> int:
        return self.parsed(name, _whole)

    def truth(self, name: str) -> bool:
        return self.parsed(name, _truth)

    def word(self, name: str, words: type[Word]) -> Word:
        return self.parsed(name, lambda value: words(_text(value)))

    def maybe(self, name: str, parse: Callable[[object], Parsed]) -> Parsed | None:
        return None if self._fields.get(name) is None else self.parsed(name, parse)

    def every(self, name: str, parse: Callable[[object], Parsed]) -> tuple[Parsed, ...]:
        return self.parsed(name, lambda value: tuple(parse(item) for item in _list(value)))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")  # noqa: TRY004 - as above
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list")  # noqa: TRY004 - as above
    return value
