"""Volumes in desktops: what each has when it starts, and what a new one may have."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from slugify import slugify
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops.models import Desktop, RuntimeRow, Template
from deskbay.desktops.runtimes.volumes import SHARED, STORAGE, Mount
from deskbay.kit.problems import Problem
from deskbay.volumes import shares
from deskbay.volumes.models import Access, Attachment, TemplateVolume, Volume
from deskbay.volumes.schemas import VolumeBrief


async def mounts_of(db: AsyncSession, desktop: Desktop) -> tuple[Mount, ...]:
    """Return what a desktop has of volumes when it is started now: no more than its owner may have."""
    mounts = await mounts_given(db, desktop.template_id)
    attached = await attached_to(db, desktop)
    if attached and (access := await access_of(db, desktop.owner, attached.volume)):
        mounts.append(Mount(attached.volume.uuid, STORAGE, attached.is_read_only or access is Access.READ))
    return tuple(mounts)


async def mounts_given(db: AsyncSession, template_id: int) -> list[Mount]:
    """Return what every desktop of a template has of volumes when it is started now."""
    given = await given_to(db, template_id)
    return [Mount(one.volume.uuid, path_of(one.volume), one.is_read_only) for one in given]


def path_of(volume: Volume) -> str:
    """Return where the desktops of a template have one of its volumes."""
    return f"{SHARED}/{slugify(volume.name) or volume.id}"


async def attach_at_launch(db: AsyncSession, desktop: Desktop, volume: Volume) -> None:
    """Have a desktop that is launched now have a volume, which is locked. Raises Problem 409 when it can't."""
    await refuse_unfit(db, desktop, volume)
    is_read_only = await access_of(db, desktop.owner, volume) is Access.READ
    db.add(Attachment(desktop_id=desktop.id, volume_id=volume.id, is_read_only=is_read_only))
    await db.flush()
    await shares.announce(db, volume)


async def refuse_unfit(db: AsyncSession, desktop: Desktop, volume: Volume) -> None:
    """Raise Problem 409 when a desktop can't have a volume, or its owner may not."""
    if volume.made_mb is None:
        what = f"“{volume.name}” is not there yet. {volume.reason or 'Try again in a moment.'}"
        raise Problem(HTTPStatus.CONFLICT, what, kind="volume-not-ready")
    if desktop.runtime_id != volume.runtime_id:
        row = await db.get_one(RuntimeRow, volume.runtime_id)
        what = f"“{volume.name}” lies on {row.slug}, and “{desktop.name}” does not run there. Choose another one."
        raise Problem(HTTPStatus.CONFLICT, what, kind="other-runtime")
    if await access_of(db, desktop.owner, volume) is None:
        what = f"“{volume.name}” is not shared with {desktop.owner.username}, whose desktop it is. Share it first."
        raise Problem(HTTPStatus.CONFLICT, what, kind="not-shared")


async def places_for(db: AsyncSession, template: Template, volume: Volume | None) -> set[int]:
    """Return the ids of the runtimes where the volumes lie that a new desktop shall have; none is anywhere."""
    given = {one.volume.runtime_id for one in await given_to(db, template.id)}
    return given | ({volume.runtime_id} if volume else set())


async def describe(db: AsyncSession, desktops: Collection[Desktop]) -> dict[int, list[VolumeBrief]]:
    """Return the volumes of each of the desktops, by its id."""
    ids = [desktop.id for desktop in desktops]
    rows = select(Attachment).where(Attachment.desktop_id.in_(ids)).options(joinedload(Attachment.volume))
    attached = {row.desktop_id: [_brief(row, STORAGE)] for row in await db.scalars(rows)}
    given: dict[int, list[VolumeBrief]] = {}
    for one in await given_to(db, *{desktop.template_id for desktop in desktops}):
        given.setdefault(one.template_id, []).append(_brief(one, path_of(one.volume)))
    return {desktop.id: attached.get(desktop.id, []) + given.get(desktop.template_id, []) for desktop in desktops}


def _brief(had: Attachment | TemplateVolume, path: str) -> VolumeBrief:
    return VolumeBrief(id=had.volume.id, name=had.volume.name, path=path, is_read_only=had.is_read_only)


async def given_to(db: AsyncSession, *template_ids: int) -> Sequence[TemplateVolume]:
    """Return the volumes that every desktop of these templates has."""
    rows = select(TemplateVolume).where(TemplateVolume.template_id.in_(template_ids))
    return (await db.scalars(rows.options(joinedload(TemplateVolume.volume)))).all()


async def attached_to(db: AsyncSession, desktop: Desktop) -> Attachment | None:
    """Return what a desktop has at /storage."""
    row = select(Attachment).where(Attachment.desktop_id == desktop.id)
    known: Attachment | None = await db.scalar(row.options(joinedload(Attachment.volume).joinedload(Volume.owner)))
    return known


async def access_of(db: AsyncSession, user: User, volume: Volume) -> Access | None:
    """Return what a person may do with a volume; None when nothing."""
    return (await shares.accesses(db, Rights(user), [volume])).get(volume.id)


async def release(db: AsyncSession, desktop_id: int) -> None:
    """Have a desktop that is gone have no volume."""
    await db.execute(delete(Attachment).where(Attachment.desktop_id == desktop_id))
