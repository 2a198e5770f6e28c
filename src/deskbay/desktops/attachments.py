"""Volumes come into desktops and go again; what runs is started again around it, with its files as they were."""

from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.desktops import service
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.mounting import access_of, attached_to, refuse_unfit
from deskbay.desktops.runtimes.volumes import STORAGE
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.volumes import service as volumes
from deskbay.volumes import shares
from deskbay.volumes.models import Access, Attachment, TemplateVolume, Volume

STARTED = {State.STARTING, State.RUNNING}


async def attach(
    db: AsyncSession, clock: Clock, desktop: Desktop, volume: Volume, *, by: User, is_read_only: bool
) -> None:
    """Have a desktop have a volume at /storage; one that runs is started again with it.

    Raises Problem 409 when it can't be had there, or the desktop has another one.
    """
    await volumes.lock(db, volume)  # before desktops, as those do who share it
    await service.lock(db, desktop)
    await refuse_unfit(db, desktop, volume)
    known = await attached_to(db, desktop)
    if known and known.volume_id != volume.id:
        what = f"“{desktop.name}” has “{known.volume.name}” at {STORAGE}. Detach that first."
        raise Problem(HTTPStatus.CONFLICT, what, kind="has-another-volume")
    is_read_only = is_read_only or await access_of(db, desktop.owner, volume) is Access.READ
    if known is None:
        known = Attachment(desktop_id=desktop.id, volume_id=volume.id)
        db.add(known)
    elif known.is_read_only == is_read_only:
        return
    known.is_read_only = is_read_only
    await _start_again(db, clock, desktop, f"It is started again with “{volume.name}” at {STORAGE}.", by)
    await shares.announce(db, volume)


async def detach(db: AsyncSession, clock: Clock, desktop: Desktop, volume: Volume, *, by: User) -> None:
    """Have a desktop not have a volume any more; one that runs is started again without it."""
    await volumes.lock(db, volume)
    await service.lock(db, desktop)
    known = await attached_to(db, desktop)
    if known is None or known.volume_id != volume.id:
        return
    await db.delete(known)
    volume.measured_at = None
    await _start_again(db, clock, desktop, f"It is started again without “{volume.name}”.", by)
    await shares.announce(db, volume)


async def follow_shares(db: AsyncSession, clock: Clock, volume: Volume, *, by: User) -> None:
    """Take a volume, or the right to write, from the desktops of those with whom it is not shared so any more."""
    having = select(Desktop).join(Attachment, Attachment.desktop_id == Desktop.id)
    having = having.where(Attachment.volume_id == volume.id).order_by(Desktop.id).options(*service.WHOLE)
    desktops = (await db.scalars(having)).all()
    for desktop in desktops:
        await service.lock(db, desktop)
    for desktop in desktops:
        access = await access_of(db, desktop.owner, volume)
        if access is None:
            await detach(db, clock, desktop, volume, by=by)
        elif access is Access.READ:
            await attach(db, clock, desktop, volume, by=by, is_read_only=True)


async def refuse_in_use(db: AsyncSession, volume: Volume) -> None:
    """Raise Problem 409 while a desktop has a volume, be it stopped, or a template gives it to its desktops."""
    attached = await db.scalar(select(func.count()).where(Attachment.volume_id == volume.id))
    if attached:
        have = "1 desktop has" if attached == 1 else f"{attached} desktops have"
        raise _in_use(f"{have} “{volume.name}”. Detach it there first, then delete it.")
    given = select(Template.name).join(TemplateVolume, TemplateVolume.template_id == Template.id)
    given = given.where(TemplateVolume.volume_id == volume.id, Template.deleted_at.is_(None))
    if names := (await db.scalars(given)).all():
        raise _in_use(f"Desktops made of {', '.join(names)} have “{volume.name}”. Take it out of the template first.")


def _in_use(what: str) -> Problem:
    return Problem(HTTPStatus.CONFLICT, what, kind="volume-in-use")


async def _start_again(db: AsyncSession, clock: Clock, desktop: Desktop, reason: str, by: User) -> None:
    """Have what runs ended and launched anew. Its time goes on: nobody has a longer one by it."""
    await db.flush()
    if desktop.wanted is Wanted.RUNNING and desktop.state in STARTED:
        desktop.launch += 1
        desktop.wanted_by_id = by.id
        service.enter(db, desktop, State.STOPPING, reason, clock)
        service.tell_wish(db, desktop)
    else:
        service.announce(db, desktop)
