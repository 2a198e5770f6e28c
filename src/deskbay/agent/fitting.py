"""Snapshots as the server takes them: whatever windows and processes say of themselves, none of it spoils the whole."""

from collections.abc import Sequence
from dataclasses import replace

from deskbay.agent.shapes import Application, Snapshot, Window

LONGEST_TEXT = 4096
LONGEST_WORD = 100_000
LONGEST_NAME = 100
LONGEST_IDENTITY = 255
MOST_APPLICATIONS = 500
MOST_WINDOWS = 200
MOST_CONTENTS = 500
MOST_WORDS = 1000
MOST_MONITORS = 32
FARTHEST = 100_000
HIGHEST_WORKSPACE = 1000


def fitting(snapshot: Snapshot) -> Snapshot:
    """The snapshot with what is too much cut off, and what is no text made into some."""
    return replace(
        snapshot,
        home=_text(snapshot.home, LONGEST_TEXT),
        monitors=snapshot.monitors[:MOST_MONITORS],
        applications=tuple(fitting_application(each) for each in snapshot.applications[:MOST_APPLICATIONS]),
    )


def fitting_application(application: Application) -> Application:
    """The same for one application."""
    return replace(
        application,
        key=_text(application.key, LONGEST_IDENTITY) or "unknown",
        application=_text(application.application, LONGEST_IDENTITY) or "unknown",
        name=_text(application.name, LONGEST_NAME),
        exe=_text(application.exe, LONGEST_TEXT),
        command=tuple(_text(word, LONGEST_WORD) for word in application.command[:MOST_WORDS]),
        folder=None if application.folder is None else _text(application.folder, LONGEST_TEXT),
        windows=tuple(_window(window) for window in application.windows[:MOST_WINDOWS]),
    )


def _window(window: Window) -> Window:
    kept = [index for index, content in enumerate(window.contents) if len(content) <= LONGEST_TEXT][:MOST_CONTENTS]
    return replace(
        window,
        x=_near(window.x),
        y=_near(window.y),
        width=_near(window.width),
        height=_near(window.height),
        workspace=window.workspace if window.workspace is None or window.workspace <= HIGHEST_WORKSPACE else None,
        title=None if window.title is None else _text(window.title, LONGEST_TEXT),
        contents=tuple(_text(window.contents[index], LONGEST_TEXT) for index in kept),
        content=_moved(window.content, kept),
    )


def _moved(front: int | None, kept: Sequence[int]) -> int | None:
    """Where the content in front is among those that are kept."""
    return kept.index(front) if front in kept else None


def _near(length: int) -> int:
    return min(max(length, -FARTHEST), FARTHEST)


def _text(text: str, longest: int) -> str:
    """What can be written in UTF-8, up to the first null: names of files may be any bytes, and titles have had some."""
    return text.partition("\0")[0].encode(errors="replace").decode()[:longest]
