"""Devices as they are seen, over HTTP."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from deskbay.accounts.access import PUBLIC
from deskbay.accounts.rights.scopes import Scope
from deskbay.activity.computers import DeviceFilter, describe_device, list_computers
from deskbay.activity.schemas import HeartbeatIn
from deskbay.database import Transaction
from deskbay.devices import service
from deskbay.devices.access import ByDevice
from deskbay.devices.models import Device
from deskbay.devices.routes import ManagedDevice, ReaderOfAll, WriterOfAll
from deskbay.devices.schemas import DeviceIn, DeviceList, DeviceOut, DeviceToken, EnrolIn
from deskbay.devices.tokens import issue_token, revoke_token
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["devices"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


async def _shown_device(device_id: Key, db: Transaction, _: ReaderOfAll) -> Device:
    return await service.get_device(db, device_id)


ShownDevice = Annotated[Device, Depends(_shown_device)]


@router.post("/heartbeat", status_code=HTTPStatus.NO_CONTENT)
async def heartbeat(
    given: HeartbeatIn,
    device_id: Annotated[int, Depends(ByDevice(Scope.DEVICES_WRITE))],
    db: Transaction,
    clock: ClockOfApp,
) -> None:
    """Tell that the device is on, and free."""
    device = await service.get_device(db, device_id)
    device.seen_at = clock.now()
    device.seen_until = clock.now() + timedelta(seconds=given.next_ping_seconds)


@router.get("/devices")
async def list_devices(
    db: Transaction, clock: ClockOfApp, _: ReaderOfAll, wanted: Annotated[DeviceFilter, Query()]
) -> DeviceList:
    """List the devices by name: all, or those that match."""
    devices, cursor, total = await list_computers(db, clock.now(), wanted)
    return DeviceList(items=devices, next_cursor=cursor, total=total)


@router.post("/devices", status_code=HTTPStatus.CREATED, responses=NOT_FOUND | CONFLICT)
async def create_device(wish: DeviceIn, db: Transaction, clock: ClockOfApp, _: WriterOfAll) -> DeviceToken:
    """Make a device. Its token is told once."""
    device = service.new_device(clock, wish.name)
    token = issue_token(device, clock)
    await service.save_device(db, device, wish)
    return DeviceToken(device=await describe_device(db, clock.now(), device), token=token)


@router.post("/devices/enrol", status_code=HTTPStatus.CREATED, responses=CONFLICT, dependencies=[PUBLIC])
async def enrol(given: EnrolIn, db: Transaction, clock: ClockOfApp) -> DeviceToken:
    """Enrol the computer that sends this, by a one-time code. Its token is told once."""
    device, token = await service.enrol(db, clock, given.code.get_secret_value(), given.name)
    return DeviceToken(device=await describe_device(db, clock.now(), device), token=token)


@router.get("/devices/{device_id}", responses=NOT_FOUND)
async def get_device(device: ShownDevice, db: Transaction, clock: ClockOfApp) -> DeviceOut:
    """Show a device."""
    return await describe_device(db, clock.now(), device)


@router.put("/devices/{device_id}", responses=NOT_FOUND | CONFLICT)
async def change_device(wish: DeviceIn, device: ManagedDevice, db: Transaction, clock: ClockOfApp) -> DeviceOut:
    """Rename a device or move it."""
    return await describe_device(db, clock.now(), await service.save_device(db, device, wish))


@router.post("/devices/{device_id}/token", status_code=HTTPStatus.CREATED, responses=NOT_FOUND)
async def rotate_token(device: ManagedDevice, db: Transaction, clock: ClockOfApp) -> DeviceToken:
    """Give a device a new token. The one that it had is refused from now on, at the latest in 5 seconds."""
    token = issue_token(device, clock)
    return DeviceToken(device=await describe_device(db, clock.now(), device), token=token)


@router.delete("/devices/{device_id}/token", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def revoke(device: ManagedDevice, clock: ClockOfApp) -> None:
    """Revoke a device's token: it is refused from now on, at the latest in 5 seconds."""
    revoke_token(device, clock)
