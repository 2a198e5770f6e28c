"""Reading rules: the files beside this one, and the person's own `rules.toml`, whose fields count before ours.

`[application.NAME]` has the fields of a rule, and may say `like = "OTHER"` to begin with what another one has.
`[paths]` has folders of other devices with the folders of this one that stand for them.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from deskbay.agent.rules import Rule, Rules

Word = TypeVar("Word", bound=StrEnum)

FIELDS = (
    "like",
    "also",
    "reads",
    "title",
    "file",
    "line",
    "options",
    "window",
    "tab",
    "bare",
    "keep",
    "joining",
    "together",
    "one_process",
    "instead",
)


class BadRules(Exception):
    """A file of rules can't be used; the message says where and why."""


def rules_of_this_person() -> Rules:
    """The rules with the person's own; without them where they can't be used, which is logged."""
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "deskbay" / "rules.toml"
    try:
        return load_rules(own)
    except BadRules as error:
        import logging  # takes memory only where it is needed

        logging.getLogger(__name__).warning("%s Your own rules are left out until that is mended.", error)
        return load_rules(None)


def load_rules(own: Path | None) -> Rules:
    """Our rules, and those of a person's file if it is there. Raises BadRules."""
    found: dict[str, Rule] = {}
    paths: dict[str, str] = {}
    for file in (*sorted(Path(__file__).parent.glob("*.toml")), *([own] if own is not None and own.exists() else [])):
        file_table = _Table(str(file), _read(file))
        for name, table in file_table.tables("application"):
            found[name] = _rule(name, table, found)
        paths |= dict(file_table.texts("paths"))
    return Rules({name.lower(): rule for rule in found.values() for name in rule.names}, paths)


def _read(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadRules(f"{file} can't be read: {error}.") from error


def _rule(name: str, table: "_Table", known: Mapping[str, Rule]) -> Rule:
    table.refuse_all_but(FIELDS)
    like = table.text("like", "")
    if like and like not in known:
        raise BadRules(f"{table.where} is like {like}, of which there is no rule before.")
    base = replace(known[like], name=name, also=()) if like else known.get(name, Rule(name))
    return Rule(
        name=name,
        also=table.words("also", base.also),
        reads=table.word("reads", base.reads),
        title=table.pattern("title", base.title),
        file=table.text("file", base.file),
        line=table.pattern("line", base.line),
        options=table.words("options", base.options),
        window=table.words("window", base.window or ()) if "window" in table else base.window,
        tab=table.words("tab", base.tab),
        bare=table.words("bare", base.bare),
        keep=table.words("keep", base.keep),
        joining=table.word("joining", base.joining),
        together=table.truth("together", base.together),
        one_process=table.truth("one_process", base.one_process),
        instead=table.words("instead", base.instead),
    )


class _Table:
    """A table of a file, each field read as what it has to be. Raises BadRules."""

    def __init__(self, where: str, fields: Mapping[str, object]) -> None:
        self.where = where
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def refuse_all_but(self, names: tuple[str, ...]) -> None:
        if unknown := sorted(set(self._fields) - set(names)):
            raise BadRules(f"{self.where} has {', '.join(unknown)}, but a rule has only {', '.join(names)}.")

    def tables(self, name: str) -> list[tuple[str, "_Table"]]:
        return [
            (key, _Table(f"{self.where}, {name}.{key}", _mapping(self.where, value))) for key, value in self._in(name)
        ]

    def texts(self, name: str) -> list[tuple[str, str]]:
        inner = _Table(f"{self.where}, {name}", dict(self._in(name)))
        return [(key, inner.text(key, "")) for key, _ in self._in(name)]

    def _in(self, name: str) -> list[tuple[str, object]]:
        return list(_mapping(f"{self.where}, {name}", self._fields.get(name, {})).items())

    def text(self, name: str, default: str) -> str:
        value = self._fields.get(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, "a text in quotes")
        return value

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._fields.get(name, list(default))
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self._wrong(name, "a list of texts in quotes")
        return tuple(value)

    def truth(self, name: str, default: bool) -> bool:
        value = self._fields.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def word(self, name: str, default: Word) -> Word:
        words = type(default)
        try:
            return words(self.text(name, default))
        except ValueError as error:
            raise self._wrong(name, f"one of {', '.join(words)}") from error

    def pattern(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            groups = re.compile(value).groupindex
        except re.error as error:
            raise self._wrong(name, f"a pattern ({error})") from error
        if value and "path" not in groups:
            raise self._wrong(name, "a pattern with a group (?P<path>…)")
        return value

    def _wrong(self, name: str, needed: str) -> BadRules:
        return BadRules(f"{self.where}.{name} has to be {needed}.")


def _mapping(where: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadRules(f"{where} has to be a table.")
    return value
