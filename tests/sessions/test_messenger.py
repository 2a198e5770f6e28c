"""What agents are told, and when."""

from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import ScriptedAgent, agent_of

from deskbay.kit.events import QUEUE_LENGTH, Event
from deskbay.sessions.policy import POLICY


async def test_a_policy_follows_each_change_of_the_active_session(
    ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Work"})).json()
        run = (await agent.hear("policy"))["run"]
        assert run is not None
        await ada_client.put(f"{SESSIONS}/{made['id']}/tracking", json={"enabled": False})
        assert (await agent.hear("policy"))["run"] is None
        await ada_client.put(f"{SESSIONS}/{made['id']}/tracking", json={"enabled": True})
        assert (await agent.hear("policy"))["run"] not in {None, run}
        await ada_client.post(f"{SESSIONS}/{made['id']}/deactivate", json={})
        assert (await agent.hear("policy"))["run"] is None


async def test_an_unknown_device_leaves_the_others_told(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    async with agent.listening():
        app.state.bus.publish(Event(POLICY, 999, 0))
        app.state.bus.publish(Event("agent-restore", 999, 0))
        await ada_client.post(SESSIONS, json={"name": "Work"})
        assert (await agent.hear("policy"))["tracking"] is True


async def test_whoever_sits_down_at_a_shared_device_is_tracked_as_they_want(
    app: FastAPI, ada_client: AsyncClient, clock: FrozenClock
) -> None:
    assert ada_client  # she consents
    shared = await agent_of(app, None, "pc-1")
    assert [command.data["tracking"] for command in await shared.present()] == [False]
    async with shared.listening():
        begin = {"id": shared.sign_in, "username": "ada", "next_ping_seconds": 60, "sent_at": clock.now().isoformat()}
        assert (await shared.client.post("/api/v1/sign-ins", json=begin)).status_code == 201
        assert (await shared.hear("policy"))["tracking"] is True


async def test_after_too_many_events_every_agent_is_told_anew(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    async with agent.listening():
        await ada_client.post(SESSIONS, json={"name": "Work"})
        await agent.hear("policy")
        for number in range(QUEUE_LENGTH + 1):
            app.state.bus.publish(Event("something", number, 0))
        assert (await agent.hear("policy"))["tracking"] is True
