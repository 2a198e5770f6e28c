"""Sessions over HTTP, from the first application to the restore, with an agent that a test plays."""

from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import ScriptedAgent, application, period, snapshot


async def test_a_session_from_its_first_application_to_its_restore(
    ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Thesis"})).json()
        assert (made["is_active"], made["is_tracking"], made["device"]["name"]) == (True, True, "laptop")
        run = (await agent.hear("policy"))["run"]
        assert run is not None

        clock.advance(minutes=10)
        open_now = snapshot(application("mousepad", "/home/ada/thesis.txt"), application("xterm"))
        used = [
            period("presence", "09:00:00", "09:10:00"),
            period("open", "09:00:00", "09:10:00", "mousepad", run=run),
            period("foreground", "09:00:00", "09:04:00", "mousepad", run=run),
        ]
        assert await agent.reported(*used, seen=open_now) == ["stored"] * 3
        agent.open = open_now

        saved = (await ada_client.post(f"{SESSIONS}/{made['id']}/save")).json()
        assert (saved["applications"], saved["total_seconds"]) == (2, 240)
        (await ada_client.post(f"{SESSIONS}/{made['id']}/deactivate", json={})).raise_for_status()
        agent.open = snapshot()

        asked = await ada_client.post(f"{SESSIONS}/{made['id']}/restore", json={})
        assert asked.status_code == 202, asked.text
        wish = await agent.hear("restore")
        assert [one["command"] for one in wish["applications"]] == [["mousepad", "/home/ada/thesis.txt"], ["xterm"]]
        run = asked.json()["run"]
        await agent.progress(run, {"key": "mousepad-100", "state": "placed"})
        await agent.progress(run, {"key": "xterm-100", "state": "not-found", "reason": "no xterm"}, finished=True)
        done = (await ada_client.get(f"/api/v1/restores/{run}")).json()
        assert done["state"] == "finished"
        assert [one["state"] for one in done["applications"]] == ["placed", "not-found"]
        shown = (await ada_client.get(f"{SESSIONS}/{made['id']}")).json()
        assert (shown["is_active"], shown["restored_at"]) == (True, "2026-01-05T09:10:00Z")
