"""What is told when a container does not come up at once, and that nothing is left of one that never does."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select
from tests.contracts.cloud_os.conftest import Json, deleted, order
from tests.desktops.doubles import PromptRuntime, RefusingRuntime, SlowRuntime
from tests.gateway.doubles import until
from tests.people import People, as_caller

from deskbay.accounts.rights.scopes import Scope
from deskbay.contracts.cloud_os import creation
from deskbay.contracts.cloud_os.creation import Creation
from deskbay.desktops import service as desktops
from deskbay.desktops.models import Desktop
from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Report

pytestmark = pytest.mark.usefixtures("firefox", "reconciling")
BEGINNING = ["Server creation initiated.", "Recieved server id 1 .", "Waiting for IP address..."]
RETRYING = "Connection error. Retrying..."
IN_VAIN = "Connection Error. retry after some time"


class LateRuntime(PromptRuntime):
    """Can't launch anything the first few times."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = 2

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        if self.refusals:
            self.refusals -= 1
            raise LaunchError("The host does not answer. Try again.")
        await super().launch(spec, report)


class ForgetfulRuntime(RefusingRuntime):
    """Can't launch anything, and tells of what it was to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[UUID] = []

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        self.asked.append(spec.desktop)
        await super().launch(spec, report)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "PAUSES", (0.0, 0.0))


async def left(client: AsyncClient) -> Json:
    there = {"containers": (await client.get("/users/containers")).json()}
    return {**there, "desktops": (await client.get("/api/v1/desktops")).json()["items"]}


class TestLate:
    @pytest.fixture
    def farm(self) -> LateRuntime:
        return LateRuntime()

    async def test_each_further_try_is_told(self, user_client: AsyncClient) -> None:
        lines = (await order(user_client)).text.splitlines()
        assert lines[:5] == [*BEGINNING, RETRYING, RETRYING]
        assert lines[5].startswith("Got IP address")
        assert lines[-1] == "Container created successfully."
        assert (await user_client.get("/users/containers")).json()["1"]["status"] == "running"


class TestInVain:
    @pytest.fixture
    def farm(self) -> ForgetfulRuntime:
        return ForgetfulRuntime()

    async def test_after_some_tries_nothing_is_left(
        self, app: FastAPI, user_client: AsyncClient, farm: ForgetfulRuntime
    ) -> None:
        answer = await order(user_client)
        assert answer.status_code == 200
        assert answer.text.splitlines() == [*BEGINNING, RETRYING, RETRYING, IN_VAIN]
        assert await left(user_client) == {"containers": {}, "desktops": []}
        assert len(farm.asked) == 3
        assert (await deleted(app)).sealed_password is None
        assert farm.forgotten == set(farm.asked)

    async def test_it_counts_no_more(self, app: FastAPI, user_client: AsyncClient) -> None:
        app.state.settings = app.state.settings.model_copy(update={"desktops_per_user": 1})
        await order(user_client)
        assert (await order(user_client)).status_code == 200

    async def test_where_it_may_not_be_started_again_it_is_over_at_once(
        self, user_client: AsyncClient, administrator_client: AsyncClient, farm: ForgetfulRuntime
    ) -> None:
        (row,) = (await administrator_client.get("/api/v1/runtimes")).json()["items"]
        launched = asyncio.create_task(order(user_client))
        await until(lambda: bool(farm.asked))
        await administrator_client.put(f"/api/v1/runtimes/{row['id']}", json={"is_drained": True})
        lines = (await launched).text.splitlines()
        assert lines[-1] == IN_VAIN
        assert await left(user_client) == {"containers": {}, "desktops": []}


class TestSlow:
    @pytest.fixture
    def farm(self) -> SlowRuntime:
        return SlowRuntime()

    @pytest.fixture
    async def lines(
        self, app: FastAPI, user_client: AsyncClient, people: People, farm: SlowRuntime
    ) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of a creation, as they come."""
        ordering = asyncio.create_task(order(user_client))
        await farm.begun.wait()
        async with people.database.read() as db:
            (desktop,) = await db.scalars(select(Desktop).options(*desktops.WHOLE))
        state = app.state
        caller = as_caller(desktop.owner, Scope.DESKTOPS_WRITE)
        told = Creation(state.database, state.bus, state.clock, state.settings, caller, "https://desk.example.org", 1)
        yield told.lines()
        farm.go_on.set()
        await ordering

    async def test_lines_come_as_things_happen(self, lines: AsyncIterator[str], farm: SlowRuntime) -> None:
        assert [await anext(lines) for _ in BEGINNING] == [f"{line}\n" for line in BEGINNING]
        waiting = asyncio.ensure_future(anext(lines))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        farm.go_on.set()
        assert await waiting == "Got IP address desk.example.org\n"

    async def test_one_that_is_deleted_meanwhile_is_gone(
        self, lines: AsyncIterator[str], user_client: AsyncClient, farm: SlowRuntime
    ) -> None:
        assert [await anext(lines) for _ in BEGINNING]
        await user_client.delete("/users/container", params={"container_id": "1"})
        farm.go_on.set()
        assert [line async for line in lines] == [f"{IN_VAIN}\n"]

    async def test_one_that_is_stopped_meanwhile_is_taken_back(
        self, lines: AsyncIterator[str], user_client: AsyncClient, farm: SlowRuntime
    ) -> None:
        assert [await anext(lines) for _ in BEGINNING]
        await user_client.post("/api/v1/desktops/1/stop")
        farm.go_on.set()
        assert [line async for line in lines] == [f"{IN_VAIN}\n"]
        assert await left(user_client) == {"containers": {}, "desktops": []}
