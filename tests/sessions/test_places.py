"""On which device a person works."""

import pytest
from fastapi import FastAPI
from tests.clock import FrozenClock
from tests.people import People
from tests.sessions.doubles import agent_of

from deskbay.accounts.models import User
from deskbay.devices.models import Device
from deskbay.kit.problems import Problem
from deskbay.sessions import places


async def place(app: FastAPI, user: User, device_id: int | None = None) -> Device:
    async with app.state.database.write() as db:
        found = await places.device_of(db, app.state.clock, user, device_id)
        return await db.get_one(Device, found)  # type: ignore[no-any-return]


async def test_who_has_none_gets_one_once(app: FastAPI, ada: User) -> None:
    made = await place(app, ada)
    assert (made.name, made.owner_id) == ("ada-device", ada.id)
    assert (await place(app, ada)).id == made.id


async def test_names_of_devices_do_not_collide(app: FastAPI, people: People, ada: User) -> None:
    await agent_of(app, None, "ADA-device")
    assert (await place(app, ada)).name == "ada-device-2"
    assert (await place(app, await people.add("ad"))).name == "ad-device"


async def test_the_one_seen_last_is_meant(app: FastAPI, ada: User, clock: FrozenClock) -> None:
    first = await agent_of(app, ada, "first")
    clock.advance(minutes=1)
    second = await agent_of(app, ada, "second")
    assert (await place(app, ada)).id == second.device_id
    clock.advance(minutes=1)
    assert (await first.report()).status_code == 200
    assert (await place(app, ada)).id == first.device_id


async def test_where_one_sits_one_may_work(app: FastAPI, ada: User, clock: FrozenClock) -> None:
    shared = await agent_of(app, None, "pc-1")
    with pytest.raises(Problem) as caught:
        await place(app, ada, shared.device_id)
    assert caught.value.kind == "no-device"
    begin = {"id": shared.sign_in, "username": "ada", "next_ping_seconds": 60, "sent_at": clock.now().isoformat()}
    await shared.client.post("/api/v1/sign-ins", json=begin)
    assert (await place(app, ada, shared.device_id)).id == shared.device_id
    clock.advance(minutes=2)
    with pytest.raises(Problem):
        await place(app, ada, shared.device_id)
