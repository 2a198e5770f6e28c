"""Documents by the titles of their windows, and by what else a program lets one know."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, open_files, watched_inodes
from deskbay.agent.rules import Rule

RECENT = Path(".local/share/recently-used.xbel")
"""Below the home: what was opened lately, by every program that follows the Desktop Bookmark Specification."""


def read(process: Process, windows: Sequence[OpenWindow], rule: Rule) -> Mapping[int, Shown]:
    """The document of each window whose title names one that exists; and those in tabs behind, as far as is known.

    Which window a tab behind is in nothing tells: they are all taken to be in the first.
    """
    listed = _listed(rule)
    named = {window.id: _document(process, window.title, rule, listed) for window in windows}
    fronts = {window: document for window, document in named.items() if document}
    shown = {window: Shown((document,), 0) for window, document in fronts.items()}
    behind = _behind(process, rule, listed, set(fronts.values())) if rule.tab else []
    if behind:
        first = windows[0].id
        front = shown[first].contents if first in shown else ()
        shown[first] = Shown((*behind, *front), len(behind) if front else None)
    return shown


def _document(process: Process, title: str, rule: Rule, listed: Sequence[Path]) -> str | None:
    found = re.match(rule.title, title) if rule.title else None
    if found is None:
        return None
    places = _places(process, found.groupdict(), listed)
    return next((str(path) for path in places if path.is_file() or path in listed), None)


def _places(process: Process, said: Mapping[str, str | None], listed: Sequence[Path]) -> Iterator[Path]:
    """Where a document may be, the surest place first."""
    named = _in_home(said["path"] or "")
    if folder := said.get("folder"):
        yield _in_home(folder) / named
    if named.is_absolute():
        yield named
        return
    yield from (path for path in listed if named.name in {path.name, path.stem})
    yield from (Path(path) for path in open_files(process.id) if Path(path).name == named.name)
    yield from (path for path in _in_command(process) if path.name == named.name)
    yield Path(process.folder or "/", named)
    yield from (path for path in recent_documents(Path.home() / RECENT) if path.name == named.name)


def _in_command(process: Process) -> list[Path]:
    return [Path(process.folder or "/", word) for word in process.command[1:] if not word.startswith("-")]


def _behind(process: Process, rule: Rule, listed: Sequence[Path], fronts: set[str]) -> list[str]:
    """The documents that are open besides those in front.

    A program that writes down what it has open does so for its first process alone; of others it is known what they
    were started with. Of the other programs it is known which files they watch for changes: those are looked for among
    what they were started with and what was opened lately.
    """
    if rule.file:
        is_of_process = fronts and fronts <= {str(path) for path in listed}
        opened = listed if is_of_process else _in_command(process)
    else:
        watched = watched_inodes(process.id)
        known = [*_in_command(process), *recent_documents(Path.home() / RECENT)] if watched else []
        opened = [path for path in known if _inode_of(path) in watched]
    return [path for path in dict.fromkeys(map(str, opened)) if path not in fronts and Path(path).is_file()]


def _inode_of(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _listed(rule: Rule) -> list[Path]:
    """What a program says in a file of its own that it has open."""
    if not rule.file:
        return []
    with suppress(OSError, UnicodeDecodeError):
        found = re.finditer(rule.line, (Path.home() / rule.file).read_text("utf-8"), re.MULTILINE)
        return [path for path in (Path(unquote(each["path"])) for each in found) if path.exists()]
    return []


def _in_home(path: str) -> Path:
    return Path.home() / path[1:].lstrip("/") if path == "~" or path.startswith("~/") else Path(path)


def recent_documents(file: Path) -> list[Path]:
    """The paths in a list of recent documents, the latest first."""
    with suppress(OSError):
        said = file.stat()
        return _recent_documents(file, said.st_mtime_ns, said.st_size)
    return []


@lru_cache(maxsize=1)
def _recent_documents(file: Path, _changed_at: int, _size: int) -> list[Path]:
    found = re.findall(r'<bookmark href="file://([^"]*)"[^>]* visited="([^"]*)"', file.read_text("utf-8"))
    return [Path(unquote(unescape(path))) for path, _ in sorted(found, key=lambda each: each[1], reverse=True)]
