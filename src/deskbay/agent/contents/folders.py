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
    named = {window.id: _name_in(window.title, rule) for window in windows}
    found = {id_: name for id_, name in named.items() if name.startswith("/") and Path(name).is_dir()}
    if len(found) < len(named):
        watched = list(find_folders(watched_inodes(process.id), [Path.home(), Path("/")]))
        found = {id_: _watched_folder(name, watched) for id_, name in named.items()} | found
    return {window: Shown((folder,), 0) for window, folder in found.items() if folder}


def _name_in(title: str, rule: Rule) -> str:
    match = re.match(rule.title, title) if rule.title else None
    return match["path"] if match else title


def _watched_folder(name: str, watched: Sequence[Path]) -> str:
    """The watched folder of that name; else the home, which file managers give names of their own; else nothing."""
    found = next((path for path in watched if path.name == name), Path.home() if Path.home() in watched else None)
    return str(found) if found else ""


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
