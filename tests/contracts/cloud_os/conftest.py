"""A server with a runtime of images, and one image that Cloud OS' clients may order."""

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from pydantic import JsonValue
from sqlalchemy import select
from tests.desktops.doubles import PromptRuntime
from tests.people import ORIGIN

from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.runtimes import Runtime
from deskbay.settings import Settings

Json = dict[str, JsonValue]
IMAGE = "example/firefox:128"
ORDER: Json = {"container_image": IMAGE, "password": "Secret123", "port": 5900}
KEY = "the key to delete by"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Settings.model_validate({"data": data, "public_url": ORIGIN, "delete_key": KEY})


@pytest.fixture
def farm() -> PromptRuntime:
    return PromptRuntime()


@pytest.fixture
def runtimes(farm: PromptRuntime) -> dict[str, Runtime]:
    return {"docker": farm}


def template(**wish: JsonValue) -> Json:
    return {
        "name": "Firefox",
        "runtime": "docker",
        "image": IMAGE,
        "port": 5900,
        "password_variable": "VNC_PASSWORD",
        "network": "internet",
        "category": "Browsers",
        **dict.fromkeys(("memory_mb", "least_memory_mb", "most_memory_mb"), 1024),
        **dict.fromkeys(("cpus", "least_cpus", "most_cpus"), 1.0),
        **wish,
    }


async def offer(administrator: AsyncClient, **wish: JsonValue) -> Json:
    answer = await administrator.post("/api/v1/templates", json=template(**wish))
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


@pytest.fixture
async def firefox(app: FastAPI, administrator_client: AsyncClient) -> Json:
    """There is a runtime of images, and a template of one."""
    async with app.state.database.write() as db:
        db.add(RuntimeRow(slug="farm", kind="docker"))
    return await offer(administrator_client)


async def order(client: AsyncClient, **wish: JsonValue) -> Response:
    return await client.post("/users/container", json={**ORDER, **wish})


async def rows(app: FastAPI) -> list[Desktop]:
    """Return every container that there ever was."""
    async with app.state.database.read() as db:
        return list(await db.scalars(select(Desktop).order_by(Desktop.id)))


async def deleted(app: FastAPI) -> Desktop:
    """Return the only container once nothing is left of it."""
    async with asyncio.timeout(30):
        while (await rows(app))[0].deleted_at is None:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.01)
    return (await rows(app))[0]
