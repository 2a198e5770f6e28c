"""A program that runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Process:
    """A program that runs: its file, its arguments one by one, the folder it is in."""

    id: int
    exe: str
    command: tuple[str, ...]
    folder: str | None
