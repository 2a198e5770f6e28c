"""What is known of applications, as data: what their windows show and how that is brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reader(StrEnum):
    """How one learns what is in a window."""

    NOTHING = "nothing"
    TITLE = "title"
    SHELLS = "shells"
    FOLDERS = "folders"
    CHROMIUM = "chromium"
    FIREFOX = "firefox"


class Joining(StrEnum):
    """Which tabs wait for a second start, which opens them in the window in front."""

    NONE = "none"
    FROM_FRONT = "from-front"
    FROM_SECOND = "from-second"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is known of an application, which `name` stands for on every device.

    `also`: the ids of its entries and the names of its programs elsewhere. `reads`: how one learns what a window shows;
    `title` is a pattern for its title with groups `path` and, if need be, `folder`. `file`, below the home, is where it
    writes down what it has open, and `line` the pattern of that there, with a group `path`.
    `window`, `tab`: the arguments that open a window with its first content, and a further one in it, `{}` being the
    content; `bare`: those of a window without contents; `options` come before all, then those of `keep` that it had:
    `--flag`, `--name=` with anything behind it, or `--name ` and the next word. Without `window` it is started with
    the arguments it had. `joining`: which tabs wait for a second start. `together`: one start may open many windows.
    `one_process`: all windows belong to the first process, so each start waits for the window of the one before.
    `instead`: what else may do where it is missing.
    """

    name: str
    also: tuple[str, ...] = ()
    reads: Reader = Reader.NOTHING
    title: str = ""
    file: str = ""
    line: str = ""
    options: tuple[str, ...] = ()
    window: tuple[str, ...] | None = None
    tab: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    joining: Joining = Joining.NONE
    together: bool = False
    one_process: bool = False
    instead: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by, its own first."""
        return (self.name, *self.also)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, by every name that an application goes by; and folders of other devices with those of this one."""

    applications: Mapping[str, Rule]
    paths: Mapping[str, str]

    def of(self, name: str) -> Rule:
        """The rule of an application; where there is none, one by which it is started as it was."""
        return self.applications.get(name.lower()) or Rule(name.lower())
