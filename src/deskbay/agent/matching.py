"""Which open window is which wished one. Pure functions."""

from collections.abc import Mapping, Sequence

from deskbay.agent.shapes import Window


def by_contents(open_: Mapping[int, Sequence[str]], wished: Mapping[int, Window]) -> dict[int, int]:
    """From the index of a wished window to the open window that shows all that it showed; each is used once.

    A window that shows nothing more than that is taken before one that shows other things too.
    """
    found: dict[int, int] = {}
    for index, window in wished.items():
        wanted = set(window.contents)
        free = [id_ for id_, shown in open_.items() if id_ not in found.values() and wanted <= set(shown)]
        if wanted and free:
            found[index] = min(free, key=lambda id_: len(open_[id_]))
    return found


def rearranged(
    taken: Mapping[int, int], open_: Mapping[int, Sequence[str]], wished: Mapping[int, Window]
) -> dict[int, int]:
    """Windows that were taken for one another, put right once it is known what they show; the others stay."""
    sure = by_contents(
        {id_: open_[id_] for id_ in taken.values() if id_ in open_}, {index: wished[index] for index in taken}
    )
    unsure = [index for index in taken if index not in sure]
    left = [id_ for id_ in taken.values() if id_ not in sure.values()]
    kept = {index: taken[index] for index in unsure if taken[index] in left}
    rest = iter([id_ for id_ in left if id_ not in kept.values()])
    return sure | {index: kept[index] if index in kept else next(rest) for index in unsure}
