"""From the request for a restore until the last window is in its place, beside the same programs started by hand.

`python -m benchmarks.restore [--rounds N]`. Ends with 1 when the goal is missed.
"""

import argparse
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from threading import Thread
from uuid import uuid4

from benchmarks.restore.desk import by_kind, desk, end_programs, until
from rich.console import Console
from rich.table import Table

from deskbay.agent.platforms import OpenWindow, Place
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.restore import restore
from deskbay.agent.shapes import Snapshot, Wish
from deskbay.agent.snapshots import Observer

GOAL = 1.15
"""Of the time that the same programs take by hand."""
PROGRAMS = 5
TABS = 3
PAUSE = 1.0
"""Seconds for what was ended to have written its files."""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds until all windows were there, or in place; and how many pixels they were off at the end."""

    seconds: float
    pixels: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with desk("1600x1000") as work, X11() as platform:
        by_hand(platform, work)  # the first one warms up
        saved, places = _arranged(platform)
        end_programs(platform)
        contenders: list[Callable[[], Round]] = [
            lambda: by_hand(platform, work),
            lambda: by_deskbay(platform, saved, places),
        ]
        rounds = [_one_of_each(platform, contenders, number) for number in range(options.rounds)]
    return report(*zip(*rounds, strict=True))


def _one_of_each(platform: X11, contenders: list[Callable[[], Round]], number: int) -> list[Round]:
    """Start all once each way; who goes first changes from round to round."""
    found = {}
    for place in sorted(range(len(contenders)), reverse=bool(number % 2)):
        found[place] = contenders[place]()
        time.sleep(PAUSE)
        end_programs(platform)
        time.sleep(PAUSE)
    return [found[place] for place in range(len(contenders))]


def by_hand(platform: X11, work: Path) -> Round:
    """Until each window is there, wherever that is."""
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.Popen(["sh", str(Path(__file__).with_name("by_hand.sh")), str(work)], stdout=quiet, stderr=quiet).wait()
    return Round(until(platform, _all_documents) - began, 0)


def _all_documents(windows: Mapping[str, OpenWindow]) -> bool:
    return len(windows) == PROGRAMS and any("report.fodt" in window.title for window in windows.values())


def _arranged(platform: X11) -> tuple[Snapshot, dict[str, Place]]:
    """Put every window somewhere, and save that once the browser has written down its tabs."""
    for number, (_, window) in enumerate(sorted(by_kind(platform).items())):
        place = Place(60 + 90 * number, 60 + 70 * number, 620 + 20 * number, 420 + 10 * number, workspace=0)
        platform.place(window.id, place)
    observer = Observer(platform, lambda: datetime.now(UTC))
    while not _has_tabs(snapshot := observer.snapshot(titles=True)):
        time.sleep(0.2)
    return snapshot, {kind: window.place for kind, window in by_kind(platform).items()}


def _has_tabs(snapshot: Snapshot) -> bool:
    return any(len(window.contents) == TABS for each in snapshot.applications for window in each.windows)


def by_deskbay(platform: X11, saved: Snapshot, places: Mapping[str, Place]) -> Round:
    """Until each window is where it was, document and all."""
    wish = Wish(uuid4(), saved.system, saved.home, saved.monitors, saved.applications)
    began = time.perf_counter()
    running = Thread(target=_restore, args=(wish,))
    running.start()
    ended = until(platform, lambda windows: _all_documents(windows) and _off(windows, places) == 0)
    running.join()
    return Round(ended - began, _off(by_kind(platform), places))


def _restore(wish: Wish) -> None:
    with X11() as platform:
        restore(platform, wish, lambda _: None)


def _off(windows: Mapping[str, OpenWindow], places: Mapping[str, Place]) -> int:
    """Pixels between where windows are and where they were, of all corners and sizes together."""
    pairs = [(windows[kind].place, place) for kind, place in places.items() if kind in windows]
    return sum(
        abs(now.x - then.x) + abs(now.y - then.y) + abs(now.width - then.width) + abs(now.height - then.height)
        for now, then in pairs
    )


def report(hand: tuple[Round, ...], deskbay: tuple[Round, ...]) -> int:
    table = Table("", "median s", "least", "most", "pixels off", title="Five programs")
    for name, rounds in (("by hand, wherever they open", hand), ("restored, each in its place", deskbay)):
        seconds = [each.seconds for each in rounds]
        figures = (median(seconds), min(seconds), max(seconds))
        table.add_row(name, *(f"{figure:.2f}" for figure in figures), str(max(each.pixels for each in rounds)))
    ratio = median(each.seconds for each in deskbay) / median(each.seconds for each in hand)
    is_exact = all(each.pixels == 0 for each in deskbay)
    Console().print(table)
    Console().print(f"{ratio:.2f} times the floor (goal: {GOAL}), {'' if is_exact else 'not '}exact to the pixel")
    return 0 if ratio <= GOAL and is_exact else 1


if __name__ == "__main__":
    raise SystemExit(main())
