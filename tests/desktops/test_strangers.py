"""Templates of images that are not Deskbay's: how they are entered, over HTTP, and when they can't be."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select
from tests.desktops.doubles import PromptRuntime
from tests.desktops.test_template_routes import LAB

from deskbay.desktops.driver import _environment
from deskbay.desktops.models import RuntimeRow, Template
from deskbay.desktops.runtimes import DisplayProtocol, Runtime
from deskbay.settings import Settings

PASSWORD = "kept between us"
STRANGER: dict[str, Any] = {
    **LAB,
    "runtime": "docker",
    "network": "internet",
    "image": "linuxserver/rdesktop",
    "protocol": "rdp",
    "port": 3389,
    "username": "abc",
}


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime(), "docker": PromptRuntime()}


@pytest.fixture(autouse=True)
async def engine_row(app: FastAPI) -> None:
    async with app.state.database.write() as db:
        db.add(RuntimeRow(slug="box", kind="docker"))


async def make(client: AsyncClient, **different: object) -> dict[str, Any]:
    answer = await client.post("/api/v1/templates", json={**STRANGER, **different})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def kept(app: FastAPI) -> Template:
    async with app.state.database.read() as db:
        newest: Template = (await db.scalars(select(Template).order_by(Template.id.desc()).limit(1))).one()
        return newest


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"port": None}, "at which port"),
        ({"port": None, "protocol": "vnc"}, "at which"),
        ({"port": None, "protocol": "vnc", "username": None, "password": "x"}, "at which"),
        ({"runtime": "local"}, "a runtime of images"),
        ({"network": "host"}, "the network"),
        ({"password": "x", "password_variable": "PASSWORD"}, "not both"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"protocol": "telnet"}, "protocol"),
        ({"password_variable": "A B"}, "password_variable"),
    ],
)
async def test_bad_input(administrator_client: AsyncClient, wrong: dict[str, object], what: str) -> None:
    answer = await administrator_client.post("/api/v1/templates", json={**STRANGER, **wrong})
    assert answer.status_code == 422
    assert what in answer.json()["detail"]


async def test_a_password_is_sealed_kept_and_never_told(app: FastAPI, administrator_client: AsyncClient) -> None:
    made = await make(administrator_client, password=PASSWORD)
    assert made["has_password"]
    assert PASSWORD not in str(made)
    sealed = (await kept(app)).sealed_password
    assert sealed is not None
    assert (PASSWORD in sealed, app.state.vault.open(sealed)) == (False, PASSWORD)

    path = f"/api/v1/templates/{made['id']}"
    assert (await administrator_client.put(path, json=STRANGER)).json()["has_password"]  # nothing was said of it
    copy = (await administrator_client.post(f"{path}/clone")).json()
    assert copy["has_password"]
    for gone in ({"password": None}, {"password_variable": "PASSWORD"}):
        await administrator_client.put(path, json={**STRANGER, "password": PASSWORD})
        assert not (await administrator_client.put(path, json={**STRANGER, **gone})).json()["has_password"]


async def test_without_guacd_it_says_what_to_install_and_is_not_launched(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    made = await make(administrator_client)
    assert "Install Apache Guacamole's guacd" in made["unavailable_reason"]
    answer = await user_client.post("/api/v1/desktops", json={"template": made["slug"]})
    assert (answer.status_code, answer.json()["type"]) == (409, "no-guacd")
    assert (await user_client.get("/api/v1/desktops")).json()["items"] == []
    by_vnc = await make(administrator_client, protocol="vnc", port=5901)
    assert by_vnc["unavailable_reason"] is None


class TestWithGuacd:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"guacd": "127.0.0.1:4822"})

    async def test_it_is_launched_and_says_how_it_is_shown(
        self, administrator_client: AsyncClient, user_client: AsyncClient
    ) -> None:
        made = await make(administrator_client)
        assert made["unavailable_reason"] is None
        answer = await user_client.post("/api/v1/desktops", json={"template": made["slug"]})
        assert (answer.status_code, answer.json()["protocol"]) == (201, "rdp")


def test_each_start_has_a_password_of_its_own() -> None:
    template = Template(environment='{"A": "b"}', password_variable="VNC_PW", protocol=DisplayProtocol.VNC)
    first, second = _environment(template, None), _environment(template, None)
    assert first["A"] == "b"
    assert first["VNC_PW"] != second["VNC_PW"]
    assert len(first["VNC_PW"]) == 8
    template.protocol = DisplayProtocol.RDP
    assert len(_environment(template, None)["VNC_PW"]) > 30
    assert _environment(template, "chosen")["VNC_PW"] == "chosen"
