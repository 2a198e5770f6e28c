"""What happens to running desktops by itself: they are warned and stopped, and sessions come back in them."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from deskbay.database import Database
from deskbay.desktops import stops
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.restoring import Restorer, is_wished
from deskbay.devices.channel import AgentChannel
from deskbay.kit.clock import Clock

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class DesktopKeeper:
    """Looks again and again; any number of servers may."""

    def __init__(self, database: Database, clock: Clock, channel: AgentChannel, restorer: Restorer) -> None:
        self._database = database
        self._clock = clock
        self._channel = channel
        self._restorer = restorer

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("looking after running desktops failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Do what is due. Writes only where there is something."""
        desktops = await self._running()
        for desktop in desktops:
            if not stops.is_up_to_date(desktop, self._clock.now()):
                await self._review(desktop.id)
        await asyncio.gather(*map(self._restorer.begin, await self._awaiting(desktops)))

    async def _running(self) -> Sequence[Desktop]:
        """Return the running desktops that have a limit, or an end, or a session that is still to be brought back."""
        limits = (Template.idle_limit_seconds, Template.lifetime_seconds, Desktop.lifetime_seconds)
        is_limited = or_(*(limit.is_not(None) for limit in limits))
        ends = (Desktop.stop_at, Desktop.budget_ends_at, Desktop.scheduled_stop_at)
        stops_soon = or_(*(end.is_not(None) for end in ends))
        awaits = and_(Desktop.session_id.is_not(None), Desktop.restore_id.is_(None))
        running = (Desktop.deleted_at.is_(None), Desktop.wanted == Wanted.RUNNING, Desktop.state == State.RUNNING)
        async with self._database.read() as db:
            found = select(Desktop).join(Template).where(*running, or_(is_limited, stops_soon, awaits))
            return (await db.scalars(found.options(joinedload(Desktop.template)))).all()

    async def _review(self, desktop_id: int) -> None:
        async with self._database.write() as db:
            desktop = await stops.lock_desktop(db, desktop_id)
            if desktop is not None:
                stops.review(db, desktop, self._clock.now())

    async def _awaiting(self, desktops: Sequence[Desktop]) -> list[int]:
        """Return those of the desktops that wait for their session, and whose agent listens."""
        awaiting = {desktop.device_id: desktop.id for desktop in desktops if is_wished(desktop)}
        if not awaiting:
            return []
        async with self._database.read() as db:
            connected = await self._channel.connected_anywhere(db, [key for key in awaiting if key is not None])
        return [awaiting[device_id] for device_id in connected]
