"""Everything at once on one device, on every database: one session stays active, and no period is lost or mixed up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from tests.clock import FrozenClock
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import ScriptedAgent, application, period, snapshot

from deskbay.app import create_app
from deskbay.database import Database
from deskbay.sessions.models import Run, Session, Usage
from deskbay.settings import Settings


@pytest.fixture
async def app(database_url: str, database: Database, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[FastAPI]:
    """The server on each kind of database, which `database` empties afterwards."""
    await database.close()
    on_server = None if database_url.startswith("sqlite") else database_url
    app = create_app(Settings(data=tmp_path, database_url=on_server), clock)
    yield app
    await app.state.database.close()


async def test_reports_saves_and_activations_at_once(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        made = [
            (await ada_client.post(SESSIONS, json={"name": f"Work {number}", "activate": False})).json()["id"]
            for number in range(4)
        ]
        await ada_client.post(f"{SESSIONS}/{made[0]}/activate")
        run = (await agent.hear("policy"))["run"]
    clock.advance(minutes=10)
    await agent.reported(period("presence", "09:00:00", "09:00:01"))
    used = [period("open", "09:00:00", "09:10:00", f"app{number}", run=run) for number in range(8)]
    seen = [snapshot(application(f"app{number}")) for number in range(8)]
    answers = await asyncio.gather(
        *(agent.report(one, seen=open_now) for one, open_now in zip(used, seen, strict=True)),
        *(ada_client.post(f"{SESSIONS}/{one}/activate") for one in made),
        *(ada_client.post(f"{SESSIONS}/{one}/save") for one in made),
        *(ada_client.post(f"{SESSIONS}/{made[1]}/restore", json={}) for _ in range(2)),
    )
    assert {answer.status_code for answer in answers} <= {200, 202}, [answer.text for answer in answers]
    async with app.state.database.read() as db:
        assert await db.scalar(select(func.count()).where(Session.active_on.is_not(None))) == 1
        assert await db.scalar(select(func.count()).where(Run.ended_at.is_(None))) == 1
        assert set(await db.scalars(select(Usage.session_id))) == {made[0]}
        assert await db.scalar(select(func.count()).select_from(Usage)) == 8


async def test_a_day_without_the_server_loses_no_second(
    ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    """A thousand periods come at once, and again, because the answer got lost."""
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Work"})).json()
        run = (await agent.hear("policy"))["run"]
    day = [
        {
            "id": str(uuid4()),
            "kind": "open",
            "application": "gimp",
            "name": "Gimp",
            "starts": f"2026-01-05T{9 + minute // 60:02}:{minute % 60:02}:00Z",
            "ends": f"2026-01-05T{9 + minute // 60:02}:{minute % 60:02}:30.25Z",
            "run": run,
        }
        for minute in range(600)
    ]
    clock.advance(minutes=14)
    assert set(await agent.reported(*day)) == {"stored", "in-future"}
    clock.advance(hours=10)
    for _ in range(2):
        assert await agent.reported(*reversed(day)) == ["stored"] * 600
    clock.time = clock.time.replace(hour=9, minute=14)  # Ada's token is good still
    (shown,) = (await ada_client.get(f"{SESSIONS}/{made['id']}/applications")).json()["items"]
    assert (shown["open_seconds"], len(shown["open_periods"])) == (600 * 30.25, 600)


async def test_the_database_itself_keeps_one_session_active(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    made = [(await ada_client.post(SESSIONS, json={"activate": False})).json()["id"] for _ in range(2)]

    async def make_both_active() -> None:
        async with app.state.database.write() as db:
            for one in made:
                (await db.get_one(Session, one)).active_on = agent.device_id

    with pytest.raises(IntegrityError):
        await make_both_active()
