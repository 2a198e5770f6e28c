"""The applications that a system offers (freedesktop.org, Desktop Entry Specification 1.5)."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

_WRAPPERS = {"env", "sh", "bash", "dash", "python3", "python", "perl", "flatpak", "snap"}
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An application: its id (the file's name without `.desktop`), how it is called and how it is started.

    `command` still has the field codes (`%U`) out: documents go to its end. `kind` is the class its windows have.
    """

    id: str
    name: str
    command: tuple[str, ...]
    kind: str
    hidden: bool
    flatpak: str

    @property
    def program(self) -> str:
        """The name of the program behind, and not of the shell or the interpreter that starts it."""
        for word in self.command:
            name = Path(word).name
            if name not in _WRAPPERS and not word.startswith("-") and "=" not in word:
                return name.removesuffix(".sh").removesuffix(".py")
        return ""


def folders_of_entries(environment: Mapping[str, str]) -> list[Path]:
    """Where entries are, the most important folder first (XDG Base Directory Specification)."""
    home = Path(environment.get("HOME", "/"))
    own = environment.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    flatpak = [str(home / ".local/share/flatpak/exports/share"), "/var/lib/flatpak/exports/share"]
    return [Path(folder) / "applications" for folder in dict.fromkeys([own, *shared.split(":"), *flatpak]) if folder]


def read_entries(folders: Sequence[Path]) -> dict[str, Entry]:
    """By id, every entry; of those with one id the first counts."""
    found: dict[str, Entry] = {}
    for folder in folders:
        for file in sorted(folder.rglob("*.desktop")):
            id_ = "-".join(file.relative_to(folder).parts).removesuffix(".desktop")
            if id_ not in found and (entry := _entry(id_, file)) is not None:
                found[id_] = entry
    return found


def _entry(id_: str, file: Path) -> Entry | None:
    with suppress(OSError, UnicodeDecodeError):
        fields = dict(_fields(file.read_text("utf-8")))
        if fields.get("Type") != "Application":
            return None
        program = fields.get("TryExec", "")
        return Entry(
            id=id_,
            name=_unescaped(fields.get("Name", id_)),
            command=split_command(_unescaped(fields.get("Exec", ""))),
            kind=fields.get("StartupWMClass", ""),
            hidden=_is_true(fields, "NoDisplay") or _is_true(fields, "Hidden") or bool(program and not which(program)),
            flatpak=fields.get("X-Flatpak", ""),
        )
    return None


def _fields(text: str) -> Iterator[tuple[str, str]]:
    group = ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip()
        elif group == "[Desktop Entry]" and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def _is_true(fields: Mapping[str, str], name: str) -> bool:
    return fields.get(name, "").lower() == "true"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)


def split_command(text: str) -> tuple[str, ...]:
    """The words of an `Exec` line without its field codes; none where its quotes don't match."""
    with suppress(ValueError):
        return tuple(word.replace("%%", "%") for word in shlex.split(text) if not _is_field_code(word))
    return ()


def _is_field_code(word: str) -> bool:
    return re.fullmatch(r"%[a-zA-Z]|@@u?", word) is not None
