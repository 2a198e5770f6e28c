"""Where windows go when the monitors are others than where they were saved. Pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from deskbay.agent.platforms import Place
from deskbay.agent.shapes import Monitor, Window

Frame = tuple[int, int, int, int]
"""What a window manager adds to a window at the left, right, top and bottom."""


def place_on(window: Window, then: Sequence[Monitor], now: Sequence[Monitor], frame: Frame = (0, 0, 0, 0)) -> Place:
    """The place of a window, framed, on the monitors there are now.

    Where its monitor is as it was, so is the window, to the pixel. Else it takes the same part of a monitor's width and
    height as before, at the same part of the way, and lies within it:

        then  |   [####]         |        now  |  [##]      |
    """
    place = Place(window.x, window.y, window.width, window.height, window.state, window.workspace)
    old = then[window.monitor] if window.monitor < len(then) else None
    new = monitor_for(window.monitor, then, now)
    if old is None or new is None or _area(old) == _area(new):
        return place
    left, right, top, bottom = frame
    x, width = _scaled(place.x - left, place.width, left + right, (old.x, old.width), (new.x, new.width))
    y, height = _scaled(place.y - top, place.height, top + bottom, (old.y, old.height), (new.y, new.height))
    return replace(place, x=x + left, y=y + top, width=width, height=height)


def monitor_for(index: int, then: Sequence[Monitor], now: Sequence[Monitor]) -> Monitor | None:
    """The monitor that stands for one of then: the same, else the one at its place in the list, else the main one."""
    if not now:
        return None
    if index < len(then):
        same = [monitor for monitor in now if _area(monitor) == _area(then[index])]
        if same:
            return same[0]
    main = next((monitor for monitor in now if monitor.primary), now[0])
    return now[index] if index < len(now) else main


def _scaled(start: int, length: int, frame: int, then: tuple[int, int], now: tuple[int, int]) -> tuple[int, int]:
    """Where a framed stretch begins, and how long it is without its frame, on a line of another base and extent.

    It lies within that, where a frame and a pixel do.
    """
    ratio = now[1] / then[1]
    inside = max(min(round((length + frame) * ratio), now[1]) - frame, 1)
    corner = now[0] + round((start - then[0]) * ratio)
    return max(min(corner, now[0] + now[1] - inside - frame), now[0]), inside


def _area(monitor: Monitor) -> tuple[int, int, int, int]:
    return monitor.x, monitor.y, monitor.width, monitor.height
