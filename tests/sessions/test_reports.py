"""What agents report: whose it is, what may be kept, clocks that are wrong."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import event, func, select
from tests.clock import FrozenClock
from tests.people import People
from tests.sessions.doubles import Json, ScriptedAgent, agent_of, application, period, snapshot, window

from deskbay.accounts.models import User
from deskbay.activity.models import Activity, Kind, SignIn
from deskbay.activity.stretches import SECOND
from deskbay.database import Database
from deskbay.sessions.saves import snapshot_of
from deskbay.settings import Tracking

REPORTS = "/api/v1/agent/reports"
RUN = UUID(int=1)


@pytest.fixture(autouse=True)
def at_ten(clock: FrozenClock) -> None:
    clock.advance(hours=1)


@pytest.fixture
async def consenting(ada_client: AsyncClient, agent: ScriptedAgent) -> ScriptedAgent:  # noqa: ARG001 - Ada has consented
    return agent


async def seconds(app: FastAPI, kind: Kind, name: str = "") -> float:
    database: Database = app.state.database
    async with database.read() as db:
        of_kind = select(func.sum(Activity.ends - Activity.starts)).where(Activity.kind == kind, Activity.name == name)
        return (await db.scalar(of_kind) or 0) / SECOND


async def sign_in_of(app: FastAPI, agent: ScriptedAgent) -> SignIn | None:
    database: Database = app.state.database
    async with database.read() as db:
        found: SignIn | None = await db.scalar(select(SignIn).where(SignIn.device_id == agent.device_id))
        return found


@pytest.mark.parametrize("path", ["reports", f"snapshots/{RUN}", f"restores/{RUN}"])
@pytest.mark.parametrize("token", ["", "Bearer nonsense", "Bearer dd_nonsense"])
async def test_nobody_gets_401(client: AsyncClient, path: str, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    answer = await client.post(f"/api/v1/agent/{path}", json={}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "no-device-token")


async def test_a_persons_token_is_no_devices(ada_client: AsyncClient) -> None:
    assert (await ada_client.post(REPORTS, json={})).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"periods": [{"kind": "open"}]},
        {"sign_in": "me"},
        {"sent_at": "yesterday"},
        {"sent_at": "2026-01-05T10:00:00"},
        {"periods": [period("open", "09:00:00", "09:01:00", "x")] * 1001},
        {"snapshot": {"system": "amiga"}},
    ],
)
async def test_bad_input_is_told(agent: ScriptedAgent, wrong: Json) -> None:
    answer = await agent.report(**wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")


async def test_a_newer_agent_may_tell_more(consenting: ScriptedAgent) -> None:
    seen = snapshot(application("gimp", opacity=0.5)) | {"weather": "fine"}
    answer = await consenting.report(period("presence", "09:00:00", "09:10:00") | {"more": 1}, seen=seen, battery=7)
    assert answer.json() == {"results": ["stored"]}


async def test_hours_of_the_person_are_written(app: FastAPI, consenting: ScriptedAgent, ada: User) -> None:
    told = [
        period("presence", "09:00:00", "09:30:00"),
        period("open", "09:00:00", "09:20:00", "gimp"),
        period("foreground", "09:05:00", "09:15:00.5", "gimp"),
    ]
    for _ in range(3):
        assert await consenting.reported(*told) == ["stored"] * 3
    assert await seconds(app, Kind.PRESENCE) == 1800
    assert await seconds(app, Kind.OPEN_APPLICATION, "Gimp") == 1200
    assert await seconds(app, Kind.APPLICATION, "Gimp") == 600.5
    sign_in = await sign_in_of(app, consenting)
    assert sign_in is not None
    assert (sign_in.user_id, sign_in.started_at.isoformat()) == (ada.id, "2026-01-05T09:00:00+00:00")


async def test_a_period_that_grows_is_one_interval(app: FastAPI, consenting: ScriptedAgent) -> None:
    growing = period("presence", "09:00:00", "09:10:00")
    for ends in ("09:10:00", "09:40:00", "09:20:00"):
        await consenting.reported(growing | {"ends": f"2026-01-05T{ends}Z"})
    async with app.state.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Activity)) == 1
    assert await seconds(app, Kind.PRESENCE) == 2400


async def test_a_sign_ins_row_is_written_whenever_its_intervals_are(app: FastAPI, consenting: ScriptedAgent) -> None:
    await consenting.reported(period("presence", "09:00:00", "09:10:00"))
    tables: list[str] = []

    def note(*told: object) -> None:
        command, table, *_ = str(told[2]).replace("INSERT INTO", "INSERT").split()
        tables.extend([table] if command in {"INSERT", "UPDATE"} else [])

    event.listen(app.state.database.engine.sync_engine, "before_cursor_execute", note)
    await consenting.reported(period("open", "09:00:00", "09:10:00", "gimp"))
    assert {"sign_ins", "activity"} <= set(tables)


async def test_who_is_there_is_on_now_for_two_minutes(
    app: FastAPI, consenting: ScriptedAgent, clock: FrozenClock
) -> None:
    await consenting.reported(period("presence", "09:30:00", "10:00:00"))
    sign_in = await sign_in_of(app, consenting)
    assert sign_in is not None
    assert sign_in.ends_at == clock.now() + timedelta(minutes=2)


async def test_what_comes_from_the_queue_makes_nobody_present(app: FastAPI, consenting: ScriptedAgent) -> None:
    await consenting.reported(period("presence", "09:00:00", "09:10:00"))
    await consenting.reported(period("presence", "08:00:00", "08:10:00"))
    sign_in = await sign_in_of(app, consenting)
    assert sign_in is not None
    assert sign_in.started_at.isoformat() == "2026-01-05T08:00:00+00:00"


async def test_each_period_is_told_what_became_of_it(consenting: ScriptedAgent) -> None:
    told = [
        period("open", "09:00:00", "09:10:00", "gimp"),
        period("open", "09:00:00", "10:02:00", "gimp"),
        period("open", "09:10:00", "09:00:00", "gimp"),
        period("open", "09:00:00", "09:10:00"),
        period("open", "09:00:00", "09:10:00", "gimp", run=str(uuid4())),
    ]
    assert await consenting.reported(*told) == ["stored", "in-future", "invalid", "invalid", "unknown-run"]


async def test_a_clock_that_is_wrong_is_measured_and_corrected(
    app: FastAPI, consenting: ScriptedAgent, clock: FrozenClock
) -> None:
    ahead = (clock.now() + timedelta(hours=3)).isoformat()
    told = period("presence", "12:00:00", "12:30:00")
    for late in (0, 900, 600):  # the way of a report takes a while
        clock.advance(milliseconds=late)
        answer = await consenting.report(told, sent_at=ahead)
        assert answer.json() == {"results": ["stored"]}
    assert await seconds(app, Kind.PRESENCE) == 1800
    async with app.state.database.read() as db:
        (interval,) = await db.scalars(select(Activity))
    assert interval.starts % (24 * 3600 * SECOND) == 9 * 3600 * SECOND


async def test_nothing_is_kept_without_consent(app: FastAPI, agent: ScriptedAgent, ada: User) -> None:
    told = period("presence", "09:00:00", "09:10:00")
    assert await agent.reported(told, seen=snapshot(application("gimp"))) == ["not-allowed"]
    assert await seconds(app, Kind.PRESENCE) == 0
    async with app.state.database.read() as db:
        assert await snapshot_of(db, agent.device_id, ada.id) is None


@pytest.mark.parametrize(("policy", "result"), [(Tracking.OFF, "not-allowed"), (Tracking.NOTICE, "stored")])
async def test_the_servers_policy_goes_first(app: FastAPI, consenting: ScriptedAgent, policy: str, result: str) -> None:
    app.state.settings = app.state.settings.model_copy(update={"tracking": policy})
    assert await consenting.reported(period("presence", "09:00:00", "09:10:00")) == [result]


async def test_a_group_that_is_off_has_nothing_recorded_whatever_is_sent(
    app: FastAPI, consenting: ScriptedAgent, ada: User, administrator_client: AsyncClient
) -> None:
    await in_group(administrator_client, ada, tracking="off")
    seen = snapshot(application("gimp"))
    told = [period("presence", "09:00:00", "09:10:00"), period("open", "09:00:00", "09:10:00", "gimp")]
    assert await consenting.reported(*told, seen=seen) == ["not-allowed"] * 2
    async with app.state.database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Activity)) == 0
        assert await snapshot_of(db, consenting.device_id, ada.id) is None
    assert await sign_in_of(app, consenting) is None


async def test_a_group_goes_before_the_server(
    app: FastAPI, agent: ScriptedAgent, ada: User, administrator_client: AsyncClient
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"tracking": Tracking.OFF})
    await in_group(administrator_client, ada, tracking="notice", window_titles=True)
    seen = snapshot(application("gimp", windows=[window(title="Picture")]))
    assert await agent.reported(period("presence", "09:00:00", "09:10:00"), seen=seen) == ["stored"]
    async with app.state.database.read() as db:
        kept = await snapshot_of(db, agent.device_id, ada.id)
    assert kept is not None
    assert kept.applications[0].windows[0].title == "Picture"


async def test_a_group_that_asks_waits_for_the_persons_word(
    agent: ScriptedAgent, reader: AsyncClient, ada: User, administrator_client: AsyncClient
) -> None:
    await in_group(administrator_client, ada, tracking="consent")
    told = period("presence", "09:00:00", "09:10:00")
    assert await agent.reported(told) == ["not-allowed"]
    shown = (await reader.get("/api/v1/tracking")).json()
    assert (shown["policy"], shown["groups"], shown["is_asked"], shown["is_tracked"]) == (
        "consent",
        ["Class 7b"],
        True,
        False,
    )
    agreed = (await reader.put("/api/v1/tracking", json={"consent": True})).json()
    assert (agreed["is_asked"], agreed["is_tracked"]) == (False, True)
    assert await agent.reported(told) == ["stored"]
    withdrawn = (await reader.put("/api/v1/tracking", json={"consent": False})).json()
    assert (withdrawn["is_asked"], withdrawn["is_tracked"]) == (False, False)
    assert await agent.reported(period("presence", "09:10:00", "09:20:00")) == ["not-allowed"]


async def in_group(administrator: AsyncClient, user: User, **policy: object) -> None:
    """Put a person into a group with that policy."""
    made = await administrator.post("/api/v1/groups", json={"name": "Class 7b", **policy})
    members = {"members": [{"user_id": user.id}]}
    (await administrator.post(f"/api/v1/groups/{made.json()['id']}/members", json=members)).raise_for_status()


async def test_what_a_person_excludes_is_dropped(
    app: FastAPI, reader: AsyncClient, agent: ScriptedAgent, ada: User
) -> None:
    await reader.put("/api/v1/tracking", json={"consent": True, "excluded_applications": ["keepassxc"]})
    seen = snapshot(application("keepassxc"), application("gimp", windows=[window(title="Secret")]))
    told = [period("open", "09:00:00", "09:10:00", name) for name in ("keepassxc", "gimp")]
    assert await agent.reported(*told, seen=seen) == ["excluded", "stored"]
    async with app.state.database.read() as db:
        kept = await snapshot_of(db, agent.device_id, ada.id)
    assert kept is not None
    assert [(one.application, one.windows[0].title) for one in kept.applications] == [("gimp", None)]


@pytest.mark.parametrize(("allowed", "kept_title"), [(False, None), (True, "Picture")])
async def test_titles_are_dropped_unless_policy_allows_them(
    app: FastAPI, consenting: ScriptedAgent, ada: User, kept_title: str | None, *, allowed: bool
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"window_titles": allowed})
    await consenting.reported(seen=snapshot(application("gimp", windows=[window(title="Picture")])))
    async with app.state.database.read() as db:
        kept = await snapshot_of(db, consenting.device_id, ada.id)
    assert kept is not None
    assert kept.applications[0].windows[0].title == kept_title


async def test_a_shared_device_needs_a_sign_in(app: FastAPI, ada_client: AsyncClient, clock: FrozenClock) -> None:
    assert ada_client
    shared = await agent_of(app, None, "pc-1")
    told = period("presence", "09:00:00", "09:10:00")
    assert await shared.reported(told) == ["unknown-sign-in"]
    begin = {"id": shared.sign_in, "username": "ada", "next_ping_seconds": 60, "sent_at": clock.now().isoformat()}
    assert (await shared.client.post("/api/v1/sign-ins", json=begin)).status_code == 201
    assert await shared.reported(told) == ["stored"]
    (policy,) = await shared.present()
    assert policy.data["tracking"] is True


async def test_another_devices_sign_in_is_unknown(app: FastAPI, consenting: ScriptedAgent, ada: User) -> None:
    await consenting.reported(period("presence", "09:00:00", "09:10:00"))
    other = await agent_of(app, ada, "other")
    other.sign_in = consenting.sign_in
    assert await other.reported(period("presence", "09:00:00", "09:10:00")) == ["unknown-sign-in"]


async def test_a_snapshot_of_nobody_is_refused(app: FastAPI) -> None:
    shared = await agent_of(app, None, "pc-1")
    answer = await shared.client.post(f"/api/v1/agent/snapshots/{uuid4()}", json=snapshot())
    assert (answer.status_code, answer.json()["type"]) == (409, "nobody-there")


async def test_someone_elses_windows_are_not_shown(app: FastAPI, people: People, consenting: ScriptedAgent) -> None:
    await consenting.reported(seen=snapshot(application("gimp")))
    bob = await people.add("bob")
    async with app.state.database.read() as db:
        assert await snapshot_of(db, consenting.device_id, bob.id) is None
