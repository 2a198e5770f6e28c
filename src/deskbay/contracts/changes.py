"""Following a desktop until it is where somebody waits for it to be."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.models import Desktop
from deskbay.kit.events import EventBus


async def _bus(request: Request) -> EventBus:
    bus: EventBus = request.app.state.bus
    return bus


BusOfApp = Annotated[EventBus, Depends(_bus)]


async def follow(database: Database, bus: EventBus, desktop_id: int) -> AsyncIterator[Desktop]:
    """Yield a desktop as it is now, and after each change; end when it is deleted."""
    while True:
        with bus.subscribe() as changes:
            desktop = await _find(database, desktop_id)
            if desktop is None:
                return
            yield desktop
            async for change in changes:
                if change.name not in {service.CHANGED, service.DELETED} or change.subject != desktop_id:
                    continue
                desktop = await _find(database, desktop_id)
                if desktop is None:
                    return
                yield desktop


async def _find(database: Database, desktop_id: int) -> Desktop | None:
    async with database.read() as db:
        return await service.find_desktop(db, desktop_id)
