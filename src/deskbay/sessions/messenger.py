"""Tells agents what has changed for them, and asks them what is open."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

import structlog
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.service import EVERY_GROUP, REGROUPED, members_of
from deskbay.activity.sign_ins import BEGUN
from deskbay.database import Database, emit
from deskbay.devices.channel import AgentChannel, Command, CommandKind
from deskbay.kit.clock import Clock
from deskbay.kit.events import Event, EventBus
from deskbay.sessions import restores
from deskbay.sessions.policy import POLICY, devices_of, policy_of
from deskbay.settings import Settings

SNAPSHOT_SECONDS = 3.0
ASKED = "agent-snapshot-asked"
"""The event that a device that listens to another server shall say what is open; the device is its subject."""
TAKEN = "agent-snapshot"
"""The event that a device has sent what is open on it; the device is its subject."""

log = structlog.get_logger(__name__)


def _command(kind: CommandKind, told: BaseModel) -> Command:
    return Command(kind, told.model_dump(mode="json"))


class Messenger:
    """Sends commands to agents once what they are about is committed."""

    def __init__(
        self, database: Database, bus: EventBus, clock: Clock, settings: Settings, channel: AgentChannel
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._settings = settings
        self._channel = channel
        channel.provide(self.present)

    async def present(self, db: AsyncSession, device_id: int) -> Sequence[Command]:
        """Return what holds for a device: its policy, and every restore that is not finished."""
        policy = await policy_of(db, self._clock, self._settings, device_id)
        wishes = await restores.wishes_for(db, device_id)
        return [_command(CommandKind.POLICY, policy), *(_command(CommandKind.RESTORE, wish) for wish in wishes)]

    async def run(self) -> None:
        """Go on until cancelled. Where there was too much to hear, every agent is told anew what holds."""
        while True:
            with self._bus.subscribe() as events:
                async for event in events:
                    await self._tell(event)
            for device_id in self._channel.connected():
                await self._tell_all(device_id)

    async def _tell_all(self, device_id: int) -> None:
        async with self._database.read() as db:
            commands = await self.present(db, device_id)
        for command in commands:
            self._channel.send(device_id, command)

    async def _tell(self, event: Event) -> None:
        try:
            if event.name in {POLICY, BEGUN}:
                await self._tell_policy(event.subject)
            elif event.name == REGROUPED:
                for device_id in await self._regrouped(event):
                    await self._tell_policy(device_id)
            elif event.name == restores.WISHED:
                await self._tell_wish(event.subject)
            elif event.name == ASKED:
                self._channel.send(event.subject, Command(CommandKind.SNAPSHOT, {"id": event.state}))
        except Exception:
            log.exception("an agent could not be told", what=event.name, subject=event.subject)

    async def _regrouped(self, event: Event) -> set[int]:
        """Return the devices of those for whom another rule may hold since a group has changed."""
        connected = set(self._channel.connected())
        if event.subject == EVERY_GROUP:
            return connected
        async with self._database.read() as db:
            people = {event.owner} if event.owner else await members_of(db, event.subject)
            return connected & await devices_of(db, self._clock.now(), people)

    async def _tell_policy(self, device_id: int) -> None:
        if self._channel.is_connected(device_id):
            async with self._database.read() as db:
                policy = await policy_of(db, self._clock, self._settings, device_id)
            self._channel.send(device_id, _command(CommandKind.POLICY, policy))

    async def _tell_wish(self, restore_id: int) -> None:
        async with self._database.read() as db:
            restore = await restores.find_restore(db, restore_id)
        if restore is not None and restore.content is not None:
            self._channel.send(restore.device_id, _command(CommandKind.RESTORE, restores.wish_of(restore)))

    async def ask_what_is_open(self, device_id: int) -> None:
        """Have a device send what is open on it, and wait for that a little; nothing happens where it is away.

        No transaction may be open meanwhile.
        """
        asked = str(uuid4())
        with self._bus.subscribe() as events, suppress(TimeoutError):
            if not await self._ask(device_id, asked):
                return
            async with asyncio.timeout(SNAPSHOT_SECONDS):
                async for event in events:
                    if event.name == TAKEN and event.state == asked:
                        return

    async def _ask(self, device_id: int, asked: str) -> bool:
        """Have a device asked by whichever server it listens to. Returns False where it is away."""
        if self._channel.send(device_id, Command(CommandKind.SNAPSHOT, {"id": asked})):
            return True
        async with self._database.read() as db:
            is_elsewhere = bool(await self._channel.connected_anywhere(db, [device_id]))
        if is_elsewhere:
            async with self._database.write() as db:
                emit(db, Event(ASKED, device_id, 0, asked))
        return is_elsewhere
