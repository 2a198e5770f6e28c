"""What agents are told, and when."""

from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import ScriptedAgent, agent_of

from deskbay.accounts.models import User
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


async def test_agents_are_told_what_each_change_of_a_group_means(
    ada_client: AsyncClient, agent: ScriptedAgent, ada: User, administrator_client: AsyncClient
) -> None:
    async def change(method: str, path: str, **body: object) -> None:
        (await administrator_client.request(method, f"/api/v1/groups{path}", json=body)).raise_for_status()

    async def may_track() -> bool:
        return (await agent.hear("policy"))["tracking"] is True

    ada_alone = {"members": [{"user_id": ada.id}]}
    await change("POST", "", name="School", tracking="off")
    await change("POST", "", name="Class", tracking="consent")
    async with agent.listening():
        await change("POST", "/2/members", **ada_alone)
        assert await may_track()
        await change("PUT", "/1/nested/2")
        assert not await may_track()
        await change("PUT", "/1", name="School", tracking="notice")
        assert await may_track()
        await change("PUT", "/1", name="School", tracking="off")
        assert not await may_track()
        await change("DELETE", "/1/nested/2")
        assert await may_track()
        await change("POST", "/1/members", **ada_alone)
        assert not await may_track()
        await change("DELETE", f"/1/members/{ada.id}")
        assert await may_track()
        await change("POST", "/1/members", **ada_alone)
        assert not await may_track()
        await change("DELETE", "/1")
        assert await may_track()
    assert ada_client  # she has consented
