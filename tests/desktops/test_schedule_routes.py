"""Schedules of desktops over HTTP."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.desktops.runtimes import Runtime

SCHEDULE = "/api/v1/desktops/1/schedule"
WISH = {"days": ["mon", "fri"], "starts_at": "08:30", "stops_at": "18:00", "zone": "Europe/Berlin"}


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture
async def desktop(app: FastAPI, user_client: AsyncClient) -> None:
    """Ada has desktop 1."""
    await first_start(app.state.database)
    assert (await user_client.post("/api/v1/desktops", json={"template": "desktop"})).status_code == 201


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_anonymous_gets_401(client: AsyncClient, method: str) -> None:
    assert (await client.request(method, SCHEDULE, json=WISH)).status_code == 401


@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_anothers_desktop_is_not_found(people: People, method: str) -> None:
    bob = await people.program(await people.add("bob"))
    assert (await bob.request(method, SCHEDULE, json=WISH)).status_code == 404


@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize(
    "different",
    [
        {"days": []},
        {"days": ["monday"]},
        {"starts_at": "25:00"},
        {"starts_at": "08:30:01"},
        {"starts_at": "08:30Z"},
        {"starts_at": None, "stops_at": None},
        {"zone": "Europe/Atlantis"},
        {"zone": "../../etc/passwd"},
        {"x": 1},
    ],
)
async def test_nonsense_is_refused(user_client: AsyncClient, different: dict[str, object]) -> None:
    assert (await user_client.put(SCHEDULE, json={**WISH, **different})).status_code == 422
    assert (await user_client.get(SCHEDULE)).json() is None


@pytest.mark.usefixtures("desktop")
async def test_it_is_set_shown_and_taken_away(user_client: AsyncClient) -> None:
    set_now = (await user_client.put(SCHEDULE, json=WISH)).json()
    assert set_now == {**WISH, "next_start_at": "2026-01-09T07:30:00Z", "next_stop_at": "2026-01-05T17:00:00Z"}
    assert (await user_client.get(SCHEDULE)).json() == set_now
    shown = (await user_client.get("/api/v1/desktops/1")).json()
    assert (shown["scheduled_start_at"], shown["scheduled_stop_at"]) == (
        set_now["next_start_at"],
        set_now["next_stop_at"],
    )
    assert (await user_client.delete(SCHEDULE)).status_code == 204
    assert (await user_client.get(SCHEDULE)).json() is None
    assert (await user_client.get("/api/v1/desktops/1")).json()["scheduled_start_at"] is None


@pytest.mark.usefixtures("desktop")
async def test_an_administrator_may(administrator_client: AsyncClient) -> None:
    assert (await administrator_client.put(SCHEDULE, json={**WISH, "stops_at": None})).status_code == 200
