"""Volumes that every desktop of a template has, as administrators give them."""

from collections.abc import Collection
from http import HTTPStatus

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops.models import RuntimeRow, Template
from deskbay.desktops.mounting import given_to, path_of
from deskbay.kit.problems import Problem
from deskbay.volumes.models import TemplateVolume, Volume
from deskbay.volumes.schemas import GiftIn, GiftOut


async def give(db: AsyncSession, volume: Volume, wish: GiftIn) -> None:
    """Have every desktop of these templates, and of no others, have a volume when it starts next.

    Raises Problem 422 for a template that is not there, or whose desktops can't have it.
    """
    row = await db.get_one(RuntimeRow, volume.runtime_id)
    for template in await _templates(db, set(wish.template_ids)):
        await _refuse_unfit(db, template, volume, row)
    await db.execute(delete(TemplateVolume).where(TemplateVolume.volume_id == volume.id))
    db.add_all(
        TemplateVolume(template_id=key, volume_id=volume.id, is_read_only=wish.is_read_only)
        for key in sorted(set(wish.template_ids))
    )
    await db.flush()


async def describe(db: AsyncSession, volume: Volume) -> GiftOut:
    """Return the templates whose desktops have a volume."""
    given = (await db.scalars(select(TemplateVolume).where(TemplateVolume.volume_id == volume.id))).all()
    return GiftOut(
        template_ids=sorted(one.template_id for one in given),
        is_read_only=all(one.is_read_only for one in given),
        path=path_of(volume),
    )


async def _templates(db: AsyncSession, ids: Collection[int]) -> list[Template]:
    there = select(Template).where(Template.id.in_(ids), Template.deleted_at.is_(None)).order_by(Template.id)
    found = list(await db.scalars(there))
    if missing := set(ids) - {template.id for template in found}:
        what = f"There is no template {min(missing)}. GET /api/v1/templates/all lists them."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="unknown-template")
    return found


async def _refuse_unfit(db: AsyncSession, template: Template, volume: Volume, row: RuntimeRow) -> None:
    others = {one.volume for one in await given_to(db, template.id)} - {volume}
    if template.runtime != row.kind or any(other.runtime_id != row.id for other in others):
        what = f"“{volume.name}” lies on {row.slug}, and desktops of “{template.name}” can't all run there."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="other-runtime")
    if path_of(volume) in map(path_of, others):
        what = f"“{template.name}” gives another volume at {path_of(volume)}. Rename one of them first."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="path-taken")
