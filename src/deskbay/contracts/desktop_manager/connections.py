"""Connections, which are desktops, and the ways into them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.access import Caller, Credential
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.visits import BaseUrl
from deskbay.contracts.changes import BusOfApp, follow
from deskbay.contracts.desktop_manager.admission import ManagerNeeds, ManagerNeedsBriefly
from deskbay.contracts.desktop_manager.errors import ERRORS, ErrorRoute, Refused
from deskbay.contracts.links import link_to
from deskbay.database import Database, DatabaseOfApp, Transaction
from deskbay.desktops import attachments, beginnings, mounting, service, templates
from deskbay.desktops.availability import AvailabilityOfApp
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.releases import LONGEST_NAME, desktop_in, release_of
from deskbay.gateway.guacamole.identifiers import identifiers_of
from deskbay.gateway.guacamole.service import dashboard, direct_connect
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.events import EventBus
from deskbay.kit.keys import Id, Key
from deskbay.kit.problems import Problem
from deskbay.settings import Settings, SettingsOfApp
from deskbay.volumes import service as volumes
from deskbay.volumes import shares
from deskbay.volumes.models import Attachment, Volume

router = APIRouter(
    prefix="/api/connections",
    tags=["desktop manager (contract)"],
    route_class=ErrorRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"desktop_manager_{route.name}",
)
Reader = Annotated[Caller, Depends(ManagerNeeds(Scope.DESKTOPS_READ))]
Writer = Annotated[Caller, Depends(ManagerNeeds(Scope.DESKTOPS_WRITE))]
WriterBriefly = Annotated[Caller, Depends(ManagerNeedsBriefly(Scope.DESKTOPS_WRITE))]
READY_SECONDS = 120
"""How long scaleup waits."""

Label = Annotated[
    str, StringConstraints(max_length=LONGEST_NAME, pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", to_lower=True)
]


class ScaleUp(BaseModel):
    name: Label
    persistent_home: bool = True
    desktop_configuration_id: Id | None = None
    external_pvc: str | None = None


class Named(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=253)]


class AttachPvcIn(BaseModel):
    connection_id: Key
    pvc_id: Key


class DetachPvcIn(BaseModel):
    connection_id: Key


class Connection(BaseModel):
    id: int
    name: str
    created_at: datetime
    created_by: str
    guacamole_connection_id: str | None
    persistent_home: bool
    is_stopped: bool
    desktop_configuration_id: int
    desktop_configuration_name: str
    external_pvc: str | None


class ConnectionAnswer(BaseModel):
    message: str = ""
    connection: Connection


class ConnectionList(BaseModel):
    connections: list[Connection]


class ScaledUp(BaseModel):
    """A desktop that was launched: each field of both generations."""

    name: str
    created_by: str
    is_stopped: bool
    persistent_home: bool
    desktop_configuration_id: int
    status: str
    external_pvc: str | None
    message: str
    connection: Connection


class Way(BaseModel):
    auth_url: str
    connection_id: int
    connection_name: str


class Dashboard(BaseModel):
    auth_url: str
    username: str


@router.post("/scaleup")
async def scale_up(  # noqa: PLR0917 - each is a part of the request
    given: ScaleUp,
    caller: WriterBriefly,
    database: DatabaseOfApp,
    bus: BusOfApp,
    clock: ClockOfApp,
    settings: SettingsOfApp,
    availability: AvailabilityOfApp,
) -> ScaledUp:
    """Launch a desktop, and wait for it up to two minutes. One that fails is taken back."""
    async with database.write() as db:
        wish = await _launch_wish(db, clock, caller, given)
        availability.require_way_to(wish.template)
        desktop = await launch(db, clock, caller.user, wish, service.Right.of(settings))
    status = await _wait_for(database, bus, desktop.id)
    async with database.read() as db:
        connection = (await _described(db, [desktop]))[0]
    return ScaledUp(
        **connection.model_dump(include=set(ScaledUp.model_fields)),
        status=status,
        message=f"Desktop {connection.name} is {status}",
        connection=connection,
    )


async def _launch_wish(db: AsyncSession, clock: Clock, caller: Caller, given: ScaleUp) -> LaunchWish:
    template = await _template(db, caller.rights, given.desktop_configuration_id)
    return LaunchWish(
        template,
        given.name,
        session=await beginnings.own_copy(db, clock, caller.user, template),
        volume=await _volume(db, caller.rights, given.external_pvc) if given.external_pvc else None,
        keeps_home=given.persistent_home,
    )


async def _wait_for(database: Database, bus: EventBus, desktop_id: int) -> str:
    try:
        async with asyncio.timeout(READY_SECONDS):
            async for desktop in follow(database, bus, desktop_id):
                if desktop.state is State.RUNNING:
                    return "ready"
                if desktop.wanted is not Wanted.RUNNING:
                    await _take_back(database, desktop)
    except TimeoutError:
        return "provisioning"
    raise Refused("The desktop was deleted while it started.")


async def _take_back(database: Database, failed: Desktop) -> None:
    async with database.write() as db:
        if desktop := await service.find_desktop(db, failed.id):
            service.delete_desktop(db, desktop)
    raise Refused(failed.reason or "The desktop could not be started.", HTTPStatus.INTERNAL_SERVER_ERROR)


async def _template(db: AsyncSession, rights: Rights, template_id: int | None) -> Template:
    if template_id is None:
        launchable = await templates.list_launchable(db, rights)
        if not launchable:
            raise Refused("There is no desktop configuration that you may launch. Ask an administrator for one.")
        return launchable[0]
    return await templates.get_launchable(db, rights, (await templates.get_visible(db, rights, template_id)).slug)


async def _volume(db: AsyncSession, rights: Rights, name: str) -> Volume:
    usable = select(Volume).where(Volume.deleted_at.is_(None), Volume.is_wanted, Volume.name == name)
    within_reach = await rights.within_reach(db, Scope.VOLUMES_WRITE, Volume.owner_id)
    usable = usable.where(or_(await shares.usable_by(db, rights.user), within_reach))
    volume: Volume | None = await db.scalar(
        usable.order_by(Volume.id.desc()).options(joinedload(Volume.owner)).limit(1)
    )
    if volume is None:
        raise Refused(f"There is no PVC “{name}”, or it is not shared with you.", HTTPStatus.NOT_FOUND)
    return volume


@router.post("/scaledown")
async def scale_down(given: Named, db: Transaction, caller: Writer) -> ConnectionAnswer:
    """Stop a desktop. One without a persistent home goes for good."""
    desktop = await _named(db, caller, given.name)
    if desktop.keeps_home:
        await service.stop_desktop(db, desktop, by=caller.user)
        done = "stopped"
    else:
        service.delete_desktop(db, desktop, by=caller.user)
        done = "deleted"
    return await _answer(db, desktop, f"Desktop {release_of(desktop)} {done}")


@router.post("/resume")
async def resume(
    given: Named, db: Transaction, caller: Writer, clock: ClockOfApp, settings: SettingsOfApp
) -> ConnectionAnswer:
    """Start a desktop again that is stopped: the same one, with its home and its volume."""
    desktop = await _stopped(db, caller, given.name, "resumed")
    await service.start_desktop(db, clock, desktop, right=service.Right.of(settings), by=caller.user)
    return await _answer(db, desktop, f"Desktop {release_of(desktop)} resumed")


@router.post("/permanent-delete")
async def delete(given: Named, db: Transaction, caller: Writer) -> ConnectionAnswer:
    """Delete a desktop that is stopped, for good."""
    desktop = await _stopped(db, caller, given.name, "deleted")
    answer = await _answer(db, desktop, f"Desktop {release_of(desktop)} deleted permanently")
    service.delete_desktop(db, desktop, by=caller.user)
    return answer


async def _stopped(db: AsyncSession, caller: Caller, name: str, done: str) -> Desktop:
    desktop = await _named(db, caller, name)
    if desktop.wanted is Wanted.RUNNING:
        raise Refused(f"Desktop {release_of(desktop)} must be stopped first, then it can be {done}.")
    return desktop


@router.get("/list")
async def list_connections(
    db: Transaction, caller: Reader, created_by: Annotated[str | None, Query(max_length=255)] = None
) -> ConnectionList:
    """List desktops, newest first: one's own, or everyone's for administrators."""
    conditions = [await caller.within_reach(db, Desktop.owner_id)]
    if created_by:
        owner = select(User.id).where(User.username_key == created_by.lower())
        conditions.append(Desktop.owner_id.in_(owner))
    return ConnectionList(connections=await _described(db, await service.desktops_where(db, *conditions)))


@router.get("/guacamole-dashboard")
async def show_dashboard(
    request: Request, caller: WriterBriefly, database: DatabaseOfApp, clock: ClockOfApp, base_url: BaseUrl
) -> Dashboard:
    """Tell where one's desktops are: in the Guacamole that is set, else on our own page, to which a link signs in."""
    async with database.read() as db:
        desktops = await service.desktops_where(db, Desktop.owner_id == caller.user.id)
    if _goes_by_guacamole(request, caller):
        url = await dashboard(request, caller.user, desktops)
    else:
        url = await _link(database, clock, caller, base_url, "/")
    return Dashboard(auth_url=url, username=caller.user.username)


@router.get("/direct-connect/{connection_id}")
async def connect(  # noqa: PLR0917 - each is a part of the request
    connection_id: Key,
    request: Request,
    caller: WriterBriefly,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    base_url: BaseUrl,
) -> Way:
    """Tell where a desktop is: in the Guacamole that is set and reaches it, else on our own page, signed in."""
    async with database.read() as db:
        desktop = await service.get_desktop(db, caller.rights, connection_id, caller.scope)
    url = await _in_guacamole(request, caller, desktop)
    url = url or await _link(database, clock, caller, base_url, f"/desktops/{desktop.id}")
    return Way(auth_url=url, connection_id=desktop.id, connection_name=release_of(desktop))


def _goes_by_guacamole(request: Request, caller: Caller) -> bool:
    """A token of the API, which may be narrow, opens neither a desktop nor the whole account."""
    settings: Settings = request.app.state.settings
    return settings.guacamole_url is not None and caller.credential is not Credential.TOKEN


async def _in_guacamole(request: Request, caller: Caller, desktop: Desktop) -> str | None:
    if not _goes_by_guacamole(request, caller):
        return None
    try:
        return await direct_connect(request, caller.user, desktop)
    except Problem as problem:
        if problem.kind in {"no-port", "no-guacamole", "recorded"}:
            return None
        raise


async def _link(database: Database, clock: Clock, caller: Caller, base_url: str, path: str) -> str:
    async with database.write() as db:
        return await link_to(db, clock, caller, base_url, path)


@router.get("/{name}")
async def get_connection(name: str, db: Transaction, caller: Reader) -> ConnectionAnswer:
    """Show a desktop."""
    return await _answer(db, await _named(db, caller, name), "")


@router.post("/attach-pvc")
async def attach_pvc(given: AttachPvcIn, db: Transaction, caller: Writer, clock: ClockOfApp) -> ConnectionAnswer:
    """Have a desktop have a volume at /storage. One that runs is started again with it; nothing is lost."""
    desktop = await service.get_desktop(db, caller.rights, given.connection_id)
    volume = await volumes.get_usable(db, caller.rights, given.pvc_id)
    await attachments.attach(db, clock, desktop, volume, by=caller.user, is_read_only=False)
    return await _answer(db, desktop, f"PVC {volume.name} attached to desktop {release_of(desktop)}")


@router.post("/detach-pvc")
async def detach_pvc(given: DetachPvcIn, db: Transaction, caller: Writer, clock: ClockOfApp) -> ConnectionAnswer:
    """Have a desktop have no volume at /storage any more. One that runs is started again; nothing is lost."""
    desktop = await service.get_desktop(db, caller.rights, given.connection_id)
    attached = await mounting.attached_to(db, desktop)
    if attached is None:
        raise Refused(f"Desktop {release_of(desktop)} has no PVC attached.")
    await attachments.detach(db, clock, desktop, attached.volume, by=caller.user)
    return await _answer(db, desktop, f"PVC {attached.volume.name} detached from desktop {release_of(desktop)}")


async def _named(db: AsyncSession, caller: Caller, name: str) -> Desktop:
    """Return the desktop of a release, or one's own newest that was launched under the name. Raises Problem 404."""
    if uuid := desktop_in(name):
        found = await service.desktops_where(db, Desktop.uuid == uuid)
    else:
        found = await service.desktops_where(db, Desktop.name == name, Desktop.owner_id == caller.user.id)
    if not found or not await service.may_use(db, caller.rights, found[0], caller.scope):
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no desktop {name}, or it is not yours.")
    return found[0]


async def _answer(db: AsyncSession, desktop: Desktop, message: str) -> ConnectionAnswer:
    return ConnectionAnswer(message=message, connection=(await _described(db, [desktop]))[0])


async def _described(db: AsyncSession, desktops: Sequence[Desktop]) -> list[Connection]:
    ids = [desktop.id for desktop in desktops]
    attached = select(Attachment.desktop_id, Volume.name).join(Volume, Volume.id == Attachment.volume_id)
    volume_names = dict((await db.execute(attached.where(Attachment.desktop_id.in_(ids)))).all())
    identifiers = await identifiers_of(db, ids)
    return [
        Connection(
            id=desktop.id,
            name=release_of(desktop),
            created_at=desktop.created_at,
            created_by=desktop.owner.username,
            guacamole_connection_id=identifiers.get(desktop.id),
            persistent_home=desktop.keeps_home,
            is_stopped=desktop.wanted is not Wanted.RUNNING,
            desktop_configuration_id=desktop.template.id,
            desktop_configuration_name=desktop.template.name,
            external_pvc=volume_names.get(desktop.id),
        )
        for desktop in desktops
    ]
