"""The token of a desktop's agent: another one with each launch, known to the server, void with the desktop."""

from sqlalchemy import select
from tests.clock import FrozenClock
from tests.desktops.conftest import Stage
from tests.desktops.doubles import PromptRuntime
from tests.desktops.test_driver import drive

from deskbay.desktops.models import Desktop
from deskbay.devices.models import Device
from deskbay.devices.tokens import DeviceTokens


async def device_of(stage: Stage, runtime: PromptRuntime) -> int | None:
    """Return whose token the desktop got that was launched last."""
    tokens = DeviceTokens(stage.database, stage.clock)
    return await tokens.device_of(f"Bearer {runtime.launches[-1].agent_token}")


async def test_the_server_knows_the_token_that_the_desktop_gets(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    assert desktop.device_id is not None
    assert await device_of(stage, runtime) == desktop.device_id


async def test_each_launch_has_a_token_of_its_own(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.stop(desktop)
    await drive(stage, desktop, runtime)
    await stage.start(desktop)
    await drive(stage, desktop, runtime)
    first, second = (launch.agent_token for launch in runtime.launches)
    assert first != second
    tokens = DeviceTokens(stage.database, stage.clock)
    assert await tokens.device_of(f"Bearer {first}") is None
    assert await device_of(stage, runtime) == desktop.device_id


async def test_a_deleted_desktops_token_is_void_and_its_device_stays_for_reports(
    stage: Stage, clock: FrozenClock
) -> None:
    runtime = PromptRuntime()
    desktop = await drive(stage, await stage.launch(), runtime)
    await stage.delete(desktop)
    await drive(stage, desktop, runtime)
    assert await device_of(stage, runtime) is None
    async with stage.database.read() as db:
        device = await db.scalar(select(Device).where(Device.id == desktop.device_id))
    assert device
    assert (device.has_token, device.revoked_at) == (False, clock.now())


async def test_a_desktop_from_before_there_were_agents_gets_one_with_its_next_start(stage: Stage) -> None:
    runtime = PromptRuntime()
    desktop = await stage.launch()
    async with stage.database.write() as db:
        (await db.get_one(Desktop, desktop.id)).device_id = None
    await drive(stage, desktop, runtime)
    assert runtime.launches[-1].agent_token is None
    await stage.stop(desktop)
    await drive(stage, desktop, runtime)
    async with stage.database.write() as db:
        await db.execute(Device.__table__.delete().where(Device.uuid == desktop.uuid))  # type: ignore[attr-defined]
    await stage.start(desktop)
    await drive(stage, desktop, runtime)
    assert await device_of(stage, runtime) is not None
