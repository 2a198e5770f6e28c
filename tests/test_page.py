"""The web page's files and headers."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from deskbay import page
from deskbay.database import Database, create_engine
from deskbay.kit.events import EventBus

INDEX = "<!doctype html><title>Deskbay</title>"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page as a build leaves it."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "assets" / "index-1a2b.js").write_text("const x = 1;\n" * 1000)
    monkeypatch.setattr(page, "BUILT", folder)
    return folder


@pytest.mark.parametrize("path", ["/", "/sign-in", "/desktops/7", "/index.html"])
async def test_every_path_of_the_page_gets_the_page(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_are_small_and_kept_for_ever(client: AsyncClient) -> None:
    answer = await client.get("/assets/index-1a2b.js")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/api", "/api/v1/nothing", "/assets/gone.js"])
async def test_what_is_not_there_is_not_the_page(client: AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/api/v1/about", "GET"),
        ("GET", "/api/v1/auth/token", "POST"),
        ("PUT", "/api/v1/profile", "GET, PATCH"),
        ("DELETE", "/api/v1/desktops/7/history", "GET"),
    ],
)
async def test_a_way_in_which_a_path_is_not_there_is_told_from_none(
    client: AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["detail"] == f"{path} is not there for {method}. It takes {allowed}."
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret"])
async def test_nothing_outside_the_page_is_served(client: AsyncClient, built: Path, path: str) -> None:
    (built.parent / "secret").write_text("a secret")
    assert "a secret" not in (await client.get(path)).text


async def test_an_unbuilt_page_says_how_to_build_it(client: AsyncClient, built: Path) -> None:
    shutil.rmtree(built)
    answer = await client.get("/")
    assert answer.status_code == 503
    assert "scripts/run" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/v1/nothing"])
async def test_every_answer_has_the_security_headers(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


async def test_health(client: AsyncClient) -> None:
    answer = await client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "healthy")


async def test_health_without_a_database(app: FastAPI, client: AsyncClient) -> None:
    await app.state.database.close()
    app.state.database = Database(create_engine("postgresql+asyncpg://127.0.0.1:1/nobody-listens"), EventBus())
    answer = await client.get("/api/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "unhealthy")


@pytest.mark.parametrize("sign_up_open", [True, False])
async def test_about(app: FastAPI, client: AsyncClient, sign_up_open: bool) -> None:
    app.state.settings = app.state.settings.model_copy(update={"sign_up_open": sign_up_open})
    about = (await client.get("/api/v1/about")).json()
    assert (about["sign_up_open"], about["time_zone"]) == (sign_up_open, "UTC")
