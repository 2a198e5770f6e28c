"""Rules about what may run, over HTTP."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import update
from tests.clock import FrozenClock
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start

from deskbay.desktops.models import Change, Desktop, State
from deskbay.desktops.runtimes import Runtime
from deskbay.settings import Settings

ALLOWANCES = "/api/v1/allowances"
TWO = {"user_id": 1, "desktops": 2}
MANAGED = [("GET", ""), ("POST", ""), ("PUT", "/1"), ("DELETE", "/1")]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture(autouse=True)
async def templates(app: FastAPI) -> None:
    await first_start(app.state.database)


async def make(client: AsyncClient, **wish: object) -> dict[str, Any]:
    answer = await client.post(ALLOWANCES, json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def group(client: AsyncClient) -> int:
    """Make a group with Ada in it."""
    made = (await client.post("/api/v1/groups", json={"name": "Lab"})).json()
    members = {"members": [{"user_id": 1}]}
    assert (await client.post(f"/api/v1/groups/{made['id']}/members", json=members)).is_success
    return int(made["id"])


@pytest.mark.parametrize(("method", "path"), MANAGED)
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, ALLOWANCES + path, json=TWO)).status_code == 401


@pytest.mark.parametrize(("method", "path"), MANAGED)
async def test_others_than_administrators_get_403(user_client: AsyncClient, method: str, path: str) -> None:
    assert (await user_client.request(method, ALLOWANCES + path, json=TWO)).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_what_is_not_there_is_not_found(administrator_client: AsyncClient, method: str) -> None:
    answer = await administrator_client.request(method, f"{ALLOWANCES}/9", json=TWO)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-allowance")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"desktops": 2},
        {"user_id": 1},
        {"user_id": 1, "group_id": 1, "desktops": 2},
        {"user_id": 1, "desktops": -1},
        {"user_id": 1, "desktops": 2, "is_shared": True},
        {"user_id": 1, "hours": 2},
        {"user_id": 1, "hours": 2, "period": "year"},
        {"user_id": 1, "desktops": 2, "period": "week"},
        {"user_id": 1, "hours": "NaN", "period": "week"},
        {**TWO, "x": 1},
    ],
)
async def test_nonsense_is_refused(administrator_client: AsyncClient, wish: dict[str, object]) -> None:
    assert (await administrator_client.post(ALLOWANCES, json=wish)).status_code == 422


@pytest.mark.parametrize(("wish", "kind"), [({"user_id": 99}, "no-user"), ({"group_id": 99}, "no-group")])
async def test_people_who_are_not_there_get_nothing(
    administrator_client: AsyncClient, wish: dict[str, int], kind: str
) -> None:
    answer = await administrator_client.post(ALLOWANCES, json={**wish, "desktops": 1})
    assert (answer.status_code, answer.json()["type"]) == (404, kind)
    assert (await administrator_client.get(ALLOWANCES)).json()["items"] == []


async def test_a_second_one_for_the_same_people_is_refused(administrator_client: AsyncClient) -> None:
    lab = await group(administrator_client)
    await make(administrator_client, group_id=lab, desktops=2)
    answer = await administrator_client.post(ALLOWANCES, json={"group_id": lab, "desktops": 3})
    assert (answer.status_code, answer.json()["type"]) == (409, "second-allowance")
    shared = await make(administrator_client, group_id=lab, is_shared=True, desktops=9)
    assert (shared["group"]["name"], shared["is_shared"]) == ("Lab", True)


async def test_it_is_made_changed_and_taken_away(administrator_client: AsyncClient) -> None:
    made = await make(administrator_client, **TWO)
    assert (made["user"]["username"], made["group"], made["desktops"], made["hours"]) == ("grace", None, 2, None)
    wish = {"user_id": 1, "cpus": 1.5, "hours": 40, "period": "month"}
    changed = (await administrator_client.put(f"{ALLOWANCES}/1", json=wish)).json()
    assert (changed["desktops"], changed["cpus"], changed["hours"], changed["period"]) == (None, 1.5, 40, "month")
    assert (await administrator_client.get(ALLOWANCES)).json()["items"] == [changed]
    assert (await administrator_client.delete(f"{ALLOWANCES}/1")).status_code == 204
    assert (await administrator_client.get(ALLOWANCES)).json()["items"] == []


class TestMine:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await client.get(f"{ALLOWANCES}/mine")).status_code == 401

    async def test_without_rules_there_is_no_end(self, user_client: AsyncClient) -> None:
        mine = (await user_client.get(f"{ALLOWANCES}/mine")).json()
        assert mine == {"most_running": None, "running": 0, "budgets": []}

    async def test_it_tells_what_is_left(
        self, app: FastAPI, user_client: AsyncClient, administrator_client: AsyncClient, clock: FrozenClock
    ) -> None:
        await make(administrator_client, group_id=await group(administrator_client), hours=40, period="week")
        await make(administrator_client, user_id=1, desktops=3)
        await user_client.post("/api/v1/desktops", json={"template": "desktop"})
        async with app.state.database.write() as db:
            await db.execute(update(Desktop).values(state=State.RUNNING))
            db.add(Change(desktop_id=1, owner_id=1, at=clock.now(), state=State.RUNNING))
        clock.advance(minutes=6)
        mine = (await user_client.get(f"{ALLOWANCES}/mine")).json()
        assert (mine["most_running"], mine["running"]) == (3, 1)
        assert mine["budgets"] == [
            {
                "group": "Lab",
                "is_shared": False,
                "period": "week",
                "hours": 40,
                "used_hours": 0.1,
                "resets_at": "2026-01-12T00:00:00Z",
            }
        ]


async def test_a_launch_over_the_default_is_refused_with_a_sentence(app: FastAPI, user_client: AsyncClient) -> None:
    app.state.settings = Settings(data=app.state.settings.data, running_desktops_per_user=1)
    launch = {"template": "desktop"}
    assert (await user_client.post("/api/v1/desktops", json=launch)).status_code == 201
    refused = await user_client.post("/api/v1/desktops", json=launch)
    said = "You may have 1 desktop running at once, and 1 would go on beside this one. Stop a desktop, or ask an admin"
    assert (refused.status_code, said in refused.json()["detail"]) == (409, True)
    assert len((await user_client.get("/api/v1/desktops")).json()["items"]) == 1


async def test_a_start_without_hours_left_is_refused(
    app: FastAPI, user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await user_client.post("/api/v1/desktops", json={"template": "desktop"})
    async with app.state.database.write() as db:
        await db.execute(update(Desktop).values(wanted="stopped", state=State.STOPPED))
    await make(administrator_client, user_id=1, hours=0, period="month")
    refused = await user_client.post("/api/v1/desktops/1/start")
    assert (refused.status_code, refused.json()["type"]) == (409, "budget-used-up")
