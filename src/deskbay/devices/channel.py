"""The way to agents: each holds a stream of server-sent events open, on which commands reach it.

A stream costs no task and no queue of its own: what is sent is written by a task that lives as long as that takes.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import structlog
from fastapi import Depends
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection
from starlette.types import Receive, Send

from deskbay.database import Database
from deskbay.devices.models import Device, Server
from deskbay.kit.clock import Clock

HEARTBEAT_SECONDS = 15
REVOCATION_SECONDS = 5
"""How often it is looked whose token is good for nothing any more."""
ALIVE_SECONDS = 15
"""How long a server is believed to be there after it said so."""
MOST_WAITING = 100
"""An agent that leaves more commands unread is cut off: when it comes back it is told what holds then."""
ALIVE = b":\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

log = structlog.get_logger()


class CommandKind(StrEnum):
    """What an agent is told: what it may track, to look what is open, to bring a session back, to tell its person,
    and until when its desktop may run.
    """

    POLICY = "policy"
    SNAPSHOT = "snapshot"
    RESTORE = "restore"
    NOTICE = "notice"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Command:
    """A command with what belongs to it, as JSON takes it."""

    kind: CommandKind
    data: Mapping[str, object]

    def encoded(self) -> bytes:
        """Return the command as a server-sent event."""
        return f"event: {self.kind}\ndata: {json.dumps(self.data, separators=(',', ':'))}\n\n".encode()


Provider = Callable[[AsyncSession, int], Awaitable[Sequence[Command]]]
"""Returns what holds for a device at the moment, by its id: all that an agent has to know that was away."""


class Stream:
    """What is written to one agent. Nothing is before `begin`; what was put until then comes after that."""

    __slots__ = ("_begun", "_ended", "_send", "_waiting", "_writer", "token_digest")

    def __init__(self, send: Send, token_digest: str) -> None:
        self._send = send
        self.token_digest = token_digest
        self._waiting: list[bytes] = []
        self._writer: asyncio.Task[None] | None = None
        self._begun = self._ended = False

    def begin(self, commands: Sequence[Command]) -> None:
        """Write these commands before all others."""
        self._begun = True
        self._waiting[:0] = [ALIVE, *(command.encoded() for command in commands)]
        self._write_on()

    def put(self, text: bytes) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self.end()
        elif not self._ended:
            self._waiting.append(text)
            self._write_on()

    def end(self) -> None:
        """Write what is waiting, then finish the answer."""
        self._ended = True
        self._write_on()

    def _write_on(self) -> None:
        if self._begun and self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            body = b"".join(self._waiting)
            self._waiting.clear()
            await self._send({"type": "http.response.body", "body": body, "more_body": True})
        if self._ended:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            self._writer = None


class AgentChannel:
    """The agents that listen to this server, by the id of their device; and which listen to another one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._name = str(uuid4())
        self._database = database
        self._clock = clock
        self._streams: dict[int, Stream] = {}
        self._providers: list[Provider] = []
        self._came_or_went: set[int] = set()

    def provide(self, provider: Provider) -> None:
        """Have each agent told what the provider knows when it connects."""
        self._providers.append(provider)

    def is_connected(self, device_id: int) -> bool:
        return device_id in self._streams

    def connected(self) -> list[int]:
        """Return the ids of the devices whose agents listen."""
        return list(self._streams)

    async def connected_anywhere(self, db: AsyncSession, device_ids: Collection[int]) -> set[int]:
        """Return those of the devices whose agents listen to this server or another."""
        here = {device_id for device_id in device_ids if device_id in self._streams}
        others = select(Server.name).where(Server.alive_until > self._clock.now(), Server.name != self._name)
        elsewhere = select(Device.id).where(Device.id.in_(set(device_ids) - here), Device.server.in_(others))
        return {*here, *await db.scalars(elsewhere)}

    def send(self, device_id: int, command: Command) -> bool:
        """Send a command to a device's agent. Returns False when none listens; nothing is kept for later."""
        stream = self._streams.get(device_id)
        if stream is not None:
            stream.put(command.encoded())
        return stream is not None

    async def listen(self, device_id: int, token_digest: str, receive: Receive, send: Send) -> None:
        """Answer a request with a device's stream, until one of us ends it. It replaces an earlier one."""
        stream = Stream(send, token_digest)
        self._replace(device_id, stream)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            stream.begin(await self._present_commands(device_id))
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._forget(device_id, stream)

    def _replace(self, device_id: int, stream: Stream) -> None:
        if earlier := self._streams.get(device_id):
            earlier.end()
        self._streams[device_id] = stream
        self._came_or_went.add(device_id)

    def _forget(self, device_id: int, stream: Stream) -> None:
        if self._streams.get(device_id) is stream:
            del self._streams[device_id]
            self._came_or_went.add(device_id)

    async def _present_commands(self, device_id: int) -> list[Command]:
        async with self._database.read() as db:
            return [command for provider in self._providers for command in await provider(db, device_id)]

    def close(self) -> None:
        """End every stream."""
        for stream in self._streams.values():
            stream.end()

    async def run(self) -> None:
        """Keep the streams alive, end those of revoked tokens, and write down who came and went."""
        tick = 0
        while True:
            await asyncio.sleep(1)
            tick += 1
            self.beat(tick % HEARTBEAT_SECONDS)
            try:
                if tick % REVOCATION_SECONDS == 0:
                    await self.end_revoked(self._clock.now() - timedelta(seconds=2 * REVOCATION_SECONDS))
                    await self.tell_others()
                await self.write_seen()
            except Exception:
                log.exception("looking after agents failed")

    def beat(self, turn: int) -> None:
        """Write a sign of life to every fifteenth agent, so that broken connections are noticed."""
        for device_id, stream in self._streams.items():
            if device_id % HEARTBEAT_SECONDS == turn:
                stream.put(ALIVE)

    async def end_revoked(self, since: datetime) -> None:
        """End the streams of tokens that were replaced or revoked since then."""
        changed = or_(Device.revoked_at >= since, Device.token_issued_at >= since)
        async with self._database.read() as db:
            rows = (await db.execute(select(Device.id, Device.token_digest).where(changed))).all()
        for device_id, token_digest in rows:
            stream = self._streams.get(device_id)
            if stream is not None and stream.token_digest != token_digest:
                stream.end()

    async def tell_others(self) -> None:
        """Have the other servers know that this one is there, and forget those that are gone."""
        if self._database.replicas is None:
            return
        now = self._clock.now()
        until = now + timedelta(seconds=ALIVE_SECONDS)
        async with self._database.write() as db:
            await db.execute(delete(Server).where(Server.alive_until < now))
            await db.merge(Server(name=self._name, alive_until=until))

    async def write_seen(self) -> None:
        """Write down when agents came or went last, and that those who came listen to this server."""
        if not self._came_or_went:
            return
        moved, self._came_or_went = self._came_or_went, set()
        came = moved & self._streams.keys()
        seen = update(Device).values(seen_at=self._clock.now())
        async with self._database.write() as db:
            await db.execute(seen.where(Device.id.in_(moved)))
            await db.execute(update(Device).where(Device.id.in_(came)).values(server=self._name))
            went = update(Device).where(Device.id.in_(moved - came), Device.server == self._name)
            await db.execute(went.values(server=None))


async def _channel(connection: HTTPConnection) -> AgentChannel:
    channel: AgentChannel = connection.app.state.agent_channel
    return channel


ChannelOfApp = Annotated[AgentChannel, Depends(_channel)]
