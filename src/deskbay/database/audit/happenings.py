"""What a transaction has done so far."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from deskbay.database.audit.models import Action

Told = str | int | float | bool | None
Values = Mapping[str, Told]
MASK = "•••"
LONGEST = 500
"""Letters of a value that are told."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that was done to or with an object, and whose that is. What it was before and after, where told."""

    action: Action
    kind: str
    id: str | None
    owner_id: int | None = None
    before: Values | None = None
    after: Values | None = None

    @property
    def is_change(self) -> bool:
        return self.action in {Action.CREATED, Action.CHANGED, Action.DELETED}


def told(value: object, *, is_masked: bool) -> Told:
    """Return what the audit tells of a column's value."""
    if value is None or (is_masked and value in {"", "[]", "{}"}):
        return None
    if is_masked:
        return MASK
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return _short(value.isoformat() if isinstance(value, date) else _text(value))


def _text(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} letters)"


def written(values: Values | None) -> str | None:
    """Return values as the one JSON text that there is for them."""
    return None if values is None else canonical(values)


def canonical(content: object) -> str:
    """Return the shortest JSON text of a content, with keys in order and nothing but ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def gathered(happenings: Iterable[Happening]) -> list[Happening]:
    """Return what is left of them in the end: changes of one object make one, and what came and went is nothing."""
    left: dict[object, Happening] = {}
    for number, happening in enumerate(happenings):
        key: object = (happening.kind, happening.id) if happening.is_change else number
        first = left.pop(key, None)
        both = happening if first is None else _joined(first, happening)
        if both is not None:
            left[key] = both
    return list(left.values())


def _joined(first: Happening, then: Happening) -> Happening | None:
    if first.action is Action.DELETED:  # the same key again: it was replaced
        is_same = first.before == then.after and MASK not in (then.after or {}).values()
        return None if is_same else replace(then, action=Action.CHANGED, before=first.before)
    if then.action is Action.DELETED:
        gone = {**(then.before or {}), **(first.before or {})}
        return None if first.action is Action.CREATED else replace(then, before=gone)
    after = {**(first.after or {}), **(then.after or {})}
    before = {**(then.before or {}), **(first.before or {})}
    is_new = first.action is Action.CREATED
    return replace(first, before=None if is_new else before, after=after)
