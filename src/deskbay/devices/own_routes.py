"""A person's own devices over HTTP."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Scope
from deskbay.database import Transaction
from deskbay.devices import pairing
from deskbay.devices.channel import AgentChannel, ChannelOfApp
from deskbay.devices.models import Device
from deskbay.devices.schemas import CodeOut, OwnDevice, OwnDeviceList, Renamed
from deskbay.devices.tokens import revoke_token
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1/devices", tags=["devices"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)
Reader = Annotated[Caller, Depends(Needs(Scope.DEVICES_READ, private=True))]
Writer = Annotated[Caller, Depends(Needs(Scope.DEVICES_WRITE, private=True))]


async def _own_device(device_id: Key, db: Transaction, caller: Writer) -> Device:
    return await pairing.get_own_device(db, caller.user, device_id)


OwnDeviceOfPath = Annotated[Device, Depends(_own_device)]


@router.post("/pairing-codes", status_code=HTTPStatus.CREATED)
async def create_pairing_code(db: Transaction, clock: ClockOfApp, caller: Writer) -> CodeOut:
    """Make a code for `deskbay agent pair`: one computer, once, within 15 minutes. Your earlier code is void."""
    code, expires_at = await pairing.create_pairing_code(db, clock, caller.user)
    return CodeOut(code=code, expires_at=expires_at)


@router.get("/mine")
async def list_own_devices(db: Transaction, caller: Reader, channel: ChannelOfApp) -> OwnDeviceList:
    """List your own devices, oldest first: what you paired, and the desktops that you launched."""
    return OwnDeviceList(items=await _shown(db, channel, await pairing.list_own_devices(db, caller.user)))


@router.patch("/mine/{device_id}", responses=NOT_FOUND | CONFLICT)
async def rename_own_device(
    wish: Renamed, device: OwnDeviceOfPath, db: Transaction, channel: ChannelOfApp
) -> OwnDevice:
    """Rename a device of yours."""
    await pairing.rename(db, device, wish.name)
    return (await _shown(db, channel, [device]))[0]


@router.delete("/mine/{device_id}/token", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def revoke_own_device(device: OwnDeviceOfPath, clock: ClockOfApp) -> None:
    """Revoke a device of yours: its agent stops, at the latest in 5 seconds. What it reported stays."""
    revoke_token(device, clock)


async def _shown(db: AsyncSession, channel: AgentChannel, devices: Sequence[Device]) -> list[OwnDevice]:
    connected = await channel.connected_anywhere(db, [device.id for device in devices])
    return [
        OwnDevice.model_validate(device).model_copy(update={"connected": device.id in connected}) for device in devices
    ]
