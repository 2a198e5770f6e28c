"""What of a team's hours is told: nothing of fewer people than may be shown, neither by itself nor by subtraction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from deskbay.activity.reports import Key


@dataclass(frozen=True, slots=True)
class Cell:
    """How long something was done in a piece of time, and by whom."""

    spent: timedelta
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """Hours that are told by themselves, and those of the rest together."""

    rows: Mapping[Key, timedelta]
    rest: timedelta

    @property
    def total(self) -> timedelta:
        return sum(self.rows.values(), self.rest)


NOTHING = Told({}, timedelta())


def tell(cells: Mapping[Key, Cell], least: int) -> Told:
    """Return what may be told of one piece of time where of fewer than `least` people nothing is.

    What is too small goes into the rest. Who subtracts what is told from the total has the rest: where that is of too
    few people, the smallest of what could be told goes into it, too. Of too few in all nothing is told.
    """
    if len(_people(cells.values())) < least:
        return NOTHING
    hidden = {key for key, cell in cells.items() if len(cell.people) < least}
    shown = sorted(cells.keys() - hidden, key=lambda key: (-cells[key].spent, str(key)))
    while hidden and len(_people(cells[key] for key in hidden)) < least:
        hidden.add(shown.pop())
    return Told({key: cells[key].spent for key in shown}, sum((cells[key].spent for key in hidden), timedelta()))


def added_up(weeks: Iterable[Told]) -> dict[Key, timedelta]:
    """Return the hours that are told by themselves in all pieces of time together, the most first."""
    spent: dict[Key, timedelta] = defaultdict(timedelta)
    for told in weeks:
        for key, length in told.rows.items():
            spent[key] += length
    return dict(sorted(spent.items(), key=lambda one: (-one[1], str(one[0]))))


def _people(cells: Iterable[Cell]) -> frozenset[int]:
    return frozenset[int]().union(*(cell.people for cell in cells))
