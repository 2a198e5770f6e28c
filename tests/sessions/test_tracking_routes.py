"""What is collected about people: they see it, say what they want, take it along, and have it erased."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import func, select
from tests.clock import FrozenClock
from tests.people import People
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import ScriptedAgent, application, period, snapshot

from deskbay.accounts.models import User
from deskbay.accounts.passkeys.models import Passkey
from deskbay.accounts.service import EVERYWHERE, is_signed_out
from deskbay.activity.models import Activity, SignIn
from deskbay.activity.stretches import SECOND
from deskbay.kit.events import Event, Subscription
from deskbay.sessions.models import DeviceSnapshot, Session, TrackingChoice, Usage

TRACKING = "/api/v1/tracking"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", TRACKING), ("PUT", TRACKING), ("DELETE", TRACKING), ("GET", f"{TRACKING}/export")],
)
async def test_nobody_gets_401(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, json={"consent": True} if method == "PUT" else None)
    assert answer.status_code == 401


async def test_nothing_is_collected_until_one_says_yes(reader: AsyncClient, agent: ScriptedAgent) -> None:
    shown = (await reader.get(TRACKING)).json()
    assert (shown["policy"], shown["consent"], shown["is_tracked"], shown["window_titles"]) == (
        "consent",
        False,
        False,
        False,
    )
    (policy,) = await agent.present()
    assert policy.data == {"tracking": False, "titles": False, "run": None, "excluded": [], "paused_until": None}


async def test_it_tells_how_long_each_kind_is_kept(reader: AsyncClient, app: FastAPI) -> None:
    wanted = {"activity_days": 365, "totals_years": 2, "login_days": None, "audit_days": 400}
    app.state.settings = app.state.settings.model_copy(update=wanted)
    kept = (await reader.get(TRACKING)).json()["kept_for"]
    assert kept == {**wanted, "save_days": None, "history_days": None, "recording_days": 30}


async def test_devices_are_told_at_once(reader: AsyncClient, agent: ScriptedAgent, clock: FrozenClock) -> None:
    clock.advance(minutes=1)
    async with agent.listening():
        said = {"consent": True, "excluded_applications": ["xterm", "gimp", "gimp"]}
        assert (await reader.put(TRACKING, json=said)).json()["excluded_applications"] == ["gimp", "xterm"]
        assert (await agent.hear("policy")) == {
            "tracking": True,
            "titles": False,
            "run": None,
            "excluded": ["gimp", "xterm"],
            "paused_until": None,
        }
        paused = await reader.put(TRACKING, json={"consent": True, "paused_until": "2026-01-05T09:10:00Z"})
        assert (paused.json()["is_tracked"], paused.json()["paused_until"]) == (False, "2026-01-05T09:10:00Z")
        assert (await agent.hear("policy"))["paused_until"] == "2026-01-05T09:10:00Z"
        clock.advance(minutes=9)
        over = (await reader.get(TRACKING)).json()
        assert (over["is_tracked"], over["paused_until"]) == (True, None)
        await reader.put(TRACKING, json={"consent": False})
        assert (await agent.hear("policy"))["tracking"] is False


@pytest.mark.parametrize(
    "wrong", [{}, {"consent": "perhaps"}, {"consent": True, "paused_until": "2026-01-05T10:00:00"}]
)
async def test_bad_input_is_told(reader: AsyncClient, wrong: dict[str, object]) -> None:
    answer = await reader.put(TRACKING, json=wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


@pytest.fixture
async def worked(ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock) -> AsyncClient:
    """Ada, after ten minutes with an editor in a session."""
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Work"})).json()
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        agent.open = snapshot(application("mousepad"))
        await agent.reported(
            period("presence", "09:00:00", "09:10:00"),
            period("open", "09:00:00", "09:10:00", "mousepad", run=run),
            seen=agent.open,
        )
        await ada_client.post(f"{SESSIONS}/{made['id']}/save")
    return ada_client


async def test_all_that_is_kept_can_be_taken_along(worked: AsyncClient, agent: ScriptedAgent) -> None:
    kept = (await worked.get(f"{TRACKING}/export")).json()
    assert {(one["kind"], one["name"]) for one in kept["activity"]} == {
        ("presence", ""),
        ("open-application", "Mousepad"),
    }
    assert kept["choice"]["consent"] is True
    assert [one["device_id"] for one in kept["sign_ins"]] == [agent.device_id]
    assert kept["open_now"][0]["snapshot"]["applications"][0]["application"] == "mousepad"
    (session,) = kept["sessions"]
    assert (session["session"]["name"], len(session["session"]["saves"])) == ("Work", 1)
    assert [one["start"] for one in session["usage"]] == ["2026-01-05T09:00:00Z"]


async def test_what_was_collected_is_erased_and_the_totals_stay(app: FastAPI, worked: AsyncClient, ada: User) -> None:
    assert (await worked.delete(TRACKING)).status_code == 204
    kept = (await worked.get(f"{TRACKING}/export")).json()
    assert [kept[part] for part in ("activity", "hours", "sign_ins", "open_now")] == [[], [], [], []]
    assert kept["sessions"][0]["usage"] == []
    assert len(kept["sessions"][0]["session"]["saves"]) == 1
    async with app.state.database.read() as db:
        assert await db.scalar(select(func.sum(Activity.ends - Activity.starts))) == 2 * 600 * SECOND
        assert await db.scalar(select(Activity.id).where(Activity.user_id == ada.id)) is None
    assert (await worked.get("/api/v1/auth/me")).json()["username"] == "ada"


async def test_after_erasing_the_agent_goes_on(worked: AsyncClient, agent: ScriptedAgent, clock: FrozenClock) -> None:
    await worked.delete(TRACKING)
    clock.advance(minutes=1)
    assert await agent.reported(period("presence", "09:10:00", "09:11:00")) == ["stored"]
    assert len((await worked.get(f"{TRACKING}/export")).json()["sign_ins"]) == 1


async def test_erasing_a_person_takes_their_sessions_and_usage(
    app: FastAPI, worked: AsyncClient, administrator_client: AsyncClient, ada: User
) -> None:
    assert (await worked.delete(f"/api/v1/users/{ada.id}/activity")).status_code == 403
    assert (await administrator_client.delete("/api/v1/users/999/activity")).status_code == 404
    assert (await administrator_client.delete(f"/api/v1/users/{ada.id}/activity")).status_code == 204
    async with app.state.database.read() as db:
        for table in (Session, Usage, DeviceSnapshot, TrackingChoice, SignIn):
            assert await db.scalar(select(func.count()).select_from(table)) == 0
        assert await db.scalar(select(func.sum(Activity.ends - Activity.starts))) == 2 * 600 * SECOND


async def test_who_is_erased_has_no_way_in_left(
    people: People, worked: AsyncClient, administrator_client: AsyncClient, ada: User
) -> None:
    key = Passkey(user_id=ada.id, key="k", credential_id="c", public_key="p", signatures=0, name="Phone")
    key.created_at = ada.created_at
    async with people.database.write() as db:
        db.add(key)
    with people.database.bus.subscribe() as changes:
        assert (await administrator_client.delete(f"/api/v1/users/{ada.id}/activity")).status_code == 204
        assert any([is_signed_out(change, ada, EVERYWHERE) async for change in _so_far(changes)])
    assert (await worked.get("/api/v1/auth/me")).status_code == 401
    async with people.database.read() as db:
        assert await db.scalar(select(Passkey.id)) is None
        assert (await db.get_one(User, ada.id)).disabled_at is not None
    assert await usernames(administrator_client) == ["grace"]


async def _so_far(changes: Subscription) -> AsyncIterator[Event]:
    changes.end()
    async for change in changes:
        yield change


async def usernames(administrator: AsyncClient) -> list[str]:
    return [one["username"] for one in (await administrator.get("/api/v1/users")).json()["items"]]


async def test_nobody_erases_themselves(administrator_client: AsyncClient) -> None:
    me = (await administrator_client.get("/api/v1/auth/me")).json()
    refused = await administrator_client.delete(f"/api/v1/users/{me['id']}/activity")
    assert (refused.status_code, refused.json()["type"]) == (409, "yourself")
    assert (await administrator_client.get("/api/v1/auth/me")).json() == me


async def test_nobody_to_whom_hours_belong_is_listed(worked: AsyncClient, administrator_client: AsyncClient) -> None:
    assert (await worked.delete(TRACKING)).status_code == 204
    assert await usernames(administrator_client) == ["ada", "grace"]


async def test_only_administrators_erase_one(people: People, administrator_client: AsyncClient) -> None:
    me = (await administrator_client.get("/api/v1/auth/me")).json()
    helper = await people.add("helper")
    await people.give(helper, "people:write")
    refused = await (await people.program(helper)).delete(f"/api/v1/users/{me['id']}/activity")
    assert (refused.status_code, refused.json()["type"]) == (403, "right-missing")
    assert (await administrator_client.get("/api/v1/auth/me")).json() == me


async def test_others_are_left_alone(app: FastAPI, people: People, worked: AsyncClient) -> None:
    bob = await people.program(await people.add("bob"))
    assert (await bob.delete(TRACKING)).status_code == 204
    assert len((await worked.get(f"{TRACKING}/export")).json()["activity"]) == 2
    assert (await bob.get(f"{TRACKING}/export")).json()["activity"] == []
    assert app.state.settings.tracking == "consent"
