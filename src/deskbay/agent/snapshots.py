"""What is open on this device: its windows, put together to applications."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from deskbay.agent.contents import Read, Shown
from deskbay.agent.fitting import fitting, fitting_application
from deskbay.agent.identity import Catalogue, Identity
from deskbay.agent.installed import installed
from deskbay.agent.platforms import OpenWindow, Place, Platform
from deskbay.agent.processes import Process, read_process
from deskbay.agent.rules import Reader
from deskbay.agent.rules.reading import rules_of_this_person
from deskbay.agent.shapes import Application, Monitor, Snapshot, Window


@dataclass(frozen=True, slots=True)
class Opened:
    """An application that is open: all windows of it that one process has."""

    identity: Identity
    process: Process | None
    windows: Sequence[OpenWindow]

    @property
    def key(self) -> str:
        """Unique among all that is open, and the same as long as the process lives."""
        return f"{self.identity.application}-{self.process.id}" if self.process else self.identity.application

    def shown(self) -> Mapping[int, Shown]:
        """By window, what it shows."""
        read = _reader(self.identity.rule.reads)
        return read(self.process, self.windows, self.identity.rule) if read and self.process else {}


def _reader(way: Reader) -> Read | None:
    """What reads windows in this way; it takes memory only where something is saved."""
    from deskbay.agent.contents import chromium, firefox, folders, shells, titles

    readers: Mapping[Reader, Read] = {
        Reader.TITLE: titles.read,
        Reader.SHELLS: shells.read,
        Reader.FOLDERS: folders.read,
        Reader.CHROMIUM: chromium.read,
        Reader.FIREFOX: firefox.read,
    }
    return readers.get(way)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about a window; good as long as it is of the same kind, which LibreOffice's windows change."""

    kind: str
    identity: Identity
    process: Process | None


class Observer:
    """Looks at the windows of a desktop and knows them again."""

    def __init__(self, platform: Platform, now: Callable[[], datetime], catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or catalogue_of_this_system()
        self._platform = platform
        self._now = now
        self._known: dict[int, _Known] = {}
        self._below: dict[int, int] = {}

    def opened(self) -> list[Opened]:
        """What is open; that which was opened first comes first."""
        windows = {window.id: window for window in self._platform.windows()}
        self._below = {id_: below for below, id_ in enumerate(windows)}
        self._known = {id_: known for id_, known in self._known.items() if id_ in windows}
        for id_, window in windows.items():
            if id_ not in self._known or self._known[id_].kind != window.kind:
                self._known[id_] = self._look_up(window)
        groups: dict[tuple[str, int | None], list[OpenWindow]] = {}
        for id_, known in self._known.items():
            process = known.process.id if known.process else None
            groups.setdefault((known.identity.application, process), []).append(windows[id_])
        return [self._opened(group) for group in groups.values()]

    def _opened(self, windows: Sequence[OpenWindow]) -> Opened:
        known = self._known[windows[0].id]
        return Opened(known.identity, known.process, windows)

    def _look_up(self, window: OpenWindow) -> _Known:
        process = None if window.process is None else read_process(window.process)
        return _Known(window.kind, self.catalogue.identify(window.kind, window.instance, process), process)

    def glance(self) -> tuple[Application, ...]:
        """What is open and in the foreground, without titles, folders and contents: little work."""
        monitors = self._platform.monitors()
        applications = (_glimpse(opened, monitors) for opened in self.opened())
        return tuple(fitting_application(application) for application in applications)

    def snapshot(self, titles: bool) -> Snapshot:
        """All that is open, with what is in it; titles where they are allowed."""
        monitors = tuple(self._platform.monitors())
        applications = tuple(_whole(opened, monitors, titles, self._below) for opened in self.opened())
        return fitting(Snapshot(self._now(), self._platform.system, str(Path.home()), monitors, applications))


def catalogue_of_this_system() -> Catalogue:
    """What can be started here, with the rules of this person."""
    return Catalogue(installed(), rules_of_this_person())


def _glimpse(opened: Opened, monitors: Sequence[Monitor]) -> Application:
    windows = [_window(window, monitors, title=None, shown=None) for window in opened.windows]
    return _application(opened, None, windows)


def _whole(opened: Opened, monitors: Sequence[Monitor], titles: bool, below: Mapping[int, int]) -> Application:
    shown = opened.shown()
    windows = [
        replace(
            _window(window, monitors, title=window.title if titles else None, shown=shown.get(window.id)),
            stacking=below[window.id],
        )
        for window in opened.windows
    ]
    return _application(opened, _folder(opened, windows), windows)


def _folder(opened: Opened, windows: Sequence[Window]) -> str | None:
    """Where an application works: the folder of its first shell for a terminal, else its own."""
    if opened.process is None:
        return None
    shells_ = [
        folder for window in windows for folder in window.contents if opened.identity.rule.reads is Reader.SHELLS
    ]
    now = read_process(opened.process.id)
    return next(iter(shells_), now.folder if now else opened.process.folder)


def _application(opened: Opened, folder: str | None, windows: Sequence[Window]) -> Application:
    identity, process = opened.identity, opened.process
    return Application(
        key=opened.key,
        application=identity.application,
        name=identity.name,
        exe=process.exe if process else "",
        command=process.command if process else (),
        folder=folder,
        windows=tuple(windows),
    )


def _window(window: OpenWindow, monitors: Sequence[Monitor], title: str | None, shown: Shown | None) -> Window:
    place = window.place
    return Window(
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
        monitor=_monitor_of(place, monitors),
        workspace=place.workspace,
        state=place.state,
        foreground=window.foreground,
        title=title,
        contents=shown.contents if shown else (),
        content=shown.front if shown else None,
    )


def _monitor_of(place: Place, monitors: Sequence[Monitor]) -> int:
    """The index of the monitor that shows most of a window; the first where none does."""
    return max(range(len(monitors)), key=lambda index: _common_area(place, monitors[index]), default=0)


def _common_area(place: Place, monitor: Monitor) -> int:
    width = min(place.x + place.width, monitor.x + monitor.width) - max(place.x, monitor.x)
    height = min(place.y + place.height, monitor.y + monitor.height) - max(place.y, monitor.y)
    return max(width, 0) * max(height, 0)
