"""Which of a browser's own windows is which on the screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow


@dataclass(frozen=True, slots=True)
class BrowserWindow:
    """A window as a browser remembers it: its tabs' addresses, the one in front and its title, and where it is."""

    tabs: tuple[str, ...]
    front: int
    title: str
    bounds: tuple[int, int, int, int]


def read_once(file: Path, parse: Callable[[bytes], Sequence[BrowserWindow]]) -> Sequence[BrowserWindow]:
    """The windows in a file, which is read anew only when it has changed. Raises OSError, and what `parse` raises."""
    found = file.stat()
    return _parsed(file, found.st_mtime_ns, found.st_size, parse)


@lru_cache(maxsize=8)
def _parsed(
    file: Path,
    _changed_at: int,
    _size: int,
    parse: Callable[[bytes], Sequence[BrowserWindow]],
) -> Sequence[BrowserWindow]:
    return parse(file.read_bytes())


def assign(windows: Sequence[OpenWindow], remembered: Sequence[BrowserWindow]) -> Mapping[int, Shown]:
    """What each window shows. The likeliest pairs go first; those that nothing speaks for are made if none is left."""
    found: dict[int, Shown] = {}
    left = list(remembered)
    free = list(windows)
    while free and left:
        window, own = max(((a, b) for a in free for b in left), key=lambda pair: _likeness(*pair))
        if not _likeness(window, own) and len(free) != len(left):
            break
        found[window.id] = Shown(own.tabs, own.front)
        free.remove(window)
        left.remove(own)
    return found


def _likeness(window: OpenWindow, own: BrowserWindow) -> int:
    place = window.place
    same_title = bool(own.title) and window.title.startswith(own.title)
    same_place = own.bounds == (place.x, place.y, place.width, place.height)
    return 2 * same_title + same_place
