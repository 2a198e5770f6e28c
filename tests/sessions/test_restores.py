"""Restores: one run however often it is asked for, states that only go forward, and an end in any case."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.people import People
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import Json, ScriptedAgent, agent_of, application, snapshot

from deskbay.accounts.models import User
from deskbay.app import create_app
from deskbay.database import Database
from deskbay.sessions.keeper import SessionKeeper
from deskbay.settings import Settings


@pytest.fixture
async def app(database_url: str, database: Database, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[FastAPI]:
    """The server on each kind of database, which `database` empties afterwards."""
    await database.close()
    on_server = None if database_url.startswith("sqlite") else database_url
    app = create_app(Settings(data=tmp_path, database_url=on_server), clock)
    yield app
    await app.state.database.close()


@pytest.fixture
async def work(ada_client: AsyncClient, agent: ScriptedAgent) -> Json:
    """A session in which an editor and a terminal were open."""
    async with agent.listening():
        agent.open = snapshot(application("mousepad", "/home/ada/a b.txt"), application("xterm"))
        made: Json = (await ada_client.post(SESSIONS, json={"name": "Work"})).json()
        await ada_client.post(f"{SESSIONS}/{made['id']}/deactivate", json={})
    return made


async def restore(client: AsyncClient, session: Json, **more: Json) -> Json:
    answer = await client.post(f"{SESSIONS}/{session['id']}/restore", json={}, **more)  # type: ignore[arg-type]
    assert answer.status_code == 202, answer.text
    run: Json = answer.json()
    return run


async def look(client: AsyncClient, run: Json) -> Json:
    shown: Json = (await client.get(f"/api/v1/restores/{run['run']}")).json()
    return shown


def states(run: Json) -> list[str]:
    return [one["state"] for one in run["applications"]]


async def test_pressing_ten_times_at_once_gives_one_run(
    ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    runs = await asyncio.gather(*(restore(ada_client, work) for _ in range(10)))
    assert len({run["run"] for run in runs}) == 1
    (_, wish) = await agent.present()
    assert wish.data["run"] == runs[0]["run"]


async def test_an_agent_that_comes_later_hears_what_is_wished(
    ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    run = await restore(ada_client, work)
    assert (run["state"], states(run)) == ("waiting", ["waiting", "waiting"])
    policy, wish = await agent.present()
    assert (policy.kind, wish.kind) == ("policy", "restore")
    assert wish.data["home"] == "/home/ada"
    await agent.progress(run["run"], finished=True)
    assert [command.kind for command in await agent.present()] == ["policy"]


async def test_states_only_go_forward(ada_client: AsyncClient, agent: ScriptedAgent, work: Json) -> None:
    run = await restore(ada_client, work)
    for state, seen in (("started", "started"), ("waiting", "started"), ("placed", "placed"), ("failed", "placed")):
        told = await agent.progress(run["run"], {"key": "xterm-100", "state": state})
        assert told.status_code == 204
        assert states(await look(ada_client, run)) == ["waiting", seen]
    assert (await look(ada_client, run))["state"] == "running"


async def test_after_the_end_nothing_changes(ada_client: AsyncClient, agent: ScriptedAgent, work: Json) -> None:
    run = await restore(ada_client, work)
    await agent.progress(run["run"], {"key": "xterm-100", "state": "placed"}, finished=True)
    done = await look(ada_client, run)
    assert (done["state"], states(done), done["finished_at"]) == (
        "finished",
        ["failed", "placed"],
        "2026-01-05T09:00:00Z",
    )
    assert "not what became of" in done["applications"][0]["reason"]
    assert (await agent.progress(run["run"], {"key": "mousepad-100", "state": "placed"})).status_code == 204
    assert await look(ada_client, run) == done


async def test_a_device_that_never_answers_ends_the_run_with_a_reason(
    app: FastAPI, ada_client: AsyncClient, work: Json, clock: FrozenClock
) -> None:
    run = await restore(ada_client, work)
    keeper = SessionKeeper(app.state.database, clock, app.state.settings)
    clock.advance(seconds=59)
    await keeper.look()
    assert (await look(ada_client, run))["state"] == "waiting"
    clock.advance(seconds=1)
    await keeper.look()
    ended = await look(ada_client, run)
    assert (ended["state"], states(ended)) == ("finished", ["failed", "failed"])
    assert "did not answer within 60 seconds" in ended["reason"]
    assert ended["applications"][0]["reason"] == ended["reason"]


async def test_progress_gives_the_device_more_time(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent, work: Json, clock: FrozenClock
) -> None:
    run = await restore(ada_client, work)
    keeper = SessionKeeper(app.state.database, clock, app.state.settings)
    for _ in range(3):
        clock.advance(seconds=50)
        await agent.progress(run["run"], {"key": "xterm-100", "state": "started"})
        await keeper.look()
    assert (await look(ada_client, run))["state"] == "running"
    clock.advance(seconds=60)
    await keeper.look()
    assert states(await look(ada_client, run)) == ["failed", "started"]


async def test_a_restarted_server_goes_on_with_the_run(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent, work: Json, clock: FrozenClock
) -> None:
    run = await restore(ada_client, work)
    again = create_app(app.state.settings, clock)
    async with again.state.database.read() as db:
        (_, wish) = await again.state.messenger.present(db, agent.device_id)
    assert wish.data["run"] == run["run"]
    clock.advance(seconds=60)
    await SessionKeeper(again.state.database, clock, again.state.settings).look()
    await again.state.database.close()
    assert (await look(ada_client, run))["state"] == "finished"


async def test_the_same_idempotency_key_gives_the_run_that_is_over(
    ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    first = await restore(ada_client, work, headers={"Idempotency-Key": "once"})
    await agent.progress(first["run"], finished=True)
    again = await restore(ada_client, work, headers={"Idempotency-Key": "once"})
    other = await restore(ada_client, work)
    assert again["run"] == first["run"] != other["run"]


async def test_another_session_takes_the_device(ada_client: AsyncClient, agent: ScriptedAgent, work: Json) -> None:
    first = await restore(ada_client, work)
    copy = (await ada_client.post(f"{SESSIONS}/{work['id']}/clone", json={"name": "Copy"})).json()
    second = await restore(ada_client, copy)
    ended = await look(ada_client, first)
    assert (ended["state"], "Another session" in ended["reason"]) == ("finished", True)
    assert [command.data["run"] for command in (await agent.present())[1:]] == [second["run"]]


async def test_a_session_without_applications_is_back_at_once(ada_client: AsyncClient, agent: ScriptedAgent) -> None:
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Empty"})).json()
        run = await restore(ada_client, made)
    assert (run["state"], run["applications"]) == ("finished", [])


async def test_on_another_device_homes_and_programs_are_those_of_that_device(
    app: FastAPI, ada: User, ada_client: AsyncClient, work: Json
) -> None:
    windows = await agent_of(app, ada, "windows")
    async with windows.listening():
        windows.open = snapshot(system="windows", home=r"C:\Users\ada")
        answer = await ada_client.post(f"{SESSIONS}/{work['id']}/restore", json={"device_id": windows.device_id})
        assert answer.status_code == 202, answer.text
        wish = await windows.hear("restore")
    assert (wish["system"], wish["home"]) == ("windows", r"C:\Users\ada")
    assert wish["applications"][0]["application"] == "notepad"
    assert wish["applications"][0]["command"] == ["mousepad", r"C:\Users\ada\a b.txt"]
    shown = (await ada_client.get(f"{SESSIONS}/{work['id']}")).json()
    assert (shown["device"]["name"], shown["is_active"]) == ("windows", True)


async def test_what_is_not_found_gets_a_suggestion(ada_client: AsyncClient, agent: ScriptedAgent, work: Json) -> None:
    run = await restore(ada_client, work)
    missing = {"state": "not-found", "reason": "there is no such program"}
    await agent.progress(
        run["run"], {"key": "mousepad-100", **missing}, {"key": "xterm-100", **missing, "suggestion": "!"}
    )
    suggestions = [one["suggestion"] for one in (await look(ada_client, run))["applications"]]
    assert suggestions[0].startswith("Install Mousepad on this device, or another program")
    assert suggestions[1] == "!"


async def test_an_earlier_save_can_be_restored(ada_client: AsyncClient, agent: ScriptedAgent, work: Json) -> None:
    async with agent.listening():
        agent.open = snapshot(application("gimp"))
        await ada_client.post(f"{SESSIONS}/{work['id']}/save")
    newest, oldest = (await ada_client.get(f"{SESSIONS}/{work['id']}/saves")).json()["items"]
    assert (newest["applications"], oldest["applications"]) == (1, 2)
    run = await ada_client.post(f"{SESSIONS}/{work['id']}/restore", json={"save_id": oldest["id"]})
    assert [one["application"] for one in run.json()["applications"]] == ["mousepad", "xterm"]


async def test_an_active_session_that_crashed_is_restored_time_and_again(
    ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    async with agent.listening():
        agent.open = snapshot()
        for _ in range(3):
            run = await restore(ada_client, work)
            assert [one["application"] for one in run["applications"]] == ["mousepad", "xterm"]
            await agent.progress(run["run"], finished=True)


async def test_what_is_not_theirs_is_not_there(
    app: FastAPI, people: People, ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    run = await restore(ada_client, work)
    bob = await people.add("bob")
    client, other = await people.program(bob), await agent_of(app, bob, "bobs")
    assert (await client.get(f"/api/v1/restores/{run['run']}")).status_code == 404
    assert (await client.post(f"{SESSIONS}/{work['id']}/restore", json={})).status_code == 404
    assert (await other.progress(run["run"], finished=True)).status_code == 404
    assert (await agent.progress(uuid4(), finished=True)).status_code == 404
    elsewhere = await ada_client.post(f"{SESSIONS}/{work['id']}/restore", json={"device_id": other.device_id})
    assert elsewhere.status_code == 404
    nowhere = await ada_client.post(f"{SESSIONS}/{work['id']}/restore", json={"save_id": 999})
    assert nowhere.status_code == 404
    assert (await look(ada_client, run))["state"] == "waiting"


async def test_a_session_in_the_trash_is_not_restored(ada_client: AsyncClient, work: Json) -> None:
    await ada_client.delete(f"{SESSIONS}/{work['id']}")
    answer = await ada_client.post(f"{SESSIONS}/{work['id']}/restore", json={})
    assert (answer.status_code, answer.json()["type"]) == (409, "in-trash")


async def test_a_sessions_restores_are_listed_newest_first_in_pages(
    ada_client: AsyncClient, agent: ScriptedAgent, work: Json
) -> None:
    runs = []
    for _ in range(3):
        runs.append((await restore(ada_client, work))["run"])
        await agent.progress(runs[-1], finished=len(runs) < 3)
    restores = f"{SESSIONS}/{work['id']}/restores"
    first = (await ada_client.get(f"{restores}?limit=2")).json()
    assert [one["run"] for one in first["items"]] == [runs[2], runs[1]]
    assert [one["state"] for one in first["items"]] == ["running", "finished"]
    assert states(first["items"][0]) == ["waiting", "waiting"]
    rest = (await ada_client.get(f"{restores}?limit=2&cursor={first['next_cursor']}")).json()
    assert ([one["run"] for one in rest["items"]], rest["next_cursor"]) == ([runs[0]], None)


async def test_a_session_that_was_never_restored_has_no_restores(ada_client: AsyncClient, work: Json) -> None:
    listed = (await ada_client.get(f"{SESSIONS}/{work['id']}/restores")).json()
    assert listed == {"items": [], "next_cursor": None}
