"""Folders of file managers: by the title where it has the path, else by what the process watches for changes."""

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, watched_inodes
from deskbay.agent.rules import Rule

Inode = tuple[int, int]
"""The number of a device and that of a file or folder on it."""

AGAIN_SECONDS = 600.0
"""After so long what was not found is looked for again: its number may stand for something else by then."""

MOST_FOLDERS = 20_000
"""So many folders are looked at, the nearest to the home first, to find those that a process watches."""


def read(process: Process, windows: Sequence[OpenWindow], rule: Rule) -> Mapping[int, Shown]:
    """The folder of each window; and those in tabs behind, where a program can be told to open tabs.

    Which window a tab behind is in nothing tells: they are all taken to be in the first.
    """
    named = {window.id: _name_in(window.title, rule) for window in windows}
    found = {id_: name for id_, name in named.items() if name.startswith("/") and Path(name).is_dir()}
    watched = _MEMORY.folders(watched_inodes(process.id)) if rule.tab or len(found) < len(named) else []
    found = {id_: _watched_folder(name, watched) for id_, name in named.items()} | found
    shown = {window: Shown((folder,), 0) for window, folder in found.items() if folder}
    behind = _behind(watched, set(found.values())) if rule.tab else []
    if behind and windows[0].id in shown:
        shown[windows[0].id] = Shown((*behind, *shown[windows[0].id].contents), len(behind))
    return shown


def _behind(watched: Sequence[Path], fronts: set[str]) -> list[str]:
    """The watched folders below the home that no window has in front, but for those that file managers always watch.

    These are hidden folders, that of the desktop, and in a tree beside the window all on the way to what is shown.
    """
    home, desktop = Path.home(), _desktop()
    seen = [path for path in watched if home in path.parents and path != desktop and str(path) not in fronts]
    plain = [path for path in seen if not any(part.startswith(".") for part in path.relative_to(home).parts)]
    shown = [*map(Path, fronts), *plain]
    return [str(path) for path in plain if not any(path in other.parents for other in shown)]


def _desktop() -> Path:
    """The folder that the desktop shows (freedesktop.org, xdg-user-dirs)."""
    with suppress(OSError):
        said = (Path.home() / ".config/user-dirs.dirs").read_text("utf-8")
        if found := re.search(r'^XDG_DESKTOP_DIR="\$HOME/(.+)"', said, re.MULTILINE):
            return Path.home() / found[1]
    return Path.home() / "Desktop"


def _name_in(title: str, rule: Rule) -> str:
    match = re.match(rule.title, title) if rule.title else None
    return match["path"] if match else title


def _watched_folder(name: str, watched: Sequence[Path]) -> str:
    """The watched folder of that name; else the home, which file managers give names of their own; else nothing."""
    found = next((path for path in watched if path.name == name), Path.home() if Path.home() in watched else None)
    return str(found) if found else ""


class _Memory:
    """Where folders are that were looked for before; a search takes long, and a file manager watches files, too."""

    def __init__(self) -> None:
        self._found: dict[Inode, Path] = {}
        self._missed_at: dict[Inode, float] = {}

    def folders(self, inodes: set[Inode]) -> list[Path]:
        """Those of some folders that can be found, the nearest to the root first."""
        self._found = {inode: path for inode, path in self._found.items() if _inode_of(path) == inode}
        self._missed_at = {inode: at for inode, at in self._missed_at.items() if at > monotonic() - AGAIN_SECONDS}
        unknown = inodes - set(self._found) - set(self._missed_at)
        if unknown:
            self._found |= {inode: path for path in find_folders(unknown, _roots()) if (inode := _inode_of(path))}
            self._missed_at |= dict.fromkeys(unknown - set(self._found), monotonic())
        return sorted((self._found[inode] for inode in inodes & set(self._found)), key=lambda path: len(path.parts))


_MEMORY = _Memory()


def _roots() -> list[Path]:
    return [Path.home(), Path("/")]


def _inode_of(path: Path) -> Inode | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def find_folders(inodes: set[Inode], roots: Sequence[Path]) -> Iterator[Path]:
    """Folders that are, or lie below, some roots, by device and inode; the nearest first, each once."""
    left: set[Inode | None] = set(inodes)
    seen, queue = 0, deque(roots)
    while left and queue and seen < MOST_FOLDERS:
        folder, seen = queue.popleft(), seen + 1
        with suppress(OSError):
            if (inode := _inode_of(folder)) in left:
                left.remove(inode)
                yield folder
            queue.extend(_folders_in(folder))


def _folders_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
