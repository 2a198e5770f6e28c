"""Devices as they are seen: with what they are now, and when they last reported."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.models import User
from deskbay.accounts.schemas import OwnerOut
from deskbay.activity.seats import latest_sign_ins, state_at
from deskbay.activity.sign_ins import last_seen
from deskbay.devices.models import Device
from deskbay.devices.schemas import DeviceOut, RoomOut, SeatState
from deskbay.kit.keys import LARGEST_KEY
from deskbay.kit.paging import Page, cut


class DeviceFilter(Page):
    """Which devices are wanted, and which part of them."""

    search: Annotated[str, Field(max_length=200, description="Words that are all in the name")] = ""
    room_id: Annotated[int | None, Field(ge=1, le=LARGEST_KEY)] = None
    state: Annotated[SeatState | None, Field(description="What they are now")] = None
    unplaced: Annotated[bool, Field(description="Only those without a place in a room's grid")] = False
    owner: Annotated[str | None, Field(max_length=64, description="Only this person's own, by user name")] = None
    shared: Annotated[bool, Field(description="Only those that are nobody's own")] = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        # Of desktops that were deleted, and of what people gave up, only the activity stays.
        yield Device.owner_id.is_(None) | Device.token_digest.is_not(None)
        for word in self.search.lower().split():
            yield Device.name_key.contains(word, autoescape=True)
        if self.room_id is not None:
            yield Device.room_id == self.room_id
        if self.unplaced:
            yield Device.row.is_(None)
        if self.owner is not None:
            yield Device.owner_id.in_(select(User.id).where(User.username_key == self.owner.lower()))
        if self.shared:
            yield Device.owner_id.is_(None)


async def list_computers(
    db: AsyncSession, now: datetime, wanted: DeviceFilter
) -> tuple[list[DeviceOut], int | None, int]:
    """Return a page of devices by name, the cursor of the next page, and how many match in all."""
    conditions = [*wanted.conditions()]
    outer = [state_at(now) == wanted.state.value] if wanted.state else []
    count = latest_sign_ins(select(func.count()), now, *conditions).where(*outer)
    page = latest_sign_ins(select(Device, state_at(now)), now, *conditions).where(*outer)
    if wanted.cursor is not None:
        page = page.where(Device.name_key > select(Device.name_key).where(Device.id == wanted.cursor).scalar_subquery())
    page = (
        page.options(joinedload(Device.room), joinedload(Device.owner))
        .order_by(Device.name_key)
        .limit(wanted.limit + 1)
    )
    states = dict((await db.execute(page)).all())
    devices, cursor = cut([*states], wanted.limit)
    seen = await last_seen(db, [device.id for device in devices])
    shown = [_shown(device, device.owner, SeatState(states[device]), seen.get(device.id)) for device in devices]
    return shown, cursor, await db.scalar(count) or 0


async def describe_device(db: AsyncSession, now: datetime, device: Device) -> DeviceOut:
    """Return a device as it is seen."""
    asked = latest_sign_ins(select(state_at(now)), now, Device.id == device.id)
    state = SeatState((await db.execute(asked)).scalar_one())
    owner = await db.get(User, device.owner_id) if device.owner_id is not None else None
    return _shown(device, owner, state, (await last_seen(db, [device.id])).get(device.id))


def _shown(device: Device, owner: User | None, state: SeatState, seen_at: datetime | None) -> DeviceOut:
    seen = [time for time in (device.seen_at, seen_at) if time]
    return DeviceOut(
        id=device.id,
        uuid=device.uuid,
        name=device.name,
        room=RoomOut.model_validate(device.room) if device.room else None,
        row=device.row,
        column=device.column,
        template=device.template,
        owner=OwnerOut.model_validate(owner) if owner else None,
        state=state,
        has_token=device.token_digest is not None,
        enrolled_at=device.enrolled_at,
        revoked_at=device.revoked_at,
        last_seen_at=max(seen, default=None),
    )
