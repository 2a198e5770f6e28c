"""Templates with spare desktops, over HTTP: whoever may change them is tested beside the other routes of templates."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.clock import FrozenClock
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.desktops.stocks import FailingStock
from tests.desktops.test_template_routes import LAB, make

from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.spare_keeper import SpareKeeper


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime(), "docker": FailingStock()}


@pytest.fixture(autouse=True)
async def beginnings(app: FastAPI) -> None:
    await first_start(app.state.database)
    async with app.state.database.write() as db:
        db.add(RuntimeRow(slug="box", kind="docker"))


@pytest.fixture
def keeper(app: FastAPI, clock: FrozenClock) -> SpareKeeper:
    return SpareKeeper(app.state.database, clock, app.state.settings, app.state.runtimes)


async def shown(client: AsyncClient, template: dict[str, object]) -> tuple[object, object, object]:
    items = (await client.get("/api/v1/templates/all")).json()["items"]
    (item,) = (item for item in items if item["id"] == template["id"])
    return item["spares"], item["spares_ready"], item["spare_trouble"]


async def test_how_many_wait_and_why_not_more_is_shown(
    administrator_client: AsyncClient, app: FastAPI, keeper: SpareKeeper, clock: FrozenClock
) -> None:
    template = await make(administrator_client, runtime="docker", spares=2)
    assert await shown(administrator_client, template) == (2, 0, None)
    await keeper.look()
    assert await shown(administrator_client, template) == (2, 0, "The image is not there. Build it.")
    (box,) = (opened for _, opened in app.state.runtimes._opened.values() if isinstance(opened, FailingStock))
    box.can = True
    clock.advance(seconds=10)
    await keeper.look()
    assert await shown(administrator_client, template) == (2, 2, None)
    launched = await administrator_client.post("/api/v1/desktops", json={"template": template["slug"]})
    assert launched.status_code == 201
    assert await shown(administrator_client, template) == (2, 1, None)


async def test_without_a_word_a_template_has_none(administrator_client: AsyncClient) -> None:
    assert await shown(administrator_client, await make(administrator_client)) == (0, 0, None)


@pytest.mark.parametrize(
    ("different", "words"),
    [
        ({"spares": -1, "runtime": "docker"}, "greater than or equal to 0"),
        ({"spares": 101, "runtime": "docker"}, "less than or equal to 100"),
        ({"spares": 1, "runtime": "local"}, "Runtimes of the kind “local” make no spare desktops. Have none of them"),
        ({"spares": 1, "runtime": "docker", "image": None}, "spares are made of an image of Deskbay's own"),
        ({"spares": 1, "runtime": "docker", "port": 5900, "network": "internet"}, "without a port"),
    ],
)
async def test_what_can_have_no_spares_is_refused(
    administrator_client: AsyncClient, different: dict[str, object], words: str
) -> None:
    answer = await administrator_client.post("/api/v1/templates", json={**LAB, **different})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
