"""Documents by the titles of their windows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, open_files
from deskbay.agent.rules import Rule

RECENT = Path(".local/share/recently-used.xbel")
"""Below the home: what was opened lately, by every program that follows the Desktop Bookmark Specification."""


def read(process: Process, windows: Sequence[OpenWindow], rule: Rule) -> Mapping[int, Shown]:
    """The document of each window whose title names one that exists."""
    documents = {window.id: _document(process, window.title, rule) for window in windows}
    return {window: Shown((document,), 0) for window, document in documents.items() if document}


def _document(process: Process, title: str, rule: Rule) -> str | None:
    found = re.match(rule.title, title) if rule.title else None
    if found is None:
        return None
    return next((str(path) for path in _places(process, found.groupdict()) if path.is_file()), None)


def _places(process: Process, said: Mapping[str, str | None]) -> Iterator[Path]:
    """Where a document may be, the surest place first."""
    named = _in_home(said["path"] or "")
    if folder := said.get("folder"):
        yield _in_home(folder) / named
    if named.is_absolute():
        yield named
        return
    yield from (Path(path) for path in open_files(process.id) if Path(path).name == named.name)
    yield from (Path(process.folder or "/", word) for word in process.command[1:] if Path(word).name == named.name)
    yield Path(process.folder or "/", named)
    yield from (path for path in recent_documents(Path.home() / RECENT) if path.name == named.name)


def _in_home(path: str) -> Path:
    return Path.home() / path[1:].lstrip("/") if path == "~" or path.startswith("~/") else Path(path)


def recent_documents(file: Path) -> list[Path]:
    """The paths in a list of recent documents, the latest first."""
    with suppress(OSError):
        found = re.findall(r'<bookmark href="file://([^"]*)"[^>]* visited="([^"]*)"', file.read_text())
        return [Path(unquote(unescape(path))) for path, _ in sorted(found, key=lambda each: each[1], reverse=True)]
    return []
