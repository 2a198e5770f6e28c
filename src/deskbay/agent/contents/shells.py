"""Folders of terminals: where the shells in them are."""

from collections.abc import Mapping, Sequence

from deskbay.agent.contents import Shown
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process, children_of, environment_of, folder_of, foreground_of
from deskbay.agent.rules import Rule


def read(process: Process, windows: Sequence[OpenWindow], _: Rule) -> Mapping[int, Shown]:
    """A folder for each tab of each window. Terminals tell their shells the window in WINDOWID."""
    folders: dict[int, list[str]] = {window.id: [] for window in windows}
    for shell in children_of(process.id):
        told = environment_of(shell).get("WINDOWID", "")
        window = int(told) if told.isdigit() else None
        folder = folder_of(foreground_of(shell))
        if window in folders and folder is not None:
            folders[window].append(folder)
    return {window: Shown(tuple(found), 0 if len(found) == 1 else None) for window, found in folders.items() if found}
