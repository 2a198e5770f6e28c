"""What is in windows: documents, folders, or the tabs of a browser. One file for each way to learn it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deskbay.agent.platforms import OpenWindow
from deskbay.agent.processes import Process
from deskbay.agent.rules import Rule


@dataclass(frozen=True, slots=True)
class Shown:
    """What a window shows: paths or addresses, and the index of the one in front, where that is known."""

    contents: tuple[str, ...]
    front: int | None = None


Read = Callable[[Process, Sequence[OpenWindow], Rule], Mapping[int, Shown]]
"""From a process, its windows and its rule to what each window shows; windows that nothing is known of are left out."""
