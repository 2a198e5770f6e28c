"""Tells the agents inside desktops how often to report input, and of stops that are coming."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.database import Database
from deskbay.desktops import limits
from deskbay.desktops.models import Desktop
from deskbay.desktops.stops import CHANGED, is_running
from deskbay.devices.channel import AgentChannel, Command, CommandKind
from deskbay.kit.clock import Clock

log = structlog.get_logger(__name__)


class Warner:
    """Has each agent know what holds for its desktop: when it connects, and when that changes."""

    def __init__(self, database: Database, clock: Clock, channel: AgentChannel) -> None:
        self._database = database
        self._clock = clock
        self._channel = channel
        channel.provide(self.present)

    async def present(self, db: AsyncSession, device_id: int) -> Sequence[Command]:
        """Return what the agent of a desktop has to know; nothing where the device is none."""
        desktop = await db.scalar(
            select(Desktop)
            .where(Desktop.device_id == device_id, Desktop.deleted_at.is_(None))
            .options(joinedload(Desktop.template))
        )
        return [] if desktop is None else [Command(CommandKind.LIMITS, self._limits_of(desktop))]

    def _limits_of(self, desktop: Desktop) -> dict[str, object]:
        seconds = desktop.template.idle_limit_seconds
        return {
            "report_seconds": None if seconds is None else limits.report_seconds(seconds),
            "stop": self._stop_of(desktop),
        }

    def _stop_of(self, desktop: Desktop) -> dict[str, object] | None:
        stop = limits.announced(desktop)
        if stop is None or not is_running(desktop):
            return None
        return {
            "in_seconds": max(0.0, (stop.at - self._clock.now()).total_seconds()),
            "reason": limits.warning_reason(desktop, stop.cause),
            "can_be_kept": limits.may_be_kept(desktop, stop.cause),
        }

    async def run(self) -> None:
        """Go on until cancelled. Where changes may have been missed, every agent is told anew."""
        while True:
            with self._database.bus.subscribe() as events:
                async for event in events:
                    if event.name == CHANGED and self._channel.is_connected(event.subject):
                        await self._tell(event.subject)
            for device_id in self._channel.connected():
                await self._tell(device_id)

    async def _tell(self, device_id: int) -> None:
        try:
            async with self._database.read() as db:
                commands = await self.present(db, device_id)
            for command in commands:
                self._channel.send(device_id, command)
        except Exception:
            log.exception("a desktop could not be warned", device=device_id)
