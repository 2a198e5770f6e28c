"""Volumes over HTTP."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.schemas import OwnerOut
from deskbay.database import Transaction
from deskbay.desktops import attachments, gifts, service
from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.pool import PoolOfApp
from deskbay.desktops.routes import SettingsOfApp
from deskbay.desktops.runtimes.volumes import VolumeStore
from deskbay.desktops.volume_descriptions import Describer, offered
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.paging import PageQuery
from deskbay.kit.problems import Problem, documented
from deskbay.volumes import service as volumes
from deskbay.volumes import shares
from deskbay.volumes.models import Volume
from deskbay.volumes.schemas import (
    AttachIn,
    GiftIn,
    GiftOut,
    GroupShareOut,
    PlaceList,
    PlaceOut,
    SharesIn,
    SharesOut,
    UserShareOut,
    VolumeChange,
    VolumeIn,
    VolumeList,
    VolumeOut,
)

router = APIRouter(prefix="/api/v1/volumes", tags=["volumes"], responses=documented(HTTPStatus.UNAUTHORIZED))
FORBIDDEN = documented(HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


Place = tuple[RuntimeRow, VolumeStore]


Reader = Annotated[Caller, Depends(Needs(Scope.VOLUMES_READ))]
Writer = Annotated[Caller, Depends(Needs(Scope.VOLUMES_WRITE))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.VOLUMES_READ, Reach.ALL))]
WriterOfAll = Annotated[Caller, Depends(Needs(Scope.VOLUMES_WRITE, Reach.ALL))]


async def _managed(volume_id: Key, db: Transaction, caller: Writer) -> Volume:
    return await volumes.get_managed(db, caller.rights, volume_id)


async def _usable(volume_id: Key, db: Transaction, caller: Writer) -> Volume:
    return await volumes.get_usable(db, caller.rights, volume_id)


async def _used_desktop(desktop_id: Key, db: Transaction, caller: Writer) -> Desktop:
    return await service.get_desktop(db, caller.rights, desktop_id)


async def _describer(db: Transaction, pool: PoolOfApp) -> Describer:
    return Describer(db, pool)


async def _places(db: Transaction, pool: PoolOfApp) -> list[Place]:
    rows = await db.scalars(select(RuntimeRow).where(RuntimeRow.is_drained.is_(False)).order_by(RuntimeRow.id))
    return [(row, store) for row in rows if (store := offered(pool, row))]


UsableVolume = Annotated[Volume, Depends(_usable)]
ManagedVolume = Annotated[Volume, Depends(_managed)]
UsedDesktop = Annotated[Desktop, Depends(_used_desktop)]
DescriberNow = Annotated[Describer, Depends(_describer)]
PlacesNow = Annotated[list[Place], Depends(_places)]


@router.get("", responses=FORBIDDEN)
async def list_volumes(
    db: Transaction,
    caller: Reader,
    describer: DescriberNow,
    page: PageQuery,
    everyones: Annotated[bool, Query(alias="all", description="Of everyone within your reach")] = False,
) -> VolumeList:
    """List your volumes and those that are shared with you, newest first."""
    found, cursor = await volumes.list_volumes(db, caller.rights, page, everyones=everyones)
    return VolumeList(items=await describer.all(caller.rights, found), next_cursor=cursor)


@router.get("/places")
async def list_places(db: Transaction, caller: Reader, places: PlacesNow, settings: SettingsOfApp) -> PlaceList:
    """List the runtimes on which volumes can be made, and how much is left for yours."""
    items = [PlaceOut(runtime=row.slug, is_size_enforced=store.enforces_size) for row, store in places]
    return PlaceList(items=items, free_mb=await volumes.free_mb(db, caller.user, settings.volumes_gb_per_user))


@router.post("", status_code=HTTPStatus.CREATED, responses=CONFLICT)
async def create_volume(  # noqa: PLR0917 - each is a part of the request
    wish: VolumeIn,
    caller: Writer,
    places: PlacesNow,
    clock: ClockOfApp,
    settings: SettingsOfApp,
    describer: DescriberNow,
    idempotency_key: Annotated[
        str | None, Header(max_length=255, description="The same key again gives the same volume, not another")
    ] = None,
) -> VolumeOut:
    """Make a volume. It is pending at first; `GET /api/v1/events` tells how it goes on."""
    row = _chosen([row for row, _ in places], wish.runtime)
    volume = await volumes.create_volume(
        describer.db,
        clock,
        caller.user,
        name=wish.name,
        size_mb=wish.size_mb,
        runtime_id=row.id,
        limit_gb=settings.volumes_gb_per_user,
        idempotency_key=idempotency_key,
    )
    return await describer.one(caller.rights, volume)


@router.get("/{volume_id}", responses=NOT_FOUND)
async def get_volume(volume_id: Key, db: Transaction, caller: Reader, describer: DescriberNow) -> VolumeOut:
    """Show a volume."""
    volume = await volumes.get_usable(db, caller.rights, volume_id)
    return await describer.one(caller.rights, volume)


@router.patch("/{volume_id}", responses=NOT_FOUND | FORBIDDEN | CONFLICT)
async def change_volume(  # noqa: PLR0917 - each is a part of the request
    wish: VolumeChange,
    volume: ManagedVolume,
    caller: Writer,
    db: Transaction,
    settings: SettingsOfApp,
    describer: DescriberNow,
) -> VolumeOut:
    """Give a volume another name, or let it grow. It never shrinks."""
    await volumes.change_volume(db, volume, wish, settings.volumes_gb_per_user)
    return await describer.one(caller.rights, volume)


@router.post("/{volume_id}/retry", responses=NOT_FOUND | FORBIDDEN)
async def retry_volume(volume: ManagedVolume, caller: Writer, db: Transaction, describer: DescriberNow) -> VolumeOut:
    """Try again now what failed about a volume."""
    await volumes.retry(db, volume)
    return await describer.one(caller.rights, volume)


@router.delete("/{volume_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND | FORBIDDEN | CONFLICT)
async def delete_volume(volume: ManagedVolume, db: Transaction) -> None:
    """Delete a volume for good, with all that is in it. 409 while a desktop has it, be it stopped."""
    await attachments.refuse_in_use(db, volume)
    await volumes.delete_volume(db, volume)


@router.get("/{volume_id}/shares", responses=NOT_FOUND | FORBIDDEN)
async def list_shares(volume_id: Key, caller: Reader, db: Transaction) -> SharesOut:
    """Show with whom a volume is shared."""
    volume = await volumes.get_managed(db, caller.rights, volume_id, Scope.VOLUMES_READ)
    return await _shares(db, volume)


@router.put("/{volume_id}/shares", responses=NOT_FOUND | FORBIDDEN)
async def share_volume(
    wish: SharesIn, volume: ManagedVolume, db: Transaction, caller: Writer, clock: ClockOfApp
) -> SharesOut:
    """Share a volume with these, and nobody else. Desktops of those who lose it are started again without it."""
    await shares.share(db, volume, wish)
    await attachments.follow_shares(db, clock, volume, by=caller.user)
    return await _shares(db, volume)


@router.get("/{volume_id}/templates", responses=NOT_FOUND | FORBIDDEN)
async def list_templates_with_volume(volume_id: Key, db: Transaction, caller: ReaderOfAll) -> GiftOut:
    """Show the templates whose desktops all have a volume."""
    volume = await volumes.get_managed(db, caller.rights, volume_id, Scope.VOLUMES_READ)
    return await gifts.describe(db, volume)


@router.put("/{volume_id}/templates", responses=NOT_FOUND | FORBIDDEN)
async def give_volume(wish: GiftIn, volume_id: Key, db: Transaction, caller: WriterOfAll) -> GiftOut:
    """Have every desktop of these templates, and of no others, have a volume when it starts next."""
    volume = await volumes.get_managed(db, caller.rights, volume_id)
    await gifts.give(db, volume, wish)
    return await gifts.describe(db, volume)


@router.put("/{volume_id}/desktops/{desktop_id}", responses=NOT_FOUND | CONFLICT)
async def attach_volume(  # noqa: PLR0917 - each is a part of the request
    volume: UsableVolume,
    desktop: UsedDesktop,
    caller: Writer,
    clock: ClockOfApp,
    describer: DescriberNow,
    wish: AttachIn | None = None,
) -> VolumeOut:
    """Have a desktop have a volume at /storage. One that runs is started again with it; its files stay."""
    is_read_only = wish is not None and wish.is_read_only
    await attachments.attach(describer.db, clock, desktop, volume, by=caller.user, is_read_only=is_read_only)
    return await describer.one(caller.rights, volume)


@router.delete("/{volume_id}/desktops/{desktop_id}", responses=NOT_FOUND)
async def detach_volume(
    volume: UsableVolume, desktop: UsedDesktop, caller: Writer, clock: ClockOfApp, describer: DescriberNow
) -> VolumeOut:
    """Have a desktop not have a volume any more. One that runs is started again without it; its files stay."""
    await attachments.detach(describer.db, clock, desktop, volume, by=caller.user)
    return await describer.one(caller.rights, volume)


def _chosen(rows: Sequence[RuntimeRow], slug: str | None) -> RuntimeRow:
    found = next((row for row in rows if slug in {None, row.slug}), None)
    if found is None:
        names = ", ".join(row.slug for row in rows)
        choose = f"Choose one of: {names}." if names else "An administrator adds one, or stops draining one."
        what = f"There is no runtime{f' “{slug}”' if slug else ''} that has room for volumes. {choose}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-place")
    return found


async def _shares(db: AsyncSession, volume: Volume) -> SharesOut:
    return SharesOut(
        everyone=volume.everyone,
        users=[
            UserShareOut(user=OwnerOut.model_validate(user), access=access)
            for user, access in await shares.shared_users(db, volume)
        ],
        groups=[
            GroupShareOut(group=GroupBrief.model_validate(group), access=access)
            for group, access in await shares.shared_groups(db, volume)
        ],
    )
