"""Starting applications: with which arguments, and so that they live on without us."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from threading import Thread

from deskbay.agent.identity import Catalogue, Found, found
from deskbay.agent.paths import PathMap
from deskbay.agent.rules import Joining, Reader, Rule
from deskbay.agent.shapes import Application, Window

STARTUP_ID = "DESKTOP_STARTUP_ID"
"""What a program is given to tell its windows by (freedesktop.org, Startup Notification Protocol)."""

_OF_ITS_OWN = getattr(subprocess, "CREATE_NEW_CONSOLE", 0)
"""On Windows: else Ctrl-C would end what we started along with us."""
_ON_DISK = {Reader.TITLE, Reader.FOLDERS, Reader.SHELLS}


@dataclass(frozen=True, slots=True)
class Start:
    """One start of a program: its arguments, its folder, and which of the application's windows it opens.

    One that opens none adds to the window in front, and is over when it ends.
    """

    command: tuple[str, ...]
    folder: str | None
    windows: tuple[int, ...]


def as_here(application: Application, rule: Rule, paths: PathMap) -> tuple[Application, list[str]]:
    """The application with the paths of this device; and the documents that it had and that are not here."""
    windows = [replace(each, contents=tuple(map(paths.word, each.contents))) for each in application.windows]
    missing = [content for each in windows for content in each.contents if rule.reads in _ON_DISK and _is_gone(content)]
    here = replace(
        application,
        command=(*application.command[:1], *map(paths.word, application.command[1:])),
        folder=None if application.folder is None else paths.path(application.folder),
        windows=tuple(_without(window, set(missing)) for window in windows),
    )
    return here, missing


def _is_gone(path: str) -> bool:
    return not Path(path).exists()


def _without(window: Window, contents: set[str]) -> Window:
    return replace(window, contents=tuple(content for content in window.contents if content not in contents))


def plan(application: Application, rule: Rule, catalogue: Catalogue, windows: Sequence[int]) -> list[Start]:
    """The starts that open some windows of an application, by their indices; none where it is not on this device."""
    if rule.window is None:
        command = _saved_command(application, catalogue)
        folder = next(
            (each.contents[0] for each in application.windows if _tells_folder(rule, each)), application.folder
        )
        return [Start(command, folder, tuple(windows))] if command else []
    program = catalogue.command_of(application.application)
    if program is None:
        return []
    begin = (*program, *rule.options, *_kept(rule, application.command[1:]))
    opening = {index: _opening(rule, application.windows[index]) for index in windows}
    if rule.together:
        every = tuple(word for words, _ in opening.values() for word in words)
        return [Start((*begin, *every), application.folder, tuple(windows))]
    return [
        Start((*begin, *words), application.folder, (index,) if number == 0 else ())
        for index, starts in opening.items()
        for number, words in enumerate(filter(None, starts) if any(starts) else [()])
    ]


def _tells_folder(rule: Rule, window: Window) -> bool:
    return rule.reads is Reader.SHELLS and bool(window.contents)


def _saved_command(application: Application, catalogue: Catalogue) -> tuple[str, ...] | None:
    """The command as it was; where its program is not here, the same application with the same documents."""
    first, arguments = application.command[:1], application.command[1:]
    if found(first) is not Found.MISSING:
        return application.command
    if found((application.exe,)) is not Found.MISSING:
        return (application.exe, *arguments)
    program = catalogue.command_of(application.application)
    return (*program, *(word for word in arguments if Path(word).is_file() or "://" in word)) if program else None


def _kept(rule: Rule, arguments: Sequence[str]) -> tuple[str, ...]:
    """The options that an application had and shall have again; a path that is not here is none."""
    kept: list[str] = []
    for word, value in pairwise((*arguments, "")):
        if word in rule.keep or any(name.endswith("=") and word.startswith(name) for name in rule.keep):
            kept.append(word)
        elif f"{word} " in rule.keep and not (value.startswith("/") and _is_gone(value)):
            kept += [word, value]
    return tuple(kept)


def _opening(rule: Rule, window: Window) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The arguments that open a window, and those of a second start that adds the rest to it."""
    match rule.joining:
        case Joining.NONE:
            later = len(window.contents)
        case Joining.FROM_FRONT:
            later = window.content or len(window.contents)
        case Joining.FROM_SECOND:
            later = 1
    first, joining = window.contents[:later], window.contents[later:]
    if not first:
        return rule.bare, ()
    opening = [word.replace("{}", first[0]) for word in rule.window or ()]
    return (*opening, *_tabs(rule, first[1:])), _tabs(rule, joining)


def _tabs(rule: Rule, contents: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.replace("{}", content) for content in contents for word in rule.tab)


def _environment() -> Mapping[str, str]:
    """Our own, without what is there for us alone."""
    root = str(Path(__file__).parents[2])
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MALLOC_") and name != "PYTHONNODEBUGRANGES" and (name, value) != ("PYTHONPATH", root)
    }


def launch(start: Start, startup_id: str) -> "subprocess.Popen[bytes]":
    """Start a program, without a shell and in a session of its own, so that it outlives us. Raises OSError.

    Somebody waits for its end, so that it never stays behind as a zombie.
    """
    folder = start.folder if start.folder and Path(start.folder).is_dir() else str(Path.home())
    process = subprocess.Popen(
        start.command,
        cwd=folder,
        env={**_environment(), STARTUP_ID: startup_id},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_OF_ITS_OWN,
    )
    Thread(target=process.wait, name=f"waits for {start.command[0]}", daemon=True).start()
    return process
