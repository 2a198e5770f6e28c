"""Where desktops are placed: on a runtime of the kind and with the labels that the template asks for, with room."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops.models import Desktop, RuntimeRow, Spare, State, Template, Wanted
from deskbay.kit.problems import Problem

LOCAL = "local"
PLAIN = "desktop"
"""A profile that is everywhere, if any is."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the desktops of a runtime take that run, are to, or are spare. Memory in MiB, processor time in cores."""

    desktops: int = 0
    memory_mb: int = 0
    cpus: float = 0.0


NO_LOAD = Load()


@dataclass(frozen=True, slots=True)
class Share:
    """What one desktop takes of a runtime."""

    memory_mb: int
    cpus: float


async def add_first_runtime(db: AsyncSession) -> None:
    """Where there is no runtime, make the local one, on which all desktops are that there may be."""
    if await db.scalar(select(RuntimeRow.id).limit(1)) is None:
        local = RuntimeRow(slug=LOCAL, kind=LOCAL)
        db.add(local)
        await db.flush()
        await db.execute(update(Desktop).where(Desktop.runtime_id.is_(None)).values(runtime_id=local.id))


async def candidates(db: AsyncSession, template: Template) -> Sequence[RuntimeRow]:
    """Return the runtimes that a template may be launched on, full or not, by age."""
    return [row for row in await _suited(db, template) if not row.is_drained]


async def _suited(db: AsyncSession, template: Template) -> Sequence[RuntimeRow]:
    rows = await db.scalars(select(RuntimeRow).where(RuntimeRow.kind == template.runtime).order_by(RuntimeRow.id))
    asked = set(json.loads(template.labels))
    return [row for row in rows if asked <= set(json.loads(row.labels))]


async def profiles_on(db: AsyncSession, row: RuntimeRow) -> Sequence[str]:
    """Return the profiles of templates that suit a runtime and are not disabled; the plain one where there are none."""
    templates = await db.scalars(select(Template).where(Template.runtime == row.kind, ~Template.is_disabled))
    labels = set(json.loads(row.labels))
    return sorted({one.profile for one in templates if set(json.loads(one.labels)) <= labels}) or [PLAIN]


async def none_for(db: AsyncSession, template: Template) -> str:
    """Say why a template has nowhere to go: all that suit it are drained, or there are none."""
    if drained := [row.slug for row in await _suited(db, template)]:
        what = f"Drained, and takes no desktops now: {', '.join(drained)}."
        return f"{what} An administrator lets it take desktops again, or adds another runtime."
    labels = json.loads(template.labels)
    what = f" with the label{'s' if labels[1:] else ''} {', '.join(labels)}" if labels else ""
    return f"There is no runtime of the kind “{template.runtime}”{what} that takes desktops. An administrator adds one."


async def place(db: AsyncSession, desktop: Desktop, where: Collection[int] = ()) -> None:
    """Give a new desktop the runtime with the most room, which nobody else takes until the transaction ends.

    `where` are the runtimes on which its volumes lie: it has to be on all of them. Raises Problem 409 when there is no
    runtime for it, or none with room.
    """
    rows = await candidates(db, desktop.template)
    if not rows:
        raise Problem(HTTPStatus.CONFLICT, await none_for(db, desktop.template), kind="no-runtime")
    rows = [row for row in rows if set(where) <= {row.id}]
    if not rows:
        what = f"A volume for it lies where no desktop made of “{desktop.template.name}” runs. Choose another one."
        raise Problem(HTTPStatus.CONFLICT, what, kind="other-runtime")
    share = Share(desktop.memory_mb, desktop.cpus)
    found = await roomiest(db, rows, share)
    while found is None and await _have_a_spare_ended(db, rows):
        found = await roomiest(db, rows, share)
    if found is None:
        raise _full(", ".join(row.slug for row in rows))
    desktop.runtime = found


async def roomiest(db: AsyncSession, rows: Sequence[RuntimeRow], share: Share) -> RuntimeRow | None:
    """Return the runtime with the most room, locked, which nobody else takes meanwhile; None if all are full."""
    locked = await _locked(db, [row.id for row in rows])
    loads = await loads_of(db)
    fitting = [row for row in locked if fits(row, loads.get(row.id, NO_LOAD), share)]
    return min(fitting, key=lambda row: _burden(row, loads.get(row.id, NO_LOAD)), default=None)


async def _have_a_spare_ended(db: AsyncSession, rows: Sequence[RuntimeRow]) -> bool:
    """Let the newest spare on runtimes give way to somebody's desktop. Returns False where there is none."""
    there = (Spare.runtime_id.in_([row.id for row in rows]), Spare.is_wanted)
    newest = select(Spare).where(*there).order_by(Spare.id.desc()).limit(1)
    spare: Spare | None = await db.scalar(newest.with_for_update(skip_locked=True))
    if spare is not None:
        spare.is_wanted = False
        await db.flush()
    return spare is not None


def _burden(row: RuntimeRow, load: Load) -> tuple[float, int]:
    return fill(row, load), load.desktops


async def make_room(db: AsyncSession, desktop: Desktop) -> None:
    """See that a desktop which is at rest may run again where it is. Raises Problem 409 when it may not."""
    if desktop.runtime_id is None:
        await place(db, desktop)
        return
    (row,) = await _locked(db, [desktop.runtime_id])
    if row.is_drained:
        what = f"The runtime {row.slug}, on which the desktop is, takes no desktops now. Start it later."
        raise Problem(HTTPStatus.CONFLICT, what, kind="runtime-drained")
    share = Share(desktop.memory_mb, desktop.cpus)
    while not fits(row, (await loads_of(db)).get(row.id, NO_LOAD), share):
        if not await _have_a_spare_ended(db, [row]):
            raise _full(row.slug)


async def _locked(db: AsyncSession, ids: Sequence[int]) -> Sequence[RuntimeRow]:
    """Return runtimes that nobody changes, or places a desktop on, until the transaction ends."""
    locked = select(RuntimeRow).where(RuntimeRow.id.in_(ids)).order_by(RuntimeRow.id).with_for_update()
    return (await db.scalars(locked)).all()


async def loads_of(db: AsyncSession) -> dict[int, Load]:
    """Return what each runtime carries, by its id; nothing for those that carry nothing."""
    at_rest = Desktop.state.in_([State.STOPPED, State.FAILED])
    running = (Desktop.deleted_at.is_(None), or_(Desktop.wanted == Wanted.RUNNING, ~at_rest))
    desktops = select(Desktop.runtime_id, Desktop.memory_mb, Desktop.cpus).where(*running)
    # In one question: what is launched meanwhile is a spare or a desktop, not neither.
    both = desktops.union_all(select(Spare.runtime_id, Spare.memory_mb, Spare.cpus).where(Spare.is_wanted)).subquery()
    sums = select(both.c.runtime_id, func.count(), func.sum(both.c.memory_mb), func.sum(both.c.cpus))
    rows = await db.execute(sums.group_by(both.c.runtime_id))
    return {runtime: Load(number, int(memory), float(cpus)) for runtime, number, memory, cpus in rows if runtime}


def fits(row: RuntimeRow, load: Load, share: Share) -> bool:
    """Whether a runtime that carries so much has room for one more desktop."""
    wanted = Load(load.desktops + 1, load.memory_mb + share.memory_mb, load.cpus + share.cpus)
    return fill(row, wanted) <= 1


def fill(row: RuntimeRow, load: Load) -> float:
    """How full a runtime is by what it has least of: 0 where it is empty or has no limit, 1 where it is full."""
    shares = ((load.desktops, row.desktops), (load.memory_mb, row.memory_mb), (load.cpus, row.cpus))
    return max((carried / limit for carried, limit in shares if limit), default=0.0)


def _full(names: str) -> Problem:
    what = f"There is no room for it just now on {names}. Stop a desktop, or try again later."
    return Problem(HTTPStatus.CONFLICT, what, kind="no-room")
