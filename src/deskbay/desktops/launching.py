"""Launching desktops: what somebody wishes for, and the rules on it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.desktops import history, mounting, placing, service, spares
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.service import UNLIMITED, Right
from deskbay.kit.clock import Clock
from deskbay.kit.names import numbered
from deskbay.kit.problems import Problem
from deskbay.sessions.models import Save, Session
from deskbay.volumes import service as volumes
from deskbay.volumes.models import Volume

LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Size:
    """The memory in MiB and the cores that somebody chose for a desktop; None where the template decides."""

    memory_mb: int | None = None
    cpus: float | None = None


DEFAULT_SIZE = Size()


@dataclass(frozen=True, slots=True)
class LaunchWish:
    """A desktop that somebody wishes for. Without a name it has its template's, and a number where that is taken.

    One that does not keep its home begins with an empty one, which is deleted with it. The same idempotency key gives
    the desktop that it gave before.
    """

    template: Template
    name: str | None = None
    size: Size = DEFAULT_SIZE
    session: Session | None = None
    save: Save | None = None
    volume: Volume | None = None
    keeps_home: bool = True
    sealed_password: str | None = None
    idempotency_key: str | None = None


async def launch(db: AsyncSession, clock: Clock, user: User, wish: LaunchWish, right: Right = UNLIMITED) -> Desktop:
    """Want a new desktop. A spare that is just like it becomes it.

    Raises Problem 409 when the user has as many as they may, or as run at once, or has no hours left; 422 for a size
    that the template does not have.
    """
    if wish.volume is not None:
        await volumes.lock(db, wish.volume)  # before people, as whoever lets it grow does
    await service.lock_owner(db, user)
    if wish.idempotency_key and (known := await _launched_before(db, user, wish.idempotency_key)):
        return known
    _refuse_size(wish.template, wish.size)
    name = await _name_for(db, user, wish, right)
    desktop = _new(wish, await db.get_one(User, user.id), name, clock.now())
    await service.refuse_over(db, clock, desktop, right)
    await _place(db, desktop, wish.volume)
    desktop.device = service.as_device(desktop, clock, desktop.uuid)
    db.add(desktop)
    await db.flush()
    if wish.volume is not None:
        await mounting.attach_at_launch(db, desktop, wish.volume)
    history.note(db, desktop, clock.now())
    service.tell_wish(db, desktop)
    return desktop


async def _launched_before(db: AsyncSession, user: User, key: str) -> Desktop | None:
    owned = select(Desktop).where(Desktop.owner_id == user.id, Desktop.idempotency_key == key)
    desktop: Desktop | None = await db.scalar(owned.options(*service.WHOLE))
    return desktop


def _refuse_size(template: Template, size: Size) -> None:
    memory_mb = (template.least_memory_mb, template.most_memory_mb)
    _refuse_outside(template, size.memory_mb, memory_mb, "MiB of memory")
    _refuse_outside(template, size.cpus, (template.least_cpus, template.most_cpus), "cores")


def _refuse_outside(template: Template, chosen: float | None, bounds: tuple[float, float], unit: str) -> None:
    least, most = bounds
    if chosen is not None and not least <= chosen <= most:
        what = f"“{template.name}” has {least:g} to {most:g} {unit}, not {chosen:g}. Choose something in between."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="size-not-offered")


async def _name_for(db: AsyncSession, user: User, wish: LaunchWish, right: Right) -> str:
    """Return what the desktop is called. Raises Problem 409 where the user has as many as they may."""
    names = await service.names_of(db, user)
    if right.desktops is not None and len(names) >= right.desktops:
        raise _limit_reached(right.desktops)
    return wish.name or next(name for name in numbered(wish.template.name, LONGEST_NAME) if name not in names)


def _limit_reached(limit: int) -> Problem:
    what = "1 desktop" if limit == 1 else f"{limit} desktops"
    detail = f"You may have {what}, and have as many. Delete one, or start one that is stopped."
    return Problem(HTTPStatus.CONFLICT, detail, kind="limit-reached")


def _new(wish: LaunchWish, owner: User, name: str, now: datetime) -> Desktop:
    template, size = wish.template, wish.size
    return Desktop(
        uuid=uuid4(),
        owner=owner,
        template=template,
        name=name,
        memory_mb=template.memory_mb if size.memory_mb is None else size.memory_mb,
        cpus=template.cpus if size.cpus is None else size.cpus,
        wanted=Wanted.RUNNING,
        state=State.PENDING,
        state_since=now,
        created_at=now,
        started_at=now,
        wanted_by_id=owner.id,
        session_id=wish.session.id if wish.session else None,
        save_id=wish.save.id if wish.save else None,
        keeps_home=wish.keeps_home,
        sealed_password=wish.sealed_password,
        idempotency_key=wish.idempotency_key,
    )


async def _place(db: AsyncSession, desktop: Desktop, volume: Volume | None) -> None:
    if volume is not None or not await spares.take(db, desktop):
        await placing.place(db, desktop, where=await mounting.places_for(db, desktop.template, volume))
