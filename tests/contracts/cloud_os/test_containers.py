"""Containers: the contract's rows and rules."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import JsonValue
from structlog.testing import capture_logs
from tests.clock import FrozenClock
from tests.contracts.cloud_os.conftest import IMAGE, KEY, Json, deleted, offer, order, rows
from tests.desktops.doubles import PromptRuntime
from tests.gateway.doubles import until
from tests.people import ORIGIN, People, client_of

from deskbay.accounts.service import find_user, issue_tokens
from deskbay.database import Database
from deskbay.desktops import stops
from deskbay.desktops.models import Desktop, StopCause

LINK = re.compile(rf"{ORIGIN}/#/link/([\w-]{{43}})\?next=/desktops/(\d+)")
NOT_ALLOWED = {"detail": "This image is not allowed"}
REACHED = {"detail": "Maximum containers reached upgrade your plan"}


async def containers(client: AsyncClient) -> dict[str, dict[str, str | int]]:
    answer = await client.get("/users/containers")
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[str, str | int]] = answer.json()
    return found


async def name_of(client: AsyncClient) -> str:
    (container,) = (await containers(client)).values()
    return str(container["server_name"])


async def signed_in_again(people: People, client: AsyncClient) -> None:
    """Give a program whose token has expired meanwhile another one."""
    async with people.database.write() as db:
        user = await find_user(db, "ada")
        assert user
        tokens = await issue_tokens(db, people.issuer, user)
    client.headers["Authorization"] = f"Bearer {tokens.access}"


class TestOrder:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await order(client)).status_code == 401

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_each_step_is_a_line_in_its_words(self, user_client: AsyncClient) -> None:
        answer = await order(user_client)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        lines = answer.text.split("\n")
        link = LINK.fullmatch(lines[4].removeprefix("Service link generated "))
        assert link
        assert lines == [
            "Server creation initiated.",
            "Recieved server id 1 .",
            "Waiting for IP address...",
            "Got IP address 127.0.0.1",
            f"Service link generated {link[0]}",
            "Adding server detains in db.",
            "Server added in db successfully.",
            "Container created successfully.",
            "",
        ]
        assert link[2] == "1"

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_it_is_a_desktop_like_any_other(self, user_client: AsyncClient, farm: PromptRuntime) -> None:
        await order(user_client)
        (desktop,) = (await user_client.get("/api/v1/desktops")).json()["items"]
        assert (desktop["name"], desktop["state"]) == ("Firefox", "running")
        (spec,) = farm.launches
        assert (spec.image, spec.port, spec.home) == (IMAGE, 5900, spec.desktop)
        assert spec.environment["VNC_PASSWORD"] == "Secret123"

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_the_password_is_sealed_and_in_no_log(
        self, app: FastAPI, user_client: AsyncClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        with capture_logs() as told:
            answer = await order(user_client)
        (desktop,) = await rows(app)
        assert desktop.sealed_password
        assert "Secret123" not in desktop.sealed_password
        assert app.state.vault.open(desktop.sealed_password) == "Secret123"
        shown = (await user_client.get("/api/v1/desktops/1")).text + (await user_client.get("/users/containers")).text
        assert "Secret123" not in caplog.text + str(told) + answer.text + shown

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_it_is_the_same_when_the_desktop_is_started_again(
        self, user_client: AsyncClient, farm: PromptRuntime
    ) -> None:
        await order(user_client)
        await user_client.post("/api/v1/desktops/1/stop")
        await until(lambda: not farm.seen)
        await user_client.post("/api/v1/desktops/1/start")
        await until(lambda: len(farm.launches) == 2)
        assert {spec.environment["VNC_PASSWORD"] for spec in farm.launches} == {"Secret123"}

    @pytest.mark.usefixtures("firefox")
    async def test_a_password_is_letters_and_digits(self, app: FastAPI, user_client: AsyncClient) -> None:
        for password in ("", "with blank", "pass-word", "пароль", "a;reboot", "$(id)", "secret\n"):
            answer = await order(user_client, password=password)
            assert answer.status_code == 406, password
            assert answer.json() == {"detail": "Password should only contain numbers and alphabets"}
        assert await rows(app) == []

    @pytest.mark.usefixtures("firefox")
    async def test_an_image_without_a_template_is_not_allowed(self, app: FastAPI, user_client: AsyncClient) -> None:
        for image in ("example/chrome", "", "firefox; reboot", "$(id)", "example/firefox"):
            answer = await order(user_client, container_image=image)
            assert (answer.status_code, answer.json()) == (406, NOT_ALLOWED), image
        assert await rows(app) == []

    @pytest.mark.parametrize("different", [{"is_disabled": True}, {"is_for_everyone": False}])
    @pytest.mark.usefixtures("firefox")
    async def test_nor_is_one_that_one_may_not_launch(
        self, user_client: AsyncClient, administrator_client: AsyncClient, different: Json
    ) -> None:
        await offer(administrator_client, image="example/chrome", **different)
        answer = await order(user_client, container_image="example/chrome")
        assert (answer.status_code, answer.json()) == (406, NOT_ALLOWED)

    @pytest.mark.usefixtures("firefox")
    async def test_what_makes_no_sense_is_listed(self, user_client: AsyncClient) -> None:
        wrong: list[tuple[str, JsonValue]] = [("port", 0), ("port", 65536), ("port", "many"), ("password", 5)]
        for field, value in (*wrong, ("container_image", "a\nb")):
            answer = await order(user_client, **{field: value})
            assert answer.status_code == 422, value
            assert answer.json()["detail"][0]["loc"] == ["body", field]
            assert "Secret123" not in answer.text

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_the_port_tells_templates_of_one_image_apart(
        self, user_client: AsyncClient, administrator_client: AsyncClient, farm: PromptRuntime
    ) -> None:
        await offer(administrator_client, name="Firefox elsewhere", port=5901)
        for port in (5901, 5900, 1234, None):
            await order(user_client, port=port)
        assert [spec.port for spec in farm.launches] == [5901, 5900, 5900, 5900]

    @pytest.mark.usefixtures("reconciling")
    async def test_a_template_is_called_by_its_name_too(
        self, firefox: Json, user_client: AsyncClient, farm: PromptRuntime
    ) -> None:
        assert (await order(user_client, container_image=firefox["slug"])).status_code == 200
        assert farm.launches[0].image == IMAGE

    @pytest.mark.usefixtures("firefox")
    async def test_where_there_is_no_room_that_is_said(
        self, app: FastAPI, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        (farm,) = (await administrator_client.get("/api/v1/runtimes")).json()["items"]
        drained = await administrator_client.put(f"/api/v1/runtimes/{farm['id']}", json={"is_drained": True})
        assert drained.is_success
        answer = await order(user_client)
        assert answer.status_code == 409
        assert "Drained, and takes no desktops now" in answer.json()["detail"]
        assert await rows(app) == []


class TestLimit:
    @pytest.fixture
    async def one_only(self, app: FastAPI) -> None:
        app.state.settings = app.state.settings.model_copy(update={"desktops_per_user": 1})

    @pytest.mark.usefixtures("firefox", "one_only", "reconciling")
    async def test_more_than_there_may_be_are_refused(self, user_client: AsyncClient) -> None:
        assert (await order(user_client)).status_code == 200
        answer = await order(user_client)
        assert (answer.status_code, answer.json()) == (429, REACHED)
        assert (await user_client.get("/user")).json()["max_containers"] == 1

    @pytest.mark.usefixtures("firefox", "one_only", "reconciling")
    async def test_ten_at_once_make_one(self, app: FastAPI, user_client: AsyncClient) -> None:
        answers = await asyncio.gather(*(order(user_client) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [200] + [429] * 9
        assert len(await rows(app)) == 1

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_an_allowance_of_running_ones_is_a_limit_too(
        self, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        user_id = (await user_client.get("/api/v1/auth/me")).json()["id"]
        await administrator_client.post("/api/v1/allowances", json={"user_id": user_id, "desktops": 1})
        assert (await order(user_client)).status_code == 200
        assert (await order(user_client)).json() == REACHED


class TestLimitOnEachDatabase:
    """The whole application on each database: what counts is that two transactions can't count at once."""

    @pytest.fixture
    async def app(self, app: FastAPI, database: Database) -> AsyncIterator[FastAPI]:
        own = app.state.database
        app.state.database, app.state.bus = database, database.bus
        yield app
        app.state.database, app.state.bus = own, own.bus

    @pytest.mark.usefixtures("firefox")
    async def test_ten_at_once_under_a_limit_of_one_make_one(self, app: FastAPI, user_client: AsyncClient) -> None:
        app.state.settings = app.state.settings.model_copy(update={"desktops_per_user": 1})
        orders = [asyncio.create_task(order(user_client)) for _ in range(10)]
        refused = 0
        while refused < 9:
            done, _ = await asyncio.wait(orders, return_when=asyncio.FIRST_COMPLETED)
            refused += len([one for one in done if one.result().status_code == 429])
            orders = [one for one in orders if one not in done]
        assert len(orders) == 1  # it waits for its container
        (desktop,) = await rows(app)
        await user_client.delete("/users/container", params={"container_id": str(desktop.id)})
        assert (await orders[0]).text.endswith("Connection Error. retry after some time\n")


class TestList:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await client.get("/users/containers")).status_code == 401

    @pytest.mark.usefixtures("reconciling")
    async def test_each_is_told_with_a_link(
        self, firefox: Json, user_client: AsyncClient, people: People, clock: FrozenClock
    ) -> None:
        await order(user_client)
        clock.advance(days=2, hours=3, minutes=59)
        await signed_in_again(people, user_client)
        found = await containers(user_client)
        (desktop,) = (await user_client.get("/api/v1/desktops")).json()["items"]
        assert desktop["template"]["slug"] == firefox["slug"]
        link = found["1"].pop("service_url")
        name = found["1"].pop("server_name")
        assert found == {
            "1": {
                "container_image": IMAGE,
                "port": 5900,
                "up_time": "2 days 3 hours",
                "status": "running",
                "server_ip": "127.0.0.1",
            }
        }
        assert re.fullmatch(r"firefox-[0-9a-f-]{36}", str(name))
        assert LINK.fullmatch(str(link))
        user = (await user_client.get("/user")).json()
        assert (user["active_containers"], list(user["containers"])) == (1, ["1"])

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_the_link_signs_in_once(self, app: FastAPI, user_client: AsyncClient) -> None:
        await order(user_client)
        found = LINK.fullmatch(str((await containers(user_client))["1"]["service_url"]))
        assert found
        async with client_of(app) as page:
            page.headers["Origin"] = ORIGIN
            signed_in = await page.post("/api/v1/auth/link", json={"token": found[1]})
            assert signed_in.json()["username"] == "ada"
            assert (await page.get(f"/api/v1/desktops/{found[2]}")).status_code == 200
            assert (await page.post("/api/v1/auth/link", json={"token": found[1]})).status_code == 401

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_a_narrow_token_gets_no_link_that_signs_in(self, app: FastAPI, user_client: AsyncClient) -> None:
        await order(user_client)
        wish = {"name": "robot", "scopes": ["desktops:read"], "expires_in_days": 1}
        secret = (await user_client.post("/api/v1/tokens", json=wish)).json()["token"]
        async with client_of(app) as robot:
            robot.headers["Authorization"] = f"Bearer {secret}"
            found = await containers(robot)
            assert found["1"]["service_url"] == f"{ORIGIN}/desktops/1"
            assert (await order(robot)).status_code == 403

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_one_that_does_not_run_has_been_up_for_nothing(
        self, user_client: AsyncClient, people: People, farm: PromptRuntime, clock: FrozenClock
    ) -> None:
        await order(user_client)
        await user_client.post("/api/v1/desktops/1/stop")
        await until(lambda: not farm.seen)
        clock.advance(days=1)
        await signed_in_again(people, user_client)
        assert (await containers(user_client))["1"]["up_time"] == "0 days 0 hours"

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_others_are_not_shown(self, user_client: AsyncClient, administrator_client: AsyncClient) -> None:
        await order(user_client)
        assert await containers(administrator_client) == {}


class TestDelete:
    async def test_anonymous_gets_401(self, client: AsyncClient) -> None:
        assert (await client.delete("/users/container", params={"container_id": "1"})).status_code == 401

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_its_owner_gets_those_that_remain(self, user_client: AsyncClient, farm: PromptRuntime) -> None:
        await order(user_client)
        await order(user_client)
        answer = await user_client.delete("/users/container", params={"container_id": "1"})
        assert (answer.status_code, list(answer.json())) == (200, ["2"])
        await until(lambda: len(farm.seen) == 1)
        again = await user_client.delete("/users/container", params={"container_id": "1"})
        assert (again.status_code, again.json()) == (404, {"detail": "Container not found"})

    async def test_what_is_not_there_is_404(self, user_client: AsyncClient) -> None:
        for container_id in ("99", "0", "-1", "one", "", "1' OR '1'='1", "9" * 30, "٣"):
            answer = await user_client.delete("/users/container", params={"container_id": container_id})
            assert answer.status_code == 404, container_id

    async def test_without_an_id_it_is_listed(self, user_client: AsyncClient) -> None:
        assert (await user_client.delete("/users/container")).status_code == 422

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_nobody_else_deletes_it(
        self, user_client: AsyncClient, administrator_client: AsyncClient, people: People
    ) -> None:
        await order(user_client)
        for other in (administrator_client, await people.program(await people.add("eve"))):
            assert (await other.delete("/users/container", params={"container_id": "1"})).status_code == 404
        assert list(await containers(user_client)) == ["1"]

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_its_password_goes_with_it(self, app: FastAPI, user_client: AsyncClient) -> None:
        await order(user_client)
        await user_client.delete("/users/container", params={"container_id": "1"})
        assert (await deleted(app)).sealed_password is None


class TestDeleteByKey:
    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_whoever_has_the_key_deletes(self, client: AsyncClient, user_client: AsyncClient) -> None:
        await order(user_client)
        answer = await client.delete(f"/container/{await name_of(user_client)}", params={"delete_key": KEY})
        assert (answer.status_code, answer.json()) == (200, {"Success": "Container Deleted"})
        assert await containers(user_client) == {}

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_another_key_does_not(self, client: AsyncClient, user_client: AsyncClient) -> None:
        await order(user_client)
        path = f"/container/{await name_of(user_client)}"
        for key in (None, "", "another", KEY.upper(), KEY + "\x00", "ключ"):
            answer = await client.delete(path, params={} if key is None else {"delete_key": key})
            assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid Admin Key"}), key
        assert list(await containers(user_client)) == ["1"]

    @pytest.mark.parametrize("unset", [{"delete_key": None}, {"delete_key": ""}])
    async def test_where_none_is_set_none_is_good(self, app: FastAPI, client: AsyncClient, unset: Json) -> None:
        app.state.settings = type(app.state.settings).model_validate({"data": app.state.settings.data, **unset})
        for query in ({}, {"delete_key": ""}, {"delete_key": "None"}):
            answer = await client.delete("/container/firefox", params=query)
            assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid Admin Key"}), query

    async def test_what_is_not_there_is_404(self, client: AsyncClient) -> None:
        for name in ("firefox", "1", "firefox-00000000-0000-4000-8000-000000000000", "x" * 500):
            answer = await client.delete(f"/container/{name}", params={"delete_key": KEY})
            assert (answer.status_code, answer.json()) == (404, {"detail": "Container not found"}), name

    async def test_who_guesses_has_to_wait(self, client: AsyncClient) -> None:
        answers = [await client.delete("/container/x", params={"delete_key": f"{n}"}) for n in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        right = await client.delete("/container/x", params={"delete_key": KEY})
        assert right.status_code == 429

    @pytest.mark.usefixtures("firefox", "reconciling")
    async def test_it_is_in_no_log_and_in_no_container(
        self, client: AsyncClient, user_client: AsyncClient, farm: PromptRuntime, caplog: pytest.LogCaptureFixture
    ) -> None:
        await order(user_client)
        with capture_logs() as told:
            await client.delete("/container/x", params={"delete_key": "guessed"})
            await client.delete("/container/x", params={"delete_key": KEY})
        assert KEY not in caplog.text + str(told) + str(farm.launches[0].environment)
        assert "guessed" not in caplog.text + str(told)


@pytest.mark.usefixtures("firefox", "reconciling")
class TestLifetime:
    async def look(self, app: FastAPI, clock: FrozenClock) -> Desktop | None:
        """Have the server look after the container, as it does all the time."""
        async with app.state.database.write() as db:
            desktop = await stops.lock_desktop(db, 1)
            assert desktop
            stops.review(db, desktop, clock.now())
        return (await rows(app))[0]

    async def test_it_has_that_of_the_settings(self, app: FastAPI, user_client: AsyncClient) -> None:
        await order(user_client)
        desktop = (await user_client.get("/api/v1/desktops/1")).json()
        assert (desktop["ends_at"], desktop["latest_end"]) == ("2026-01-06T09:00:00Z", "2026-01-12T09:00:00Z")
        assert (await rows(app))[0].keeps_home is False

    async def test_its_owner_is_warned_and_may_extend_it(
        self, app: FastAPI, user_client: AsyncClient, people: People, clock: FrozenClock
    ) -> None:
        await order(user_client)
        clock.advance(hours=23, minutes=55)
        await signed_in_again(people, user_client)
        warned = await self.look(app, clock)
        assert warned
        assert (warned.stop_cause, warned.stop_at) == (StopCause.LIFETIME, clock.now() + timedelta(minutes=5))
        stop = (await user_client.get("/api/v1/desktops/1")).json()["stop"]
        assert (stop["cause"], stop["can_be_kept"]) == ("lifetime", True)
        assert (await user_client.post("/api/v1/desktops/1/keep")).is_success
        assert (await user_client.get("/api/v1/desktops/1")).json()["ends_at"] == "2026-01-07T09:00:00Z"
        too_far = await user_client.post("/api/v1/desktops/1/extend", json={"until": "2026-01-12T09:00:01Z"})
        assert too_far.status_code == 422

    async def test_it_goes_away_when_its_time_is_up(
        self, app: FastAPI, user_client: AsyncClient, people: People, clock: FrozenClock, farm: PromptRuntime
    ) -> None:
        await order(user_client)
        clock.advance(hours=23, minutes=55)
        await self.look(app, clock)
        clock.advance(minutes=5)
        ended = await self.look(app, clock)
        assert ended
        assert ended.reason == "It ran for 24 hours, as long as it may."
        await until(lambda: ended.uuid in farm.forgotten)
        await signed_in_again(people, user_client)
        assert await containers(user_client) == {}

    async def test_the_templates_lifetime_goes_before(
        self, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        await offer(administrator_client, image="example/chrome", lifetime_seconds=3600)
        await order(user_client, container_image="example/chrome")
        desktop = (await user_client.get("/api/v1/desktops/1")).json()
        assert desktop["ends_at"] == desktop["latest_end"] == "2026-01-05T10:00:00Z"
