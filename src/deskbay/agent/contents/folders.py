"""Folders of file managers: by the title where it has the path, else by what the process watches for changes."""

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, watched_inodes
from deskbay.agent.rules import Rule

MOST_FOLDERS = 20_000
"""So many folders are looked at, the nearest to the home first, to find those that a process watches."""


def read(process: Process, windows: Sequence[OpenWindow], rule: Rule) -> Mapping[int, Shown]:
    """The folder of each window."""
    found = {window.id: _folder_in(window.title, rule) for window in windows}
    unknown = [window for window in windows if found[window.id] is None]
    if unknown:
        watched = list(find_folders(watched_inodes(process.id), [Path.home(), Path("/")]))
        found |= {window.id: _watched_folder(window.title, watched) for window in unknown}
    return {window: Shown((folder,), 0) for window, folder in found.items() if folder}


def _folder_in(title: str, rule: Rule) -> str | None:
    match = re.match(rule.title, title) if rule.title else None
    path = match["path"] if match else title
    return path if path.startswith("/") and Path(path).is_dir() else None


def _watched_folder(title: str, watched: Sequence[Path]) -> str | None:
    """The watched folder of that name; the one that is left if the title is none's name, as that of a home may be."""
    named = [path for path in watched if path.name == title] or ([Path.home()] if Path.home() in watched else [])
    return str(named[0]) if named else None


def find_folders(inodes: set[tuple[int, int]], roots: Sequence[Path]) -> Iterator[Path]:
    """Folders that are, or lie below, some roots, by device and inode; the nearest first, each once."""
    left, seen, queue = set(inodes), 0, deque(roots)
    while left and queue and seen < MOST_FOLDERS:
        folder, seen = queue.popleft(), seen + 1
        with suppress(OSError):
            found = folder.stat()
            if (found.st_dev, found.st_ino) in left:
                left.remove((found.st_dev, found.st_ino))
                yield folder
            queue.extend(_folders_in(folder))


def _folders_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
