"""Shows messages to the owners of desktops inside them, where their agents listen."""

import structlog
from sqlalchemy import select

from deskbay.database import Database
from deskbay.desktops.life import SAID
from deskbay.desktops.models import Desktop
from deskbay.devices.channel import AgentChannel, Command, CommandKind

log = structlog.get_logger(__name__)


class Crier:
    """Hands each message on to the desktop that it is about."""

    def __init__(self, database: Database, channel: AgentChannel) -> None:
        self._database = database
        self._channel = channel

    async def run(self) -> None:
        """Go on until cancelled. What is missed is on the page."""
        while True:
            with self._database.bus.subscribe() as events:
                async for event in events:
                    if event.name == SAID:
                        await self._cry(event.subject)

    async def _cry(self, desktop_id: int) -> None:
        try:
            async with self._database.read() as db:
                wanted = select(Desktop.device_id, Desktop.message).where(Desktop.id == desktop_id)
                device_id, text = (await db.execute(wanted)).one()
            if device_id is not None and text is not None:
                self._channel.send(device_id, Command(CommandKind.NOTICE, {"text": text}))
        except Exception:
            log.exception("a message could not be shown", desktop=desktop_id)
