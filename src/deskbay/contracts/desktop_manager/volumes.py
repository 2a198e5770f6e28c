"""Storage PVCs, which are volumes."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Caller
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.contracts.desktop_manager.admission import ManagerNeeds
from deskbay.contracts.desktop_manager.answers import Message
from deskbay.contracts.desktop_manager.errors import ERRORS, ErrorRoute, Refused
from deskbay.contracts.desktop_manager.people import UserBrief, Users, ids_of
from deskbay.contracts.desktop_manager.quantities import Quantity, megabytes
from deskbay.database import Transaction
from deskbay.desktops import attachments
from deskbay.desktops.models import Desktop, RuntimeRow, Wanted
from deskbay.desktops.placing import LOCAL
from deskbay.desktops.pool import PoolOfApp
from deskbay.desktops.volume_descriptions import offered
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.paging import Page
from deskbay.kit.problems import Problem
from deskbay.settings import SettingsOfApp
from deskbay.volumes import service, shares
from deskbay.volumes.models import Access, Attachment, Volume, VolumeState
from deskbay.volumes.schemas import GroupShareIn, SharesIn, UserShareIn, VolumeIn

router = APIRouter(
    prefix="/api/storage-pvcs",
    tags=["desktop manager (contract)"],
    route_class=ErrorRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"desktop_manager_{route.name}",
)
PHASES = {VolumeState.READY: "Bound", VolumeState.FAILED: "Lost", VolumeState.DELETING: "Terminating"}
PENDING = "Pending"
IN_USE = "Cannot delete PVC that is in use by one or more connections"


class PvcIn(BaseModel):
    name: str
    size: Quantity = "10Gi"
    is_public: bool = False


class Pvc(BaseModel):
    id: int
    name: str
    namespace: str
    size: str
    is_public: bool
    created_at: datetime
    created_by: str
    status: str
    last_updated: datetime


class PvcAnswer(BaseModel):
    message: str = ""
    pvc: Pvc


class PvcList(BaseModel):
    pvcs: list[Pvc]


class AccessIn(BaseModel):
    is_public: bool = False
    allowed_users: list[str] = []


class PvcUse(BaseModel):
    id: int
    name: str
    created_by: str
    is_stopped: bool


class PvcUses(BaseModel):
    connections: list[PvcUse]


Reader = Annotated[Caller, Depends(ManagerNeeds(Scope.VOLUMES_READ))]
ReaderOfAll = Annotated[Caller, Depends(ManagerNeeds(Scope.VOLUMES_READ, Reach.ALL))]
Writer = Annotated[Caller, Depends(ManagerNeeds(Scope.VOLUMES_WRITE, Reach.ALL))]


async def _known(pvc_id: Key, db: Transaction, caller: ReaderOfAll) -> Volume:
    return await service.get_managed(db, caller.rights, pvc_id, caller.scope)


async def _managed(pvc_id: Key, db: Transaction, caller: Writer) -> Volume:
    return await service.get_managed(db, caller.rights, pvc_id)


KnownVolume = Annotated[Volume, Depends(_known)]
ManagedVolume = Annotated[Volume, Depends(_managed)]


@router.get("/list")
async def list_pvcs(db: Transaction, caller: Reader) -> PvcList:
    """List the volumes that one may use, newest first; administrators see all."""
    found: list[Volume] = []
    page, everyones = Page(), await caller.rights.include(db, caller.scope, Reach.GROUP)
    while True:
        part, cursor = await service.list_volumes(db, caller.rights, page, everyones=everyones)
        found += part
        if cursor is None:
            return PvcList(pvcs=await _described(db, found))
        page = Page(cursor=cursor)


@router.post("/create", status_code=HTTPStatus.CREATED)
async def create_pvc(  # noqa: PLR0917 - each is a part of the request
    given: PvcIn,
    db: Transaction,
    caller: Writer,
    pool: PoolOfApp,
    clock: ClockOfApp,
    settings: SettingsOfApp,
) -> PvcAnswer:
    """Make a volume, where desktops of images run if any do."""
    rows = await db.scalars(select(RuntimeRow).where(RuntimeRow.is_drained.is_(False)).order_by(RuntimeRow.id))
    places = sorted((row for row in rows if offered(pool, row)), key=lambda row: row.kind == LOCAL)
    if not places:
        raise Refused("There is no runtime that keeps volumes. Add one on the page Runtimes, then try again.")
    wish = VolumeIn(name=given.name, size_mb=megabytes(given.size))
    volume = await service.create_volume(
        db,
        clock,
        caller.user,
        name=wish.name,
        size_mb=wish.size_mb,
        runtime_id=places[0].id,
        limit_gb=settings.volumes_gb_per_user,
    )
    await _share(db, volume, AccessIn(is_public=given.is_public))
    return await _answer(db, volume, "PVC created successfully")


@router.get("/{pvc_id}")
async def get_pvc(volume: KnownVolume, db: Transaction) -> PvcAnswer:
    """Show a volume."""
    return await _answer(db, volume, "")


@router.delete("/{pvc_id}")
async def delete_pvc(volume: ManagedVolume, db: Transaction) -> Message:
    """Delete a volume that no desktop has, with all that is in it."""
    try:
        await attachments.refuse_in_use(db, volume)
    except Problem as problem:
        raise Refused(IN_USE) from problem
    await service.delete_volume(db, volume)
    return Message(message="PVC deleted successfully")


@router.get("/{pvc_id}/access")
async def list_users_of_pvc(volume: KnownVolume, db: Transaction) -> Users:
    """List with whom a volume is shared."""
    users = await shares.shared_users(db, volume)
    return Users(users=[UserBrief.model_validate(user) for user, _ in users])


@router.post("/{pvc_id}/access")
async def share_pvc(
    given: AccessIn, volume: ManagedVolume, db: Transaction, caller: Writer, clock: ClockOfApp
) -> PvcAnswer:
    """Share a volume with everyone or these. Desktops of those who lose it are started again without it."""
    await ids_of(db, given.allowed_users)
    await _share(db, volume, given)
    await attachments.follow_shares(db, clock, volume, by=caller.user)
    return await _answer(db, volume, "PVC access updated successfully")


@router.get("/connections/{pvc_id}")
async def list_connections_of_pvc(volume: KnownVolume, db: Transaction) -> PvcUses:
    """List the desktops that have a volume."""
    having = select(Desktop).join(Attachment, Attachment.desktop_id == Desktop.id)
    having = having.where(Attachment.volume_id == volume.id).order_by(Desktop.id.desc())
    desktops = await db.scalars(having.options(joinedload(Desktop.owner)))
    return PvcUses(
        connections=[
            PvcUse(
                id=desktop.id,
                name=desktop.name,
                created_by=desktop.owner.username,
                is_stopped=desktop.wanted is not Wanted.RUNNING,
            )
            for desktop in desktops
        ]
    )


async def _share(db: AsyncSession, volume: Volume, wish: AccessIn) -> None:
    """Share a volume with everyone or these; the groups with which it is shared, which this API does not know, stay."""
    users = [UserShareIn(username=username, access=Access.WRITE) for username in wish.allowed_users]
    groups = [
        GroupShareIn(group_id=group.id, access=access) for group, access in await shares.shared_groups(db, volume)
    ]
    everyone = Access.WRITE if wish.is_public else None
    await shares.share(db, volume, SharesIn(everyone=everyone, users=users, groups=groups))


async def _answer(db: AsyncSession, volume: Volume, message: str) -> PvcAnswer:
    return PvcAnswer(message=message, pvc=(await _described(db, [volume]))[0])


async def _described(db: AsyncSession, found: Sequence[Volume]) -> list[Pvc]:
    ids = {volume.runtime_id for volume in found}
    rows = {row.id: row.slug for row in await db.scalars(select(RuntimeRow).where(RuntimeRow.id.in_(ids)))}
    return [
        Pvc(
            id=volume.id,
            name=volume.name,
            namespace=rows[volume.runtime_id],
            size=f"{volume.size_mb}Mi" if volume.size_mb % 1024 else f"{volume.size_mb // 1024}Gi",
            is_public=volume.everyone is not None,
            created_at=volume.created_at,
            created_by=volume.owner.username,
            status=PHASES.get(volume.state, PENDING),
            last_updated=volume.measured_at or volume.created_at,
        )
        for volume in found
    ]
