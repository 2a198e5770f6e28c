"""The rules on volumes. A request only says what is wanted; the keeper makes it so."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Needs, right_missing
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.kit.clock import Clock
from deskbay.kit.paging import Page, cut
from deskbay.kit.problems import Problem
from deskbay.volumes import shares
from deskbay.volumes.models import Volume
from deskbay.volumes.schemas import VolumeChange

MB_OF_A_GB = 1024


def _there() -> Select[Volume]:
    return select(Volume).where(Volume.deleted_at.is_(None)).options(joinedload(Volume.owner))


async def list_volumes(
    db: AsyncSession, rights: Rights, page: Page, *, everyones: bool
) -> tuple[Sequence[Volume], int | None]:
    """Return a page of volumes, newest first, and the cursor of the next page: one's own, and those that are shared
    with one; of everyone's all that are within reach, too.

    Raises Problem 403 when someone who reaches nobody else's asks for everyone's.
    """
    if everyones and not await rights.include(db, Scope.VOLUMES_READ, Reach.GROUP):
        raise right_missing(Needs(Scope.VOLUMES_READ, Reach.GROUP))
    usable = await shares.usable_by(db, rights.user)
    if everyones:
        usable = or_(usable, await rights.within_reach(db, Scope.VOLUMES_READ, Volume.owner_id))
    wanted = _there().where(usable).order_by(Volume.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        wanted = wanted.where(Volume.id < page.cursor)
    return cut((await db.scalars(wanted)).all(), page.limit)


async def get_usable(db: AsyncSession, rights: Rights, volume_id: int) -> Volume:
    """Return a volume that a person may use. Raises Problem 404, also for one that is out of their reach."""
    volume: Volume | None = await db.scalar(_there().where(Volume.id == volume_id))
    if volume is None or not await shares.accesses(db, rights, [volume]):
        raise _no_volume(volume_id)
    return volume


async def get_managed(db: AsyncSession, rights: Rights, volume_id: int, scope: Scope = Scope.VOLUMES_WRITE) -> Volume:
    """Return a volume that a person may share, grow and delete, which nobody else changes until the transaction ends;
    or may see all of, by a right to read.

    Raises Problem 404, and 403 for one that is only shared with them.
    """
    volume = await get_usable(db, rights, volume_id)
    if not await shares.within_reach(db, rights, scope, [volume]):
        what = f"“{volume.name}” is {volume.owner.username}’s, who shares it with you. Ask them to change it."
        raise Problem(HTTPStatus.FORBIDDEN, what, kind="not-yours")
    await lock(db, volume)
    return volume


async def lock(db: AsyncSession, volume: Volume) -> None:
    """See that nobody else changes a volume, or attaches it, until the transaction ends."""
    await db.refresh(volume, ["size_mb", "made_mb", "is_wanted", "deleted_at"], with_for_update=True)
    if not volume.is_wanted or volume.deleted_at:
        raise _no_volume(volume.id)


def _no_volume(volume_id: int) -> Problem:
    what = f"There is no volume {volume_id}, or it is not shared with you. GET /api/v1/volumes lists yours."
    return Problem(HTTPStatus.NOT_FOUND, what, kind="unknown-volume")


async def create_volume(
    db: AsyncSession,
    clock: Clock,
    user: User,
    *,
    name: str,
    size_mb: int,
    runtime_id: int,
    limit_gb: int | None,
    idempotency_key: str | None = None,
) -> Volume:
    """Want a new volume. Raises Problem 409 when its name is taken, or the person's volumes would become too large.

    The same idempotency key gives the volume that it gave before.
    """
    await _lock_owner(db, user)
    if idempotency_key and (known := await _made_before(db, user, idempotency_key)):
        return known
    await _refuse_taken(db, user, name)
    await _refuse_too_much(db, user, size_mb, limit_gb)
    volume = Volume(
        uuid=uuid4(),
        owner=await db.get_one(User, user.id),
        runtime_id=runtime_id,
        name=name,
        size_mb=size_mb,
        created_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    db.add(volume)
    await db.flush()
    await shares.announce(db, volume)
    return volume


async def change_volume(db: AsyncSession, volume: Volume, wish: VolumeChange, limit_gb: int | None) -> None:
    """Give a volume another name, or let it grow. Raises Problem 409 as `create_volume`, 422 for a smaller size."""
    await _lock_owner(db, volume.owner)
    if wish.name is not None and wish.name != volume.name:
        await _refuse_taken(db, volume.owner, wish.name)
        volume.name = wish.name
    if wish.size_mb is not None:
        await _grow(db, volume, wish.size_mb, limit_gb)
    await shares.announce(db, volume)


async def _grow(db: AsyncSession, volume: Volume, size_mb: int, limit_gb: int | None) -> None:
    if size_mb < volume.size_mb:
        what = f"“{volume.name}” has {volume.size_mb} MiB, and volumes do not shrink. Make another one."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="smaller")
    await _refuse_too_much(db, volume.owner, size_mb - volume.size_mb, limit_gb)
    volume.size_mb = size_mb
    volume.reason = volume.retry_at = None


async def retry(db: AsyncSession, volume: Volume) -> None:
    """Have what failed tried again now."""
    volume.reason = volume.retry_at = None
    await shares.announce(db, volume)


async def delete_volume(db: AsyncSession, volume: Volume) -> None:
    """Want a volume to be gone, with all that is in it. Whoever calls has seen that nobody uses it."""
    volume.is_wanted = False
    volume.reason = volume.retry_at = None
    await shares.announce(db, volume)


async def free_mb(db: AsyncSession, user: User, limit_gb: int | None) -> int | None:
    """Return how much larger a person's volumes may become in all, in MiB; None without a limit."""
    if limit_gb is None:
        return None
    owned = (Volume.owner_id == user.id, Volume.deleted_at.is_(None))
    taken = await db.scalar(select(func.coalesce(func.sum(Volume.size_mb), 0)).where(*owned))
    return max(limit_gb * MB_OF_A_GB - int(taken or 0), 0)


async def _refuse_too_much(db: AsyncSession, user: User, more_mb: int, limit_gb: int | None) -> None:
    free = await free_mb(db, user, limit_gb)
    if free is not None and more_mb > free:
        what = f"Your volumes may have {limit_gb} GiB in all: {free} MiB are left. Choose less, or delete one."
        raise Problem(HTTPStatus.CONFLICT, what, kind="limit-reached")


async def _refuse_taken(db: AsyncSession, user: User, name: str) -> None:
    named = (Volume.owner_id == user.id, Volume.name == name, Volume.deleted_at.is_(None))
    if await db.scalar(select(Volume.id).where(*named)):
        what = f"There is a volume “{name}” of {user.username}’s already. Choose another name."
        raise Problem(HTTPStatus.CONFLICT, what, kind="name-taken")


async def _lock_owner(db: AsyncSession, user: User) -> None:
    await db.execute(select(User.id).where(User.id == user.id).with_for_update())


async def _made_before(db: AsyncSession, user: User, key: str) -> Volume | None:
    known = select(Volume).where(Volume.owner_id == user.id, Volume.idempotency_key == key)
    volume: Volume | None = await db.scalar(known.options(joinedload(Volume.owner)))
    return volume
