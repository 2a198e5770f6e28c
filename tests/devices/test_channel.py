"""Streams of commands, with an agent's end that the test holds in its hands."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Message
from tests.clock import FrozenClock

from deskbay.database import Database
from deskbay.devices.channel import ALIVE, MOST_WAITING, AgentChannel, Command, CommandKind
from deskbay.devices.models import Device
from deskbay.devices.tokens import issue_token, revoke_token
from deskbay.kit.secrets import digest

NOTICE = Command(CommandKind.NOTICE, {"text": "Hello."})
HELLO = b'event: notice\ndata: {"text":"Hello."}\n\n'
SNAPSHOT = Command(CommandKind.SNAPSHOT, {"id": "7"})


class Reader:
    """An agent's end of a stream: it reads while it may."""

    def __init__(self) -> None:
        self.text = b""
        self.status: int | None = None
        self.ended = False
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._gone = asyncio.Event()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.may_read.wait()
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"")
        if message["type"] == "http.response.body" and not message["more_body"]:
            self.ended = True
            self.leave()

    def leave(self) -> None:
        self._gone.set()

    async def has(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 - a reader tells nobody what it read
                await asyncio.sleep(0)


@pytest.fixture
def channel(database: Database, clock: FrozenClock) -> AgentChannel:
    return AgentChannel(database, clock)


@asynccontextmanager
async def listening(channel: AgentChannel, device: int = 1, key: str = "digest") -> AsyncIterator[Reader]:
    reader = Reader()
    listener = asyncio.create_task(channel.listen(device, key, reader.receive, reader.send))
    await reader.has(lambda: reader.text.startswith(ALIVE))
    yield reader
    reader.may_read.set()
    reader.leave()
    await listener


async def add_device(database: Database, clock: FrozenClock) -> tuple[int, str]:
    async with database.write() as db:
        device = Device(uuid=uuid4(), name="pc-1", enrolled_at=clock.now())
        token = issue_token(device, clock)
        db.add(device)
    return device.id, token


async def test_a_command_reaches_the_device_that_it_is_for(channel: AgentChannel) -> None:
    async with listening(channel, 1) as one, listening(channel, 2) as other:
        assert channel.send(1, NOTICE)
        await one.has(lambda: one.text.endswith(HELLO))
        assert (one.status, one.text, other.text) == (200, ALIVE + HELLO, ALIVE)


async def test_nothing_is_kept_for_who_does_not_listen(channel: AgentChannel) -> None:
    assert channel.send(1, NOTICE) is False
    async with listening(channel):
        assert channel.is_connected(1)
    assert not channel.is_connected(1)
    assert channel.send(1, NOTICE) is False


async def test_an_agent_is_told_what_holds_before_what_comes(channel: AgentChannel) -> None:
    """What is sent while it is looked up what holds must not be lost, nor come before it."""
    may_answer = asyncio.Event()

    async def slow_provider(_: AsyncSession, device: int) -> Sequence[Command]:
        await may_answer.wait()
        return [Command(CommandKind.POLICY, {"tracking": True, "of": device})]

    channel.provide(slow_provider)
    reader = Reader()
    listener = asyncio.create_task(channel.listen(1, "digest", reader.receive, reader.send))
    await reader.has(lambda: channel.is_connected(1))
    assert channel.send(1, NOTICE)
    may_answer.set()
    await reader.has(lambda: HELLO in reader.text)
    assert reader.text == ALIVE + b'event: policy\ndata: {"tracking":true,"of":1}\n\n' + HELLO
    reader.leave()
    await listener


async def test_a_newer_stream_ends_the_earlier_one(channel: AgentChannel) -> None:
    async with listening(channel) as earlier, listening(channel) as newer:
        await earlier.has(lambda: earlier.ended)
        assert channel.send(1, NOTICE)
        await newer.has(lambda: newer.text.endswith(HELLO))
        assert HELLO not in earlier.text
    assert not channel.is_connected(1)


async def test_the_end_of_an_earlier_stream_leaves_the_newer_one(channel: AgentChannel) -> None:
    async with listening(channel) as newer:
        pass
    async with listening(channel) as newer:
        assert channel.is_connected(1)
        assert not newer.ended


async def test_who_reads_slowly_gets_all_in_order(channel: AgentChannel) -> None:
    async with listening(channel) as slow:
        slow.may_read.clear()
        for command in (NOTICE, SNAPSHOT, NOTICE):
            channel.send(1, command)
            await asyncio.sleep(0)
        slow.may_read.set()
        await slow.has(lambda: slow.text.endswith(HELLO) and slow.text.count(HELLO) == 2)
        assert slow.text == ALIVE + HELLO + SNAPSHOT.encoded() + HELLO


async def test_who_never_reads_is_cut_off(channel: AgentChannel) -> None:
    async with listening(channel) as stuck:
        stuck.may_read.clear()
        for _ in range(MOST_WAITING + 2):
            channel.send(1, NOTICE)
            await asyncio.sleep(0)
        stuck.may_read.set()
        await stuck.has(lambda: stuck.ended)


async def test_each_agent_gets_a_sign_of_life_once_in_fifteen_turns(channel: AgentChannel) -> None:
    async with listening(channel, 3) as one, listening(channel, 20) as other:
        for turn in range(15):
            channel.beat(turn)
        await one.has(lambda: one.text == ALIVE * 2)
        await other.has(lambda: other.text == ALIVE * 2)


async def test_every_stream_ends_when_the_channel_is_closed(channel: AgentChannel) -> None:
    async with listening(channel, 1) as one, listening(channel, 2) as other:
        channel.close()
        await one.has(lambda: one.ended)
        await other.has(lambda: other.ended)


async def test_a_revoked_token_ends_the_stream(channel: AgentChannel, database: Database, clock: FrozenClock) -> None:
    device_id, token = await add_device(database, clock)
    async with listening(channel, device_id, digest(token)) as reader:
        await channel.end_revoked(clock.now() - timedelta(seconds=10))
        assert not reader.ended
        async with database.write() as db:
            revoke_token(await db.get_one(Device, device_id), clock)
        await channel.end_revoked(clock.now() - timedelta(seconds=10))
        await reader.has(lambda: reader.ended)


async def test_a_new_token_ends_the_stream_of_the_old_one(
    channel: AgentChannel, database: Database, clock: FrozenClock
) -> None:
    device_id, token = await add_device(database, clock)
    clock.advance(minutes=1)
    async with listening(channel, device_id, digest(token)) as reader:
        async with database.write() as db:
            issue_token(await db.get_one(Device, device_id), clock)
        await channel.end_revoked(clock.now() - timedelta(seconds=10))
        await reader.has(lambda: reader.ended)


async def test_it_is_written_down_when_an_agent_came_or_went(
    channel: AgentChannel, database: Database, clock: FrozenClock
) -> None:
    device_id, token = await add_device(database, clock)
    async with listening(channel, device_id, digest(token)):
        await channel.write_seen()
        came = clock.now()
        clock.advance(minutes=7)
        await channel.write_seen()
        async with database.read() as db:
            assert (await db.get_one(Device, device_id)).seen_at == came
    await channel.write_seen()
    async with database.read() as db:
        assert (await db.get_one(Device, device_id)).seen_at == clock.now()
