"""Windows and applications for tests, as they would be seen."""

from deskbay.agent.platforms import OpenWindow, Place
from deskbay.agent.processes import Process


def open_window(
    id_: int = 1,
    title: str = "",
    *,
    kind: str = "Thing",
    process: int | None = 100,
    place: Place | None = None,
    startup: str = "",
    foreground: bool = False,
) -> OpenWindow:
    return OpenWindow(
        id=id_,
        process=process,
        kind=kind,
        instance=kind.lower(),
        startup=startup,
        title=title,
        place=place or Place(10, 20, 300, 200, workspace=0),
        frame=(1, 1, 20, 5),
        foreground=foreground,
    )


def a_process(*command: str, exe: str = "", folder: str | None = "/", id_: int = 2**30) -> Process:
    """A process that does not run: its number is higher than any."""
    return Process(id_, exe or f"/usr/bin/{command[0]}", command, folder)
