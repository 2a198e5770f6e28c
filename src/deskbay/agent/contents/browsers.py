"""Which of a browser's own windows is which on the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow


@dataclass(frozen=True, slots=True)
class BrowserWindow:
    """A window as a browser remembers it: its tabs' addresses, the one in front and its title, and where it is."""

    tabs: tuple[str, ...]
    front: int
    title: str
    bounds: tuple[int, int, int, int]


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
