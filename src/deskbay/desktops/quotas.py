"""How much of one person, or of a group together, may run at once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops import allowances
from deskbay.desktops.allowances import Holding
from deskbay.desktops.models import Allowance, Desktop, State, Wanted
from deskbay.desktops.placing import Load
from deskbay.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class Most:
    """The most that may run at once; None is without limit. `whose` names a group that shares it."""

    desktops: float | None = None
    memory_mb: float | None = None
    cpus: float | None = None
    whose: str | None = None


def takes_part() -> ColumnElement[bool]:
    """Return what is true of a desktop that runs, or is to."""
    at_rest = Desktop.state.in_([State.STOPPED, State.FAILED])
    return Desktop.deleted_at.is_(None) & or_(Desktop.wanted == Wanted.RUNNING, ~at_rest)


async def refuse_more(db: AsyncSession, desktop: Desktop, default: int | None) -> None:
    """See that a desktop may run beside the others of its owner, who is locked, and of their groups.

    `default` is how many may where no rule says so. Raises Problem 409.
    """
    holding = await allowances.holding_for(db, desktop.owner.id, locked=True)
    _refuse(most_of_each(holding, default), desktop, await load_of(db, {desktop.owner.id}, desktop))
    for shared in holding.shared:
        people = await allowances.people_of(db, shared, desktop.owner.id)
        whose = shared.group.name if shared.group else None
        most = Most(shared.desktops, shared.memory_mb, shared.cpus, whose)
        _refuse(most, desktop, await load_of(db, people, desktop))


def most_of_each(holding: Holding, default: int | None) -> Most:
    """Return what one person may have: by their own rule, else by the most generous of their groups."""
    return Most(
        desktops=_first(_said(holding.own, "desktops"), _said(holding.of_each, "desktops"), [default]),
        memory_mb=_first(_said(holding.own, "memory_mb"), _said(holding.of_each, "memory_mb")),
        cpus=_first(_said(holding.own, "cpus"), _said(holding.of_each, "cpus")),
    )


def _said(rules: Iterable[Allowance], name: str) -> list[float | None]:
    return [value for rule in rules if (value := getattr(rule, name)) is not None]


def _first(*sources: Collection[float | None]) -> float | None:
    said = next((source for source in sources if source), [None])
    return max((one for one in said if one is not None), default=None)


async def load_of(db: AsyncSession, people: Collection[int], but: Desktop | None = None) -> Load:
    """Return what the desktops of people take that run, or are to, without one of them."""
    sums = select(func.count(), func.coalesce(func.sum(Desktop.memory_mb), 0), func.coalesce(func.sum(Desktop.cpus), 0))
    wanted = sums.where(Desktop.owner_id.in_(people), takes_part())
    if but is not None and but.id is not None:
        wanted = wanted.where(Desktop.id != but.id)
    number, memory_mb, cpus = (await db.execute(wanted)).one()
    return Load(number, int(memory_mb), float(cpus))


def _refuse(most: Most, desktop: Desktop, load: Load) -> None:
    for reason in _reasons(most, desktop, load):
        who = f"The group “{most.whose}” may have" if most.whose else "You may have"
        remedy = "Stop a desktop, or ask an administrator for more."
        raise Problem(HTTPStatus.CONFLICT, f"{who} {reason} {remedy}", kind="quota-reached")


def _reasons(most: Most, desktop: Desktop, load: Load) -> Iterator[str]:
    if most.desktops is not None and load.desktops + 1 > most.desktops:
        noun = "desktop" if most.desktops == 1 else "desktops"
        yield f"{most.desktops:g} {noun} running at once, and {load.desktops} would go on beside this one."
    if most.memory_mb is not None and load.memory_mb + desktop.memory_mb > most.memory_mb:
        memory_mb = load.memory_mb + desktop.memory_mb
        yield f"{most.memory_mb:g} MiB of memory in all that runs at once, and with this one it would be {memory_mb}."
    if most.cpus is not None and load.cpus + desktop.cpus > most.cpus:
        with_it = load.cpus + desktop.cpus
        yield f"{most.cpus:g} cores in all that runs at once, and with this one it would be {with_it:g}."
