"""What is open on a device at one moment: on the wire, and as it is kept.

The shapes are those of `deskbay.agent.shapes`, with the limits of what the server takes.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from deskbay.agent.shapes import System, WindowState
from deskbay.kit.secrets import digest
from deskbay.sessions.models import LONGEST_NAME

NO_NULL = r"^[^\x00]*$"
Pixels = Annotated[int, Field(ge=-100_000, le=100_000)]
Index = Annotated[int, Field(ge=0, le=1000)]
Text = Annotated[str, StringConstraints(max_length=4096, pattern=NO_NULL)]
Identity = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=NO_NULL), Field(examples=["mousepad"])
]
Key = Annotated[
    str, StringConstraints(min_length=1, max_length=255, pattern=NO_NULL), Field(examples=["mousepad-1234"])
]
ApplicationName = Annotated[
    str, StringConstraints(max_length=LONGEST_NAME, pattern=NO_NULL), Field(examples=["Mousepad"])
]


class Shape(BaseModel):
    """What agents tell. A newer one may tell more than this server knows of."""

    model_config = ConfigDict(frozen=True)


class Monitor(Shape):
    """A screen, in pixels of the whole."""

    x: Pixels
    y: Pixels
    width: Pixels
    height: Pixels
    primary: bool = False


class Window(Shape):
    """A window's inside, in pixels. `contents` are its documents, folders or tabs, `content` is the one in front.

    `stacking` is how many windows lie below it.
    """

    x: Pixels
    y: Pixels
    width: Pixels
    height: Pixels
    monitor: Index = 0
    workspace: Index | None = None
    state: WindowState = WindowState.NORMAL
    foreground: bool = False
    stacking: Index | None = None
    title: Text | None = None
    contents: tuple[Text, ...] = Field((), max_length=500)
    content: Index | None = None


class Application(Shape):
    """A running program with its windows."""

    key: Key
    application: Identity
    name: ApplicationName
    exe: Text
    command: tuple[Annotated[str, StringConstraints(max_length=100_000, pattern=NO_NULL)], ...] = Field(max_length=1000)
    folder: Text | None = None
    windows: tuple[Window, ...] = Field((), max_length=200)


class Snapshot(Shape):
    """What is open on a device at one moment."""

    taken_at: AwareDatetime
    system: System
    home: Text
    monitors: tuple[Monitor, ...] = Field((), max_length=32)
    applications: tuple[Application, ...] = Field((), max_length=500)


def without(snapshot: Snapshot, excluded: frozenset[str], *, titles: bool) -> Snapshot:
    """Return the snapshot without some applications, and without titles where they may not be kept."""
    kept = tuple(one for one in snapshot.applications if one.application not in excluded)
    if not titles:
        kept = tuple(_untitled(one) for one in kept)
    return snapshot.model_copy(update={"applications": kept})


def _untitled(application: Application) -> Application:
    windows = tuple(window.model_copy(update={"title": None}) for window in application.windows)
    return application.model_copy(update={"windows": windows})


def digest_of(snapshot: Snapshot) -> str:
    """Return the same for snapshots that differ in nothing but when they were taken."""
    return digest(snapshot.model_dump_json(exclude={"taken_at"}))
