"""Which application a window belongs to, and how an application is started here."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import which

from deskbay.agent.entries import Entry
from deskbay.agent.processes import Process, sandbox_of
from deskbay.agent.rules import Rule, Rules

_INTERPRETERS = ("python", "perl", "ruby", "node", "java", "gjs", "bash", "sh", "dash")


class Found(StrEnum):
    """Whether a program can be started."""

    HERE = "here"
    FORBIDDEN = "forbidden"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an application is on every device, how it is called here, and what is known of it."""

    application: str
    name: str
    rule: Rule


class Catalogue:
    """The applications of this system, with the rules for them."""

    def __init__(self, entries: Mapping[str, Entry], rules: Rules) -> None:
        self._entries = {id_.lower(): entry for id_, entry in entries.items()}
        self._visible = [entry for entry in entries.values() if not entry.hidden]
        self._by_kind = {entry.kind.lower(): entry for entry in reversed(self._visible) if entry.kind}
        self.rules = rules

    def identify(self, kind: str, instance: str, process: Process | None) -> Identity:
        """The application of a window, by its class and its process."""
        programs = list(_programs_of(process)) if process else []
        entry = self._entry(kind, instance, process, programs)
        names = [entry.id] if entry else [*programs, kind, instance, "unknown"]
        known = next((name for name in names if name.lower() in self.rules.applications), None)
        if known is None:
            known = entry.id if entry else next(filter(None, names)).lower()
        rule = self.rules.of(known)
        is_ruled = known.lower() in self.rules.applications
        return Identity(rule.name if is_ruled else known, entry.name if entry else known, rule)

    def _entry(self, kind: str, instance: str, process: Process | None, programs: list[str]) -> Entry | None:
        flatpak = self._entries.get(sandbox_of(process.id).lower()) if process else None
        if flatpak is not None:
            return flatpak
        names = [name.lower() for name in (kind, instance) if name]
        by_kind = next((self._by_kind[name] for name in names if name in self._by_kind), None)
        return by_kind or next(self._named(names), None) or next(self._started_by(programs), None)

    def _named(self, names: list[str]) -> Iterator[Entry]:
        return (entry for entry in self._visible if {entry.id.lower(), entry.id.rpartition(".")[2].lower()} & {*names})

    def _started_by(self, programs: list[str]) -> Iterator[Entry]:
        return (entry for program in programs for entry in self._visible if entry.program == program)

    def command_of(self, application: str) -> tuple[str, ...] | None:
        """What starts an application here, without documents; None where it is not here."""
        names = dict.fromkeys([application.lower(), *self.rules.of(application).names])
        entries = [self._entries[name.lower()] for name in names if name.lower() in self._entries]
        commands = [*(entry.command for entry in entries if not entry.hidden), *((name,) for name in names)]
        by_state = {found(command): command for command in reversed(commands)}
        return by_state.get(Found.HERE) or by_state.get(Found.FORBIDDEN)

    def name_of(self, application: str) -> str:
        """How an application is called here."""
        names = (name.lower() for name in self.rules.of(application).names)
        return next((self._entries[name].name for name in names if name in self._entries), application)


def found(command: tuple[str, ...]) -> Found:
    """Whether the program of a command is here, and may be started."""
    if not command:
        return Found.MISSING
    if which(command[0]):
        return Found.HERE
    return Found.FORBIDDEN if which(command[0], mode=os.F_OK) else Found.MISSING


def _programs_of(process: Process) -> Iterator[str]:
    """The names a program goes by: its file, what it says it is, and the script that an interpreter runs."""
    base = Path(process.exe).name
    said = Path(process.command[0]).name if process.command else ""
    if base.startswith(_INTERPRETERS):
        yield from (Path(word).stem for word in process.command[1:2] if not word.startswith("-"))
    yield from filter(None, dict.fromkeys([_plain(base), _plain(said).lstrip("-")]))


def _plain(program: str) -> str:
    """A program's name without what says how it is run."""
    return re.sub(r"\.(bin|exe)$", "", program, flags=re.IGNORECASE)
