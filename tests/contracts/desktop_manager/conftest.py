"""A server with a runtime of images, one configuration of it, and a keeper of volumes."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import JsonValue
from tests.desktops.stores import StoringRuntime

from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.volume_keeper import VolumeKeeper

Json = dict[str, JsonValue]
CONFIGURATION: Json = {"name": "Ubuntu", "image": "example/ubuntu:24.04", "is_public": True}


@pytest.fixture
def farm() -> StoringRuntime:
    return StoringRuntime()


@pytest.fixture
def runtimes(farm: StoringRuntime) -> dict[str, Runtime]:
    return {"docker": farm}


async def add_farm(app: FastAPI) -> None:
    async with app.state.database.write() as db:
        db.add(RuntimeRow(slug="farm", kind="docker"))


@pytest.fixture
async def farm_is_there(app: FastAPI) -> None:
    """There is a runtime of images, and nothing else."""
    await add_farm(app)


@pytest.fixture
async def configuration(app: FastAPI, administrator_client: AsyncClient) -> Json:
    await add_farm(app)
    answer = await administrator_client.post("/api/desktop-config/create", json=CONFIGURATION)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()["configuration"]
    return made


@pytest.fixture
def keeper(app: FastAPI) -> VolumeKeeper:
    return VolumeKeeper(app.state.database, app.state.clock, app.state.runtimes)
