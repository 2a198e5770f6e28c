"""CloudDesk's API: personal working sessions. It only translates."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, BeforeValidator
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.rights.scopes import Scope
from deskbay.contracts.cloud_desk_accounts import DeskNeeds, FingerprintHeader
from deskbay.contracts.plain import ERRORS, PlainRoute, Refused
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.devices.models import Device, System
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.problems import Problem
from deskbay.sessions import devices, life, restores, saves, service
from deskbay.sessions.models import Session
from deskbay.sessions.routes import MessengerOfApp
from deskbay.sessions.schemas import ApplicationOut, Description, NameOrNone, UsagePeriod
from deskbay.settings import Settings, SettingsOfApp

router = APIRouter(
    tags=["CloudDesk (contract)"],
    route_class=PlainRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"cloud_desk_{route.name}",
)
SYSTEMS = {System.LINUX: "Linux", System.WINDOWS: "Windows", System.MACOS: "Darwin"}

NullIsNothing = BeforeValidator(lambda given: "" if given is None else given)
SaveUsage = Annotated[bool, Query(description="false: forget what was used since it was activated or saved")]


class ClientDevice(BaseModel):
    id: str
    mac_address: str | None
    os_name: str | None
    os_release: str | None
    os_release_ver: str | None
    architecture: str | None
    created_at: datetime


class ClientSessionIn(BaseModel):
    """Without a name a session is called by three random words."""

    name: NameOrNone = None
    description: Annotated[Description, NullIsNothing] = ""
    activate: bool = True
    enable_tracking: bool = True


class ClientSession(BaseModel):
    name: str
    description: str
    slugname: str
    is_active: bool
    is_tracking: bool
    created_at: datetime
    saved_at: datetime | None
    restored_at: datetime | None
    last_active_at: datetime | None


class AppState(BaseModel):
    name: str
    exe: str
    cmdline: list[str]
    is_active: bool
    usage_periods: list[UsagePeriod]
    total_seconds: int


READ = DeskNeeds(Scope.SESSIONS_READ, private=True)
WRITE = DeskNeeds(Scope.SESSIONS_WRITE, private=True)


@cache
def _device_of(needs: DeskNeeds) -> Callable[..., Coroutine[None, None, Device]]:
    async def device_of_call(
        caller: Annotated[Caller, Depends(needs)],
        database: DatabaseOfApp,
        clock: ClockOfApp,
        messenger: MessengerOfApp,
        fingerprint: FingerprintHeader = None,
    ) -> Device:
        """Return the device of a call. Before something changes it says what is open, while no transaction is."""
        async with database.read() as db:
            device = await devices.find_device(db, caller.user.id, caller.login_id, fingerprint)
        if device is None:
            async with database.write() as db:
                device = await devices.find_or_make_device(db, clock, caller.user, caller.login_id, fingerprint)
        if needs is WRITE:
            await messenger.ask_what_is_open(device.id)
        return device

    return device_of_call


def _session_of(needs: DeskNeeds) -> Callable[..., Coroutine[None, None, Session]]:
    async def session_of_path(
        slug: str,
        caller: Annotated[Caller, Depends(needs)],
        device: Annotated[Device, Depends(_device_of(needs))],
        db: Transaction,
    ) -> Session:
        session = await service.find_by_slug(db, caller.user.id, device.id, slug)
        if session is None:
            raise Refused(HTTPStatus.NOT_FOUND, "Session with the given name was not found")
        return session

    return session_of_path


def _active_of(needs: DeskNeeds) -> Callable[..., Coroutine[None, None, Session]]:
    async def active_session(
        caller: Annotated[Caller, Depends(needs)],
        device: Annotated[Device, Depends(_device_of(needs))],
        db: Transaction,
    ) -> Session:
        session = await life.active_session(db, device.id)
        if session is None or session.user_id != caller.user.id:
            raise Refused(HTTPStatus.NOT_FOUND, "No active sessions at the moment")
        return session

    return active_session


Reader = Annotated[Caller, Depends(READ)]
Writer = Annotated[Caller, Depends(WRITE)]
SeenDevice = Annotated[Device, Depends(_device_of(READ))]
UsedDevice = Annotated[Device, Depends(_device_of(WRITE))]
SeenSession = Annotated[Session, Depends(_session_of(READ))]
UsedSession = Annotated[Session, Depends(_session_of(WRITE))]
SeenActive = Annotated[Session, Depends(_active_of(READ))]
UsedActive = Annotated[Session, Depends(_active_of(WRITE))]


@router.get("/device", include_in_schema=False)
@router.get("/device/")
async def get_device(device: SeenDevice) -> ClientDevice:
    """Show the device of the call."""
    return ClientDevice(
        id=str(device.uuid),
        mac_address=device.mac_address,
        os_name=SYSTEMS[device.system] if device.system else None,
        os_release=device.system_release,
        os_release_ver=device.system_version,
        architecture=device.architecture,
        created_at=device.enrolled_at,
    )


@router.delete("/device", status_code=HTTPStatus.NO_CONTENT, include_in_schema=False)
@router.delete("/device/", status_code=HTTPStatus.NO_CONTENT)
async def delete_device(caller: Writer, device: UsedDevice, db: Transaction, clock: ClockOfApp) -> None:
    """Give the device up, with its applications and sessions."""
    await devices.give_up(db, clock, caller.user.id, await db.get_one(Device, device.id))


@router.get("/device/apps")
async def list_device_apps(caller: Reader, device: SeenDevice, db: Transaction) -> list[AppState]:
    """List the applications that were seen on the device, the open ones first."""
    return _apps(await saves.applications_on(db, caller.user.id, device.id))


@router.get("/session", include_in_schema=False)
@router.get("/session/")
async def list_own_sessions(caller: Reader, device: SeenDevice, db: Transaction) -> list[ClientSession]:
    """List the sessions on the device."""
    return [_shown(one) for one in await devices.sessions_on(db, caller.user.id, device.id)]


@router.delete("/session", status_code=HTTPStatus.NO_CONTENT, include_in_schema=False)
@router.delete("/session/", status_code=HTTPStatus.NO_CONTENT)
async def delete_own_sessions(caller: Writer, device: UsedDevice, db: Transaction, clock: ClockOfApp) -> None:
    """Put every session on the device into the trash."""
    for session in await devices.sessions_on(db, caller.user.id, device.id):
        await life.throw_away(db, clock, session)


@router.post("/session", status_code=HTTPStatus.CREATED, include_in_schema=False)
@router.post("/session/", status_code=HTTPStatus.CREATED)
async def create_own_session(
    wish: ClientSessionIn, caller: Writer, device: UsedDevice, db: Transaction, clock: ClockOfApp
) -> ClientSession:
    """Make a session. The active one ends, saved and with its usage."""
    with _saying_what_is_taken():
        return _shown(
            await life.begin_session(db, clock, caller.user.id, device.id, _new(wish), activate=wish.activate)
        )


@router.get("/session/{slug}")
async def get_own_session(session: SeenSession) -> ClientSession:
    """Show a session."""
    return _shown(session)


@router.delete("/session/{slug}", status_code=HTTPStatus.NO_CONTENT)
async def delete_own_session(session: UsedSession, db: Transaction, clock: ClockOfApp) -> None:
    """Put a session into the trash."""
    await life.throw_away(db, clock, session)


@router.get("/session/{slug}/apps")
async def list_apps(session: SeenSession, db: Transaction) -> list[AppState]:
    """List the applications of a session."""
    return _apps(await saves.applications_of(db, session))


@router.post("/session/{slug}/clone", status_code=HTTPStatus.CREATED)
async def clone_session(
    wish: ClientSessionIn, session: UsedSession, device: UsedDevice, db: Transaction, clock: ClockOfApp
) -> ClientSession:
    """Copy a session with its applications, and without usage."""
    return await _clone(db, clock, session, device, wish)


@router.post("/session/{slug}/activate")
async def activate_session(
    session: UsedSession, device: UsedDevice, db: Transaction, clock: ClockOfApp
) -> ClientSession:
    """Begin a session. The active one ends, saved and with its usage."""
    await life.activate(db, clock, session, device.id)
    return _shown(session)


@router.post("/session/{slug}/restore")
async def restore_own_session(
    session: UsedSession, device: UsedDevice, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp
) -> ClientSession:
    """Begin a session and start what was open in it. `/api/v1` tells how far each application is."""
    return await _restore(db, clock, session, device, settings)


@router.get("/active-session", include_in_schema=False)
@router.get("/active-session/")
async def get_active(session: SeenActive) -> ClientSession:
    """Show the active session."""
    return _shown(session)


@router.delete("/active-session", status_code=HTTPStatus.NO_CONTENT, include_in_schema=False)
@router.delete("/active-session/", status_code=HTTPStatus.NO_CONTENT)
async def delete_active(session: UsedActive, db: Transaction, clock: ClockOfApp) -> None:
    """End the active session, and put it into the trash."""
    await life.throw_away(db, clock, session)


@router.get("/active-session/apps")
async def list_active_apps(session: SeenActive, db: Transaction) -> list[AppState]:
    """List the applications of the active session."""
    return _apps(await saves.applications_of(db, session))


@router.post("/active-session/clone", status_code=HTTPStatus.CREATED)
async def clone_active(
    wish: ClientSessionIn, session: UsedActive, device: UsedDevice, db: Transaction, clock: ClockOfApp
) -> ClientSession:
    """Copy the active session. When the copy begins, the source is saved and ends first."""
    return await _clone(db, clock, session, device, wish)


@router.post("/active-session/save", status_code=HTTPStatus.CREATED)
async def save_active(session: UsedActive, db: Transaction, clock: ClockOfApp) -> ClientSession:
    """Save the active session."""
    await life.save(db, clock, session)
    return _shown(session)


@router.post("/active-session/enable-tracking", status_code=HTTPStatus.CREATED)
async def enable_tracking(session: UsedActive, db: Transaction, clock: ClockOfApp) -> ClientSession:
    """Count usage from now on."""
    await life.set_tracking(db, clock, session, enabled=True, save_usage=True)
    return _shown(session)


@router.post("/active-session/disable-tracking", status_code=HTTPStatus.CREATED)
async def disable_tracking(
    session: UsedActive, db: Transaction, clock: ClockOfApp, save_usage: SaveUsage = True
) -> ClientSession:
    """Count no more usage."""
    await life.set_tracking(db, clock, session, enabled=False, save_usage=save_usage)
    return _shown(session)


@router.post("/active-session/deactivate", status_code=HTTPStatus.CREATED)
async def deactivate_active(
    session: UsedActive, db: Transaction, clock: ClockOfApp, save_usage: SaveUsage = True
) -> ClientSession:
    """End the active session."""
    await life.deactivate(db, clock, session, save_usage=save_usage)
    return _shown(session)


@router.post("/active-session/restore", status_code=HTTPStatus.CREATED)
async def restore_active(
    session: UsedActive, device: UsedDevice, db: Transaction, clock: ClockOfApp, settings: SettingsOfApp
) -> ClientSession:
    """Start what was open in the active session when it was saved."""
    return await _restore(db, clock, session, device, settings)


@contextmanager
def _saying_what_is_taken() -> Iterator[None]:
    """Say in the contract's words that a name is taken."""
    try:
        yield
    except Problem as problem:
        if problem.kind != service.NAME_TAKEN:
            raise
        raise Refused(HTTPStatus.CONFLICT, "Session with the given name already exists") from problem


def _new(wish: ClientSessionIn) -> service.NewSession:
    return service.NewSession(wish.name, wish.description, is_tracking=wish.enable_tracking)


async def _clone(
    db: AsyncSession, clock: Clock, session: Session, device: Device, wish: ClientSessionIn
) -> ClientSession:
    place = {"user_id": session.user_id, "device_id": device.id}
    with _saying_what_is_taken():
        return _shown(await life.clone(db, clock, session, _new(wish), **place, activate=wish.activate))


async def _restore(
    db: AsyncSession, clock: Clock, session: Session, device: Device, settings: Settings
) -> ClientSession:
    patience = timedelta(seconds=settings.restore_seconds)
    await restores.begin_restore(db, clock, session, device.id, None, patience=patience)
    return _shown(session)


def _shown(session: Session) -> ClientSession:
    return ClientSession(
        name=session.name,
        description=session.description,
        slugname=session.slug,
        is_active=session.is_active,
        is_tracking=session.is_tracking,
        created_at=session.created_at,
        saved_at=session.saved_at,
        restored_at=session.restored_at,
        last_active_at=session.last_active_at,
    )


def _apps(applications: Sequence[ApplicationOut]) -> list[AppState]:
    return [
        AppState(
            name=one.name,
            exe=one.exe,
            cmdline=one.command,
            is_active=one.is_open,
            usage_periods=one.open_periods,
            total_seconds=int(one.open_seconds),
        )
        for one in applications
    ]
