"""Keeping a desktop, telling of input, and launching with a session, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import update
from tests.clock import FrozenClock
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People, client_of
from tests.sessions.doubles import application, snapshot

from deskbay.desktops.models import Desktop, State, StopCause, Template
from deskbay.desktops.runtimes import Runtime
from deskbay.devices.models import Device
from deskbay.devices.tokens import issue_token

KEEP = "/api/v1/desktops/1/keep"
EXTEND = "/api/v1/desktops/1/extend"
TWO_HOURS_LATER = {"until": "2026-01-05T11:00:00Z"}
EXPORTED = {
    "name": "Thesis",
    "saves": [
        {"saved_at": "2026-01-05T08:00:00Z", "snapshot": snapshot(application("mousepad"))},
    ],
}
INSIDE = [("/api/v1/agent/input", {"idle_seconds": 1}), ("/api/v1/agent/keep", {})]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture(autouse=True)
async def templates(app: FastAPI) -> None:
    await first_start(app.state.database)
    async with app.state.database.write() as db:
        await db.execute(update(Template).values(idle_limit_seconds=3600))


async def launch(client: AsyncClient, **wish: object) -> dict[str, Any]:
    answer = await client.post("/api/v1/desktops", json={"template": "desktop", **wish})
    assert answer.status_code == 201, answer.text
    launched: dict[str, Any] = answer.json()
    return launched


async def runs(app: FastAPI, **known: object) -> AsyncClient:
    """Have desktop 1 run, with what else is known of it; return what its agent asks with."""
    async with app.state.database.write() as db:
        await db.execute(update(Desktop).values(state=State.RUNNING, **known))
        desktop = await db.get_one(Desktop, 1)
        token = issue_token(await db.get_one(Device, desktop.device_id), app.state.clock)
    agent = client_of(app)
    agent.headers["Authorization"] = f"Bearer {token}"
    return agent


@pytest.fixture
async def warned(app: FastAPI, user_client: AsyncClient, clock: FrozenClock) -> AsyncClient:
    """Ada's desktop 1 was not used for 55 minutes; this is its agent."""
    await launch(user_client)
    known = {"active_at": clock.now() - timedelta(minutes=55), "watched_at": clock.now()}
    stop = {"stop_at": clock.now() + timedelta(minutes=5), "stop_cause": StopCause.IDLE}
    return await runs(app, **known, **stop)


async def shown(client: AsyncClient) -> dict[str, Any]:
    desktop: dict[str, Any] = (await client.get("/api/v1/desktops/1")).json()
    return desktop


async def test_a_warning_is_shown_with_the_reason(warned: AsyncClient, user_client: AsyncClient) -> None:
    assert warned
    assert (await shown(user_client))["stop"] == {
        "at": "2026-01-05T09:05:00Z",
        "cause": "idle",
        "reason": "It is stopped when nobody uses it for 1 hour.",
        "can_be_kept": True,
    }


class TestKeep:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await client.post(KEEP)).status_code == 401

    async def test_anothers_desktop_is_not_found(self, warned: AsyncClient, people: People) -> None:
        assert warned
        bob = await people.program(await people.add("bob"))
        assert (await bob.post(KEEP)).status_code == 404

    async def test_an_administrator_may_not(
        self, warned: AsyncClient, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        assert warned
        answer = await administrator_client.post(KEEP)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-the-owner")
        assert (await shown(user_client))["stop"] is not None

    async def test_a_desktop_that_is_not_there(self, user_client: AsyncClient) -> None:
        assert (await user_client.post("/api/v1/desktops/99/keep")).status_code == 404
        assert (await user_client.post("/api/v1/desktops/x/keep")).status_code == 422

    async def test_a_desktop_that_does_not_run(self, user_client: AsyncClient) -> None:
        await launch(user_client)
        answer = await user_client.post(KEEP)
        assert (answer.status_code, answer.json()["type"]) == (409, "not-running")

    async def test_its_person_keeps_it(self, warned: AsyncClient, user_client: AsyncClient) -> None:
        assert warned
        answer = await user_client.post(KEEP)
        assert (answer.status_code, answer.json()["stop"]) == (200, None)

    async def test_one_that_ran_for_as_long_as_it_may(
        self, app: FastAPI, warned: AsyncClient, user_client: AsyncClient
    ) -> None:
        assert warned
        await runs(app, stop_cause=StopCause.LIFETIME)
        answer = await user_client.post(KEEP)
        assert (answer.status_code, answer.json()["type"]) == (409, "lifetime-over")


class TestExtend:
    @pytest.fixture
    async def extendable(self, app: FastAPI, user_client: AsyncClient) -> None:
        """Ada's desktop 1 runs for an hour, and for three at most."""
        async with app.state.database.write() as db:
            await db.execute(update(Template).values(lifetime_seconds=3600, most_lifetime_seconds=3 * 3600))
        await launch(user_client)
        await runs(app)

    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await client.post(EXTEND, json=TWO_HOURS_LATER)).status_code == 401

    @pytest.mark.usefixtures("extendable")
    async def test_anothers_desktop_is_not_found(self, people: People) -> None:
        bob = await people.program(await people.add("bob"))
        assert (await bob.post(EXTEND, json=TWO_HOURS_LATER)).status_code == 404

    @pytest.mark.usefixtures("extendable")
    async def test_an_administrator_may_for_its_owner(self, administrator_client: AsyncClient) -> None:
        answer = await administrator_client.post(EXTEND, json=TWO_HOURS_LATER)
        assert (answer.status_code, answer.json()["ends_at"]) == (200, "2026-01-05T11:00:00Z")

    @pytest.mark.usefixtures("extendable")
    @pytest.mark.parametrize(
        "body", [{}, {"until": "2026-01-05T11:00:00"}, {"until": "soon"}, {**TWO_HOURS_LATER, "x": 1}]
    )
    async def test_nonsense_is_refused(self, user_client: AsyncClient, body: object) -> None:
        assert (await user_client.post(EXTEND, json=body)).status_code == 422
        assert (await shown(user_client))["ends_at"] == "2026-01-05T10:00:00Z"

    @pytest.mark.usefixtures("extendable")
    async def test_after_the_latest_end_it_says_what_is_offered(self, user_client: AsyncClient) -> None:
        answer = await user_client.post(EXTEND, json={"until": "2026-01-05T12:00:01Z"})
        said = "It ends at 2026-01-05 10:00:00 UTC, and may go on until 2026-01-05 12:00:00 UTC."
        assert (answer.status_code, said in answer.json()["detail"]) == (422, True)

    @pytest.mark.usefixtures("extendable")
    async def test_its_owner_moves_the_end(self, user_client: AsyncClient) -> None:
        extended = (await user_client.post(EXTEND, json=TWO_HOURS_LATER)).json()
        assert (extended["ends_at"], extended["latest_end"]) == ("2026-01-05T11:00:00Z", "2026-01-05T12:00:00Z")
        assert (await user_client.post(EXTEND, json=TWO_HOURS_LATER)).status_code == 200  # said twice, it is the same


class TestInside:
    @pytest.mark.parametrize(("path", "body"), INSIDE)
    async def test_without_a_token_it_is_401(self, client: AsyncClient, path: str, body: object) -> None:
        assert (await client.post(path, json=body)).status_code == 401

    @pytest.mark.parametrize(("path", "body"), INSIDE)
    async def test_a_person_is_no_device(self, user_client: AsyncClient, path: str, body: object) -> None:
        assert (await user_client.post(path, json=body)).status_code == 401

    @pytest.mark.parametrize(("path", "body"), INSIDE)
    async def test_another_device_is_no_desktop(
        self, app: FastAPI, warned: AsyncClient, path: str, body: object
    ) -> None:
        async with app.state.database.write() as db:
            await db.execute(update(Desktop).values(device_id=None))
        answer = await warned.post(path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (404, "no-desktop")

    @pytest.mark.parametrize(
        "body", [{}, {"idle_seconds": -1}, {"idle_seconds": "NaN"}, {"idle_seconds": 1e30}, {"idle_seconds": 1, "x": 1}]
    )
    async def test_nonsense_is_refused(self, warned: AsyncClient, user_client: AsyncClient, body: object) -> None:
        assert (await warned.post("/api/v1/agent/input", json=body)).status_code == 422
        assert (await shown(user_client))["stop"] is not None

    async def test_input_takes_the_warning_back(self, warned: AsyncClient, user_client: AsyncClient) -> None:
        assert (await warned.post("/api/v1/agent/input", json={"idle_seconds": 0.4})).status_code == 204
        assert (await shown(user_client))["stop"] is None

    async def test_its_person_keeps_it_from_inside(self, warned: AsyncClient, user_client: AsyncClient) -> None:
        assert (await warned.post("/api/v1/agent/keep", json={})).status_code == 204
        assert (await shown(user_client))["stop"] is None


class TestLaunchWithASession:
    async def session(self, client: AsyncClient) -> int:
        made = await client.post("/api/v1/sessions/import", json=EXPORTED)
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    async def test_it_is_remembered(self, user_client: AsyncClient) -> None:
        session = await self.session(user_client)
        launched = await launch(user_client, session_id=session)
        assert (launched["session_id"], launched["restore"]) == (session, None)

    async def test_a_save_may_be_chosen(self, user_client: AsyncClient) -> None:
        session = await self.session(user_client)
        (save,) = (await user_client.get(f"/api/v1/sessions/{session}/saves")).json()["items"]
        assert (await launch(user_client, session_id=session, save_id=save["id"]))["session_id"] == session

    async def test_anothers_session_is_not_found_and_nothing_is_launched(
        self, user_client: AsyncClient, people: People
    ) -> None:
        session = await self.session(await people.program(await people.add("bob")))
        answer = await user_client.post("/api/v1/desktops", json={"template": "desktop", "session_id": session})
        assert (answer.status_code, answer.json()["type"]) == (404, "no-session")
        assert (await user_client.get("/api/v1/desktops")).json()["items"] == []

    async def test_a_session_in_the_trash_is_refused(self, user_client: AsyncClient) -> None:
        session = await self.session(user_client)
        await user_client.delete(f"/api/v1/sessions/{session}")
        answer = await user_client.post("/api/v1/desktops", json={"template": "desktop", "session_id": session})
        assert (answer.status_code, answer.json()["type"]) == (409, "in-trash")

    async def test_a_save_of_another_session_is_not_found(self, user_client: AsyncClient) -> None:
        session = await self.session(user_client)
        wish = {"template": "desktop", "session_id": session, "save_id": 999}
        assert (await user_client.post("/api/v1/desktops", json=wish)).status_code == 404

    @pytest.mark.parametrize("wish", [{"save_id": 1}, {"session_id": 0}, {"session_id": 2**70}, {"session_id": "x"}])
    async def test_nonsense_is_refused(self, user_client: AsyncClient, wish: dict[str, object]) -> None:
        assert (await user_client.post("/api/v1/desktops", json={"template": "desktop", **wish})).status_code == 422
