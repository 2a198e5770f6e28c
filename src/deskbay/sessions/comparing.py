"""The difference between two snapshots."""

from collections.abc import Callable, Hashable, Sequence

from deskbay.sessions.schemas import ChangedApplication, ComparedApplication, Comparison
from deskbay.sessions.snapshots import Application, Snapshot

COMPARED = ("exe", "command", "folder", "windows")
Pair = tuple[Application, Application]


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Tell what came, what went, and what is in both but not the same.

    What is the same program is known by its key, while it runs; else by application and command, else by application.
    Which windows lie above which is no difference: one that is lifted changes it for all others.
    """
    pairs, went, came = _pair(before.applications, after.applications)
    changed = [shown for pair in pairs if (shown := _changed(*pair)).changes]
    return Comparison(
        came=[_compared(one) for one in came],
        went=[_compared(one) for one in went],
        changed=changed,
        same=len(pairs) - len(changed),
    )


def _pair(
    old: Sequence[Application], new: Sequence[Application]
) -> tuple[list[Pair], Sequence[Application], Sequence[Application]]:
    pairs: list[Pair] = []
    marks: tuple[Callable[[Application], Hashable], ...] = (
        lambda one: (one.application, one.key),
        lambda one: (one.application, one.command),
        lambda one: one.application,
    )
    for mark in marks:
        found = _pairs_by(mark, old, new)
        pairs += found
        old = [one for one in old if all(one is not paired for paired, _ in found)]
        new = [one for one in new if all(one is not paired for _, paired in found)]
    return pairs, old, new


def _pairs_by(
    mark: Callable[[Application], Hashable], old: Sequence[Application], new: Sequence[Application]
) -> list[Pair]:
    waiting = list(new)
    pairs: list[Pair] = []
    for one in old:
        other = next((each for each in waiting if mark(each) == mark(one)), None)
        if other is not None:
            waiting.remove(other)
            pairs.append((one, other))
    return pairs


def _compared(one: Application) -> ComparedApplication:
    return ComparedApplication(key=one.key, application=one.application, name=one.name)


def _flat(one: Application) -> Application:
    windows = tuple(window.model_copy(update={"stacking": None}) for window in one.windows)
    return one.model_copy(update={"windows": windows})


def _changed(one: Application, other: Application) -> ChangedApplication:
    differing = [name for name in COMPARED if getattr(_flat(one), name) != getattr(_flat(other), name)]
    return ChangedApplication(
        key=other.key, before_key=one.key, application=other.application, name=other.name, changes=differing
    )
