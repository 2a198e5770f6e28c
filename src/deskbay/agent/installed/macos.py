"""What macOS offers: applications are folders with a property list (Apple, Bundle Programming Guide).

Tested with folders made after that; it has not run on a Mac yet.
"""

import plistlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from xml.parsers.expat import ExpatError

from deskbay.agent.entries import Entry

_SHARED = ("/Applications", "/Applications/Utilities", "/System/Applications", "/System/Applications/Utilities")


def installed(folders: Sequence[Path] | None = None) -> dict[str, Entry]:
    """By id, what can be started here; of those with one id the first counts."""
    found: dict[str, Entry] = {}
    for folder in folders or (Path.home() / "Applications", *map(Path, _SHARED)):
        for entry in _entries(folder):
            found.setdefault(entry.id, entry)
    return found


def _entries(folder: Path) -> Iterator[Entry]:
    for file in sorted(folder.glob("*.app/Contents/Info.plist")):
        with suppress(OSError, KeyError, plistlib.InvalidFileException, ExpatError):
            about = plistlib.loads(file.read_bytes())
            program = file.parent / "MacOS" / about["CFBundleExecutable"]
            id_, name = about["CFBundleIdentifier"], file.parents[1].stem
            yield Entry(id_, name, (str(program),), kind=id_, hidden=False, flatpak="")
