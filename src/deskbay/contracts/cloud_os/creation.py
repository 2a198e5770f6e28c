"""What is told while a container is made, line by line, in the words that clients wait for."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from deskbay.accounts.access import Caller
from deskbay.contracts.changes import follow
from deskbay.contracts.links import link_to
from deskbay.database import Database
from deskbay.desktops import service
from deskbay.desktops.models import State, Wanted
from deskbay.kit.clock import Clock
from deskbay.kit.events import EventBus
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

PAUSES = (1.0, 5.0)
"""Seconds before each further try."""


@dataclass(frozen=True, slots=True)
class Creation:
    """A container that was ordered, and is on its way up."""

    database: Database
    bus: EventBus
    clock: Clock
    settings: Settings
    caller: Caller
    base_url: str
    desktop_id: int

    async def lines(self) -> AsyncIterator[str]:
        """Tell each step as it is done. Of what does not come up after some tries nothing is left."""
        yield "Server creation initiated.\n"
        yield f"Recieved server id {self.desktop_id} .\n"
        yield "Waiting for IP address...\n"
        for pause in (*PAUSES, None):
            if await self._comes_up():
                async for line in self._way():
                    yield line
                return
            if pause is None or not await self._has_failed():
                break
            yield "Connection error. Retrying...\n"
            await asyncio.sleep(pause)
            await self._start_again()
        await self._take_back()
        yield "Connection Error. retry after some time\n"

    async def _comes_up(self) -> bool:
        async for desktop in follow(self.database, self.bus, self.desktop_id):
            if desktop.state is State.RUNNING:
                return True
            if desktop.wanted is not Wanted.RUNNING:
                return False
        return False

    async def _way(self) -> AsyncIterator[str]:
        yield f"Got IP address {urlsplit(self.base_url).hostname}\n"
        async with self.database.write() as db:
            url = await link_to(db, self.clock, self.caller, self.base_url, f"/desktops/{self.desktop_id}")
        yield f"Service link generated {url}\n"
        yield "Adding server detains in db.\n"
        yield "Server added in db successfully.\n"
        yield "Container created successfully.\n"

    async def _has_failed(self) -> bool:
        async with self.database.read() as db:
            desktop = await service.find_desktop(db, self.desktop_id)
        return desktop is not None and desktop.state is State.FAILED

    async def _start_again(self) -> None:
        try:
            async with self.database.write() as db:
                if desktop := await service.find_desktop(db, self.desktop_id):
                    await service.start_desktop(
                        db, self.clock, desktop, right=service.Right.of(self.settings), by=self.caller.user
                    )
        except Problem:
            return  # no room for it any more: it is as it was

    async def _take_back(self) -> None:
        async with self.database.write() as db:
            if desktop := await service.find_desktop(db, self.desktop_id):
                service.delete_desktop(db, desktop)
