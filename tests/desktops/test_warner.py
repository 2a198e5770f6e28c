"""What agents inside desktops are told of limits."""

import asyncio
from typing import Any

from tests.desktops.conftest import Stage
from tests.desktops.running import HOUR, running, tell

from deskbay.desktops.warner import Warner
from deskbay.devices.channel import AgentChannel, Command

PATIENCE = 30


class OneListener(AgentChannel):
    """A channel at which the agent of one device listens."""

    def __init__(self, stage: Stage, device_id: int) -> None:
        super().__init__(stage.database, stage.clock)
        self.device_id = device_id
        self.heard: asyncio.Queue[Command] = asyncio.Queue()

    def is_connected(self, device_id: int) -> bool:
        return device_id == self.device_id

    def connected(self) -> list[int]:
        return [self.device_id]

    def send(self, device_id: int, command: Command) -> bool:
        assert device_id == self.device_id
        self.heard.put_nowait(command)
        return True

    async def seconds_left(self) -> float | None:
        """Return how much time is left, as the agent hears next."""
        async with asyncio.timeout(PATIENCE):
            stop: Any = (await self.heard.get()).data["stop"]
        return stop and float(stop["in_seconds"])


async def present(stage: Stage, device_id: int | None) -> list[dict[str, object]]:
    """Return what an agent hears when it connects."""
    warner = Warner(stage.database, stage.clock, AgentChannel(stage.database, stage.clock))
    async with stage.database.read() as db:
        return [dict(command.data) for command in await warner.present(db, device_id or 0)]


async def test_an_agent_hears_how_often_to_report(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    assert await present(stage, desktop.device_id) == [{"report_seconds": 60, "stop": None}]


async def test_without_a_limit_it_need_not_report(stage: Stage) -> None:
    desktop = await running(stage)
    assert await present(stage, desktop.device_id) == [{"report_seconds": None, "stop": None}]


async def test_other_devices_hear_nothing_of_limits(stage: Stage) -> None:
    assert await present(stage, 999) == []


async def test_an_agent_that_comes_back_hears_how_much_time_is_left(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    stage.clock.advance(minutes=56)
    await tell(stage, desktop, idle=56)
    stage.clock.advance(seconds=100)
    (told,) = await present(stage, desktop.device_id)
    reason = "It is stopped when nobody uses it for 1 hour."
    assert told["stop"] == {"in_seconds": 200, "reason": reason, "can_be_kept": True}


async def test_a_lifetime_can_not_be_kept(stage: Stage) -> None:
    desktop = await running(stage, lifetime=HOUR)
    stage.clock.advance(minutes=55)
    await tell(stage, desktop, idle=0)
    (told,) = await present(stage, desktop.device_id)
    reason = "It may run for 1 hour, no longer."
    assert told == {"report_seconds": None, "stop": {"in_seconds": 300, "reason": reason, "can_be_kept": False}}


async def test_it_hears_of_a_coming_stop_and_when_that_is_taken_back(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    channel = OneListener(stage, desktop.device_id or 0)
    warner = asyncio.create_task(Warner(stage.database, stage.clock, channel).run())
    await asyncio.sleep(0)
    stage.clock.advance(minutes=56)
    await tell(stage, desktop, idle=56)
    assert await channel.seconds_left() == 300
    await tell(stage, desktop, idle=0)
    assert await channel.seconds_left() is None
    stage.bus.break_off()  # changes may have been missed: it is told anew
    assert await channel.seconds_left() is None
    warner.cancel()
    await asyncio.gather(warner, return_exceptions=True)


async def test_it_hears_what_holds_when_it_connects(stage: Stage) -> None:
    desktop = await running(stage, idle=HOUR)
    channel = AgentChannel(stage.database, stage.clock)
    Warner(stage.database, stage.clock, channel)
    assert [command.kind for command in await channel._present_commands(desktop.device_id or 0)] == ["limits"]
