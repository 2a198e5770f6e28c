"""The rules on spares: desktops that are made before anybody launches them, so that whoever does has one at once.

A launch that wishes for just what a spare is takes it, in its own transaction: the new desktop has the spare's id and
its runtime. All else that a desktop may be is a launch from the beginning.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops import mounting, placing
from deskbay.desktops.models import Desktop, Spare, Template
from deskbay.desktops.runtimes.spares import SpareSpec

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
"""How long it waits before it tries again: twice as long each time."""
NO_ROOM = "There is no room for another spare desktop just now."


@dataclass(frozen=True, slots=True)
class Outlook:
    """What runtimes say: the ids of those that make spares, of those that give no answer, and spares that are gone."""

    makers: frozenset[int]
    silent: frozenset[int] = frozenset()
    lost: frozenset[UUID] = frozenset()


async def wish_for(db: AsyncSession, template: Template, memory_mb: int, cpus: float, uuid: UUID) -> SpareSpec | None:
    """Return the spare with which a desktop of that size may begin; None where its template can have none."""
    if template.image is None or template.port is not None:
        return None
    return SpareSpec(
        desktop=uuid,
        image=template.image,
        network=template.network,
        memory_mb=memory_mb,
        cpus=cpus,
        environment=json.loads(template.environment),
        volumes=tuple(await mounting.mounts_given(db, template.id)),
    )


async def take(db: AsyncSession, desktop: Desktop) -> bool:
    """Let a new desktop be a spare of its template, if one is just what it shall be. Nobody else gets that one."""
    template = desktop.template
    if not template.spares:
        return False
    wish = await wish_for(db, template, desktop.memory_mb, desktop.cpus, desktop.uuid)
    if wish is None:
        return False
    runtimes = {row.id: row for row in await placing.candidates(db, template)}
    alike = (Spare.template_id == template.id, Spare.recipe == wish.recipe, Spare.runtime_id.in_(runtimes))
    ready = select(Spare).where(*alike, Spare.is_wanted, Spare.is_ready).order_by(Spare.id).limit(1)
    spare: Spare | None = await db.scalar(ready.with_for_update(skip_locked=True))
    if spare is None:
        return False
    desktop.uuid, desktop.runtime = spare.uuid, runtimes[spare.runtime_id]
    await db.delete(spare)
    return True


async def refused(db: AsyncSession, template: Template, outlook: Outlook, now: datetime) -> list[Spare]:
    """Return the spares of a template that are not wanted: too many, unlike it, lost, or where nothing shall be."""
    kept = {spare.id for spare in await _kept(db, template, outlook, now)}
    return [spare for spare in await _all(db, template) if spare.id not in kept]


async def is_short(db: AsyncSession, template: Template, outlook: Outlook, now: datetime) -> bool:
    """Tell whether another spare is to be made now."""
    if template.spare_retry_at is not None and template.spare_retry_at > now:
        return False
    return len(await _kept(db, template, outlook, now)) < number_wanted(template)


def number_wanted(template: Template) -> int:
    return 0 if template.is_disabled or template.deleted_at else template.spares


async def _all(db: AsyncSession, template: Template) -> Sequence[Spare]:
    return (await db.scalars(select(Spare).where(Spare.template_id == template.id).order_by(Spare.id))).all()


async def _kept(db: AsyncSession, template: Template, outlook: Outlook, now: datetime) -> list[Spare]:
    wish = await wish_for(db, template, template.memory_mb, template.cpus, uuid4())
    places = {row.id for row in await placing.candidates(db, template)} & (outlook.makers | outlook.silent)
    good = [
        spare
        for spare in await _all(db, template)
        if wish is not None
        and spare.recipe == wish.recipe
        and spare.runtime_id in places
        and _lives(spare, outlook, now)
    ]
    return sorted(good, key=lambda spare: not spare.is_ready)[: number_wanted(template)]


def _lives(spare: Spare, outlook: Outlook, now: datetime) -> bool:
    """Tell whether a spare waits, or somebody is making it."""
    is_made = spare.is_ready or (spare.lease_until is not None and spare.lease_until > now)
    return spare.is_wanted and is_made and spare.uuid not in outlook.lost


async def add(
    db: AsyncSession, template: Template, outlook: Outlook, now: datetime, lease_until: datetime
) -> tuple[Spare, SpareSpec] | None:
    """Want another spare of a template, which is locked; None where there is no room for it."""
    wish = await wish_for(db, template, template.memory_mb, template.cpus, uuid4())
    where = await mounting.places_for(db, template, None)
    rows = [row for row in await placing.candidates(db, template) if row.id in outlook.makers and where <= {row.id}]
    row = await placing.roomiest(db, rows, placing.Share(template.memory_mb, template.cpus))
    if wish is None or row is None:
        return None
    spare = Spare(
        uuid=wish.desktop,
        template_id=template.id,
        runtime=row,
        recipe=wish.recipe,
        memory_mb=wish.memory_mb,
        cpus=wish.cpus,
        created_at=now,
        lease_until=lease_until,
    )
    db.add(spare)
    await db.flush()
    return spare, wish


async def why_no_room(db: AsyncSession, template: Template) -> str:
    """Say why there is not another spare of a template: its runtimes are full, drained, or not there."""
    return NO_ROOM if await placing.candidates(db, template) else await placing.none_for(db, template)


def note_trouble(template: Template, trouble: str, now: datetime) -> None:
    """Write down why there is not another spare, and wait before the next attempt."""
    pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(template.spare_failures, 10))
    template.spare_failures += 1
    template.spare_trouble, template.spare_retry_at = trouble, now + pause


def forget_trouble(template: Template) -> None:
    """Try at once, as if nothing had ever failed."""
    template.spare_failures, template.spare_trouble, template.spare_retry_at = 0, None, None


async def count_ready(db: AsyncSession) -> dict[int, int]:
    """Return how many spares wait of each template, by its id; none where there are none."""
    counted = select(Spare.template_id, func.count()).where(Spare.is_ready, Spare.is_wanted)
    return dict((await db.execute(counted.group_by(Spare.template_id))).all())
