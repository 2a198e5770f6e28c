"""Connections: the contract's examples and rules."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.contracts.desktop_manager.conftest import Json
from tests.desktops.doubles import NeverReadyRuntime, PromptRuntime, RefusingRuntime
from tests.desktops.stores import StoringRuntime
from tests.gateway.doubles import until
from tests.guacamole import SimulatedGuacamole, serving
from tests.people import People

from deskbay.contracts.desktop_manager import connections
from deskbay.desktops.runtimes import Display, Runtime, TcpDisplay
from deskbay.desktops.volume_keeper import VolumeKeeper
from deskbay.gateway.guacamole.ledger import Ledger
from deskbay.gateway.guacamole.models import GuacamoleConnection
from deskbay.settings import Settings

ALL = "/api/connections"
GUACAMOLE_KEY = "4C0B569E4C96DF157EEE1B65DD0E4D41"
RELEASE = re.compile(r"desk-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


async def scale_up(client: AsyncClient, **wish: object) -> Json:
    answer = await client.post(f"{ALL}/scaleup", json={"name": "desk", **wish})
    assert answer.status_code == 200, answer.text
    launched: Json = answer.json()
    return launched


async def say(client: AsyncClient, what: str, name: object) -> Json:
    answer = await client.post(f"{ALL}/{what}", json={"name": name})
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def names(client: AsyncClient, **query: str) -> list[str]:
    answer = await client.get(f"{ALL}/list", params=query)
    return [one["name"] for one in answer.json()["connections"]]


class TestScaleUp:
    @pytest.mark.usefixtures("reconciling")
    async def test_it_answers_when_the_desktop_runs(
        self, configuration: Json, user_client: AsyncClient, farm: StoringRuntime
    ) -> None:
        launched = await scale_up(user_client, desktop_configuration_id=configuration["id"])
        name = str(launched["name"])
        assert RELEASE.fullmatch(name)
        assert len(name) <= 53
        connection = {
            "id": 1,
            "name": name,
            "created_at": launched["connection"]["created_at"],  # type: ignore[index, call-overload]
            "created_by": "ada",
            "guacamole_connection_id": None,
            "persistent_home": True,
            "is_stopped": False,
            "desktop_configuration_id": configuration["id"],
            "desktop_configuration_name": "Ubuntu",
            "external_pvc": None,
        }
        assert launched == {
            "name": name,
            "created_by": "ada",
            "is_stopped": False,
            "persistent_home": True,
            "desktop_configuration_id": configuration["id"],
            "status": "ready",
            "external_pvc": None,
            "message": f"Desktop {name} is ready",
            "connection": connection,
        }
        (spec,) = farm.launches
        assert (spec.image, spec.keeps_home, spec.home) == ("example/ubuntu:24.04", True, spec.owner)
        assert (await user_client.get(f"{ALL}/list")).json() == {"connections": [connection]}
        assert (await user_client.get(f"{ALL}/{name}")).json()["connection"] == connection
        (desktop,) = (await user_client.get("/api/v1/desktops")).json()["items"]
        assert (desktop["name"], desktop["state"]) == ("desk", "running")

    @pytest.mark.usefixtures("reconciling")
    async def test_without_a_configuration_it_takes_the_first(
        self, configuration: Json, user_client: AsyncClient
    ) -> None:
        assert (await scale_up(user_client))["desktop_configuration_id"] == configuration["id"]

    @pytest.mark.parametrize(
        ("wish", "status"),
        [
            ({"name": "thirteen-long"}, 400),
            ({"name": "a_b"}, 400),
            ({"name": "-a"}, 400),
            ({"name": ""}, 400),
            ({"name": "$(reboot)"}, 400),
            ({"desktop_configuration_id": 99}, 404),
            ({"external_pvc": "unknown"}, 404),
        ],
    )
    @pytest.mark.usefixtures("configuration")
    async def test_what_makes_no_sense_is_refused(self, user_client: AsyncClient, wish: Json, status: int) -> None:
        answer = await user_client.post(f"{ALL}/scaleup", json={"name": "desk", **wish})
        assert (answer.status_code, set(answer.json())) == (status, {"error"})
        assert await names(user_client) == []

    async def test_without_any_configuration_it_is_refused(self, user_client: AsyncClient) -> None:
        answer = await user_client.post(f"{ALL}/scaleup", json={"name": "desk"})
        assert answer.status_code == 400
        assert "Ask an administrator" in answer.json()["error"]

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_more_than_one_may_have_are_refused(self, user_client: AsyncClient) -> None:
        for _ in range(5):
            await scale_up(user_client)
        answer = await user_client.post(f"{ALL}/scaleup", json={"name": "desk"})
        assert answer.status_code == 400
        assert "You may have 5 desktops" in answer.json()["error"]


class TestSlow:
    @pytest.fixture
    def runtime(self) -> NeverReadyRuntime:
        return NeverReadyRuntime()

    @pytest.fixture
    def runtimes(self, runtime: NeverReadyRuntime) -> dict[str, Runtime]:
        return {"docker": runtime}

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_what_takes_too_long_is_provisioning(
        self, user_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connections, "READY_SECONDS", 0.2)
        launched = await scale_up(user_client)
        assert launched["status"] == "provisioning"
        assert await names(user_client) == [launched["name"]]

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_what_is_deleted_meanwhile_is_waited_for_no_longer(
        self, user_client: AsyncClient, runtime: NeverReadyRuntime
    ) -> None:
        waiting = asyncio.create_task(user_client.post(f"{ALL}/scaleup", json={"name": "desk"}))
        await runtime.launched.wait()
        (await user_client.delete("/api/v1/desktops/1")).raise_for_status()
        answer = await waiting
        assert (answer.status_code, answer.json()) == (400, {"error": "The desktop was deleted while it started."})


class TestRefused:
    @pytest.fixture
    def runtimes(self) -> dict[str, Runtime]:
        return {"docker": RefusingRuntime()}

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_what_fails_is_taken_back(self, user_client: AsyncClient) -> None:
        answer = await user_client.post(f"{ALL}/scaleup", json={"name": "desk"})
        assert answer.status_code == 500
        assert answer.json() == {"error": "The disk is full. Free some space, then try again."}
        assert await names(user_client) == []


class TestLife:
    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_it_is_stopped_resumed_and_deleted(self, user_client: AsyncClient) -> None:
        name = (await scale_up(user_client))["name"]
        refused = await user_client.post(f"{ALL}/permanent-delete", json={"name": name})
        assert refused.status_code == 400
        assert refused.json() == {"error": f"Desktop {name} must be stopped first, then it can be deleted."}
        stopped = await say(user_client, "scaledown", name)
        assert stopped["connection"]["is_stopped"] is True  # type: ignore[index, call-overload]
        resumed = await say(user_client, "resume", name)
        assert resumed["connection"]["name"] == name  # type: ignore[index, call-overload]
        again = await user_client.post(f"{ALL}/resume", json={"name": name})
        assert again.status_code == 400
        await say(user_client, "scaledown", name)
        await say(user_client, "permanent-delete", name)
        assert await names(user_client) == []
        assert (await user_client.get(f"{ALL}/{name}")).status_code == 404

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_a_short_name_is_ones_own_newest(self, user_client: AsyncClient) -> None:
        await scale_up(user_client)
        newest = await scale_up(user_client)
        assert (await user_client.get(f"{ALL}/desk")).json()["connection"]["name"] == newest["name"]

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_without_a_persistent_home_all_goes(self, user_client: AsyncClient, farm: StoringRuntime) -> None:
        launched = await scale_up(user_client, persistent_home=False)
        assert launched["persistent_home"] is False
        (spec,) = farm.launches
        assert spec.home == spec.desktop
        await say(user_client, "scaledown", launched["name"])
        assert await names(user_client) == []
        desktop = UUID(str(launched["name"])[-36:])
        await until(lambda: desktop in farm.forgotten)

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_others_do_not_see_it_but_administrators_do(
        self, user_client: AsyncClient, administrator_client: AsyncClient, people: People
    ) -> None:
        name = (await scale_up(user_client))["name"]
        eve = await people.program(await people.add("eve"))
        assert await names(eve) == []
        assert (await eve.get(f"{ALL}/{name}")).status_code == 404
        assert (await eve.get(f"{ALL}/direct-connect/1")).status_code == 404
        for what in ("scaledown", "resume", "permanent-delete"):
            assert (await eve.post(f"{ALL}/{what}", json={"name": name})).status_code == 404
        for what, wish in (("attach-pvc", {"pvc_id": 1}), ("detach-pvc", {})):
            assert (await eve.post(f"{ALL}/{what}", json={"connection_id": 1, **wish})).status_code == 404
        assert await names(administrator_client) == [name]
        assert await names(administrator_client, created_by="ada") == [name]
        assert await names(administrator_client, created_by="eve") == []
        await say(administrator_client, "scaledown", name)


class TestWays:
    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_a_link_signs_in_once_and_opens_the_desktop(
        self, user_client: AsyncClient, client: AsyncClient
    ) -> None:
        launched = await scale_up(user_client)
        way = (await user_client.get(f"{ALL}/direct-connect/1")).json()
        assert (way["connection_id"], way["connection_name"]) == (1, launched["name"])
        token, _, path = way["auth_url"].partition("/#/link/")[2].partition("?next=")
        assert path == "/desktops/1"
        client.headers["Origin"] = str(client.base_url)
        signed_in = await client.post("/api/v1/auth/link", json={"token": token})
        assert signed_in.json()["username"] == "ada", signed_in.text
        assert (await client.post("/api/v1/auth/link", json={"token": token})).status_code == 401

    async def test_the_dashboard_is_home(self, user_client: AsyncClient) -> None:
        told = (await user_client.get(f"{ALL}/guacamole-dashboard")).json()
        assert told["username"] == "ada"
        assert told["auth_url"].endswith("?next=/")

    @pytest.mark.usefixtures("configuration")
    async def test_a_token_of_the_api_does_not_open_the_account(
        self, administrator_client: AsyncClient, client: AsyncClient
    ) -> None:
        made = await administrator_client.post("/api/tokens", json={"name": "Backups"})
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        told = (await client.get(f"{ALL}/guacamole-dashboard")).json()
        assert "link" not in told["auth_url"]


@pytest.mark.usefixtures("configuration", "reconciling")
async def test_a_volume_comes_and_goes_with_a_restart(
    administrator_client: AsyncClient, farm: StoringRuntime, keeper: VolumeKeeper
) -> None:
    pvc = (await administrator_client.post("/api/storage-pvcs/create", json={"name": "data"})).json()["pvc"]
    await keeper.look()
    await scale_up(administrator_client)
    none = await administrator_client.post(f"{ALL}/detach-pvc", json={"connection_id": 1})
    assert (none.status_code, none.json()["error"].endswith("has no PVC attached.")) == (400, True)
    attached = await administrator_client.post(f"{ALL}/attach-pvc", json={"connection_id": 1, "pvc_id": pvc["id"]})
    assert attached.json()["connection"]["external_pvc"] == "data", attached.text
    await until(lambda: len(farm.launches) > 1)
    assert [mount.path for mount in farm.launches[1].volumes] == ["/storage"]


class HarbourRuntime(PromptRuntime):
    """Has desktops at ports, while it has ports."""

    has_ports = True

    async def display(self, desktop: UUID) -> Display:
        return TcpDisplay("10.0.0.5", 5900, password="pw") if self.has_ports else await super().display(desktop)


class TestGuacamole:
    """Where there is one: it shows what has a port."""

    @pytest.fixture
    def harbour(self) -> HarbourRuntime:
        return HarbourRuntime()

    @pytest.fixture
    def runtimes(self, harbour: HarbourRuntime) -> dict[str, Runtime]:
        return {"docker": harbour}

    @pytest.fixture
    async def settings(self, settings: Settings, clock: FrozenClock) -> AsyncIterator[Settings]:
        async with serving(SimulatedGuacamole(GUACAMOLE_KEY, clock)) as address:
            named = {"guacamole_url": address, "external_guacamole_url": "https://guac.example"}
            yield settings.model_copy(update={**named, "guacamole_json_secret_key": GUACAMOLE_KEY})

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_it_is_where_a_desktop_opens(
        self, user_client: AsyncClient, administrator_client: AsyncClient, client: AsyncClient
    ) -> None:
        await scale_up(user_client)
        for path in ("direct-connect/1", "guacamole-dashboard"):
            answer = await user_client.get(f"{ALL}/{path}")
            assert answer.json()["auth_url"].startswith("https://guac.example/#/?token="), answer.text
        made = await administrator_client.post("/api/tokens", json={"name": "Backups"})
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        told = (await client.get(f"{ALL}/direct-connect/1")).json()
        assert told["auth_url"].endswith("/desktops/1")

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_the_connection_that_is_kept_there_is_told(self, user_client: AsyncClient, app: FastAPI) -> None:
        launched = await scale_up(user_client)
        ledger = Ledger(app.state.database)
        await ledger.note(GuacamoleConnection(desktop_id=1, identifier="7", owner_id=1, endpoint="", is_granted=True))
        for path, key in (("list", "connections"), (launched["name"], "connection")):
            told = (await user_client.get(f"{ALL}/{path}")).json()[key]
            assert (told[0] if key == "connections" else told)["guacamole_connection_id"] == "7"

    @pytest.mark.usefixtures("configuration", "reconciling")
    async def test_what_it_does_not_reach_opens_on_our_page(
        self, user_client: AsyncClient, harbour: HarbourRuntime
    ) -> None:
        harbour.has_ports = False
        await scale_up(user_client)
        told = (await user_client.get(f"{ALL}/direct-connect/1")).json()
        assert told["auth_url"].endswith("?next=/desktops/1")
