"""Administrators add, change, drain, test and remove runtimes; nobody else does."""

from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import SecretStr
from tests.desktops.doubles import PromptRuntime, SilentRuntime
from tests.desktops.first_start import first_start

from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.runtimes import Runtime, Unproved
from deskbay.desktops.runtimes.docker.settings import DockerSettings
from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings
from deskbay.kit.vault import Vault, new_key

ALL = [
    ("GET", "/api/v1/runtime-kinds"),
    ("GET", "/api/v1/runtimes"),
    ("POST", "/api/v1/runtimes"),
    ("PUT", "/api/v1/runtimes/1"),
    ("POST", "/api/v1/runtimes/1/test"),
    ("DELETE", "/api/v1/runtimes/1"),
]
LIMITS = {"desktops": 3, "memory_mb": 8192, "cpus": 4.0}
BOX: dict[str, object] = {
    "slug": "box-1",
    "kind": "docker",
    "settings": {"socket": "/nonexistent/docker.sock"},
    "labels": ["gpu"],
    "is_drained": False,
    **LIMITS,
}
NO_LOAD = {"desktops": 0, "memory_mb": 0, "cpus": 0.0}


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime(), "silent": SilentRuntime()}


@pytest.fixture(autouse=True)
async def beginnings(app: FastAPI) -> None:
    app.state.runtimes.kinds = {**app.state.runtimes.kinds, "docker": DockerSettings}
    await first_start(app.state.database)


async def add(client: AsyncClient, **different: object) -> dict[str, object]:
    answer = await client.post("/api/v1/runtimes", json={**BOX, **different})
    assert answer.status_code == 201, answer.text
    added: dict[str, object] = answer.json()
    return added


async def listed(client: AsyncClient) -> list[str]:
    return [runtime["slug"] for runtime in (await client.get("/api/v1/runtimes")).json()["items"]]


@pytest.mark.parametrize(("method", "path"), ALL)
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401


@pytest.mark.parametrize(("method", "path"), ALL)
async def test_others_than_administrators_get_403(
    user_client: AsyncClient, administrator_client: AsyncClient, method: str, path: str
) -> None:
    assert (await user_client.request(method, path, json=BOX)).status_code == 403
    assert await listed(administrator_client) == ["local"]


@pytest.mark.parametrize(("method", "path"), [one for one in ALL if "/1" in one[1]])
async def test_what_is_not_there_gets_404(administrator_client: AsyncClient, method: str, path: str) -> None:
    answer = await administrator_client.request(method, path.replace("/1", "/99"), json={})
    assert (answer.status_code, answer.json()["type"]) == (404, "unknown-runtime")


async def test_kinds_tell_what_they_ask_for(administrator_client: AsyncClient) -> None:
    kinds = (await administrator_client.get("/api/v1/runtime-kinds")).json()["items"]
    assert [kind["name"] for kind in kinds] == ["docker", "local", "silent"]
    assert [kind["makes_spares"] for kind in kinds] == [True, False, False]
    assert kinds[0]["settings"]["properties"]["socket"]["default"] == "/run/docker.sock"


async def test_added_changed_drained_and_removed(administrator_client: AsyncClient) -> None:
    added = await add(administrator_client)
    settings = {**DockerSettings().model_dump(mode="json", exclude={"key"}), "socket": "/nonexistent/docker.sock"}
    assert added == {**BOX, "id": 2, "settings": settings, "sealed": [], "load": NO_LOAD}
    change = {"settings": {}, "labels": ["fast", "fast"], "is_drained": True}
    changed = await administrator_client.put("/api/v1/runtimes/2", json=change)
    unlimited = dict.fromkeys(LIMITS)
    defaults = DockerSettings().model_dump(mode="json", exclude={"key"})
    standard = {"settings": defaults, "labels": ["fast"], "is_drained": True}
    assert changed.json() == {**added, **unlimited, **standard}
    assert (await administrator_client.get("/api/v1/runtimes")).json()["items"][1] == changed.json()
    assert (await administrator_client.delete("/api/v1/runtimes/2")).status_code == 204
    assert await listed(administrator_client) == ["local"]


class SafeSettings(RuntimeSettings):
    """Asks for two secrets."""

    address: str
    password: SecretStr
    token: SecretStr | None = None

    def open(self, place: Place) -> Runtime:  # noqa: ARG002
        return PromptRuntime()


@pytest.fixture
def safe(app: FastAPI) -> dict[str, object]:
    """What is added that has secrets."""
    app.state.runtimes.kinds = {**app.state.runtimes.kinds, "safe": SafeSettings}
    return {"slug": "safe", "kind": "safe", "settings": {"address": "a", "password": "first", "token": "t"}}


async def secrets_of(app: FastAPI) -> dict[str, object]:
    """What is in the database of the second runtime, opened."""
    async with app.state.database.read() as db:
        row = await db.get_one(RuntimeRow, 2)
    assert "first" not in f"{row.settings}{row.sealed_settings}"
    secrets: dict[str, object] = app.state.runtimes.secrets_of(row)
    return secrets


async def test_secrets_are_shown_to_nobody_and_kept_sealed(
    app: FastAPI, administrator_client: AsyncClient, safe: dict[str, object]
) -> None:
    added = await add(administrator_client, **safe)
    assert (added["settings"], added["sealed"]) == ({"address": "a"}, ["password", "token"])
    assert "first" not in (await administrator_client.get("/api/v1/runtimes")).text
    assert await secrets_of(app) == {"password": "first", "token": "t"}


@pytest.mark.parametrize(
    ("change", "secrets"),
    [
        ({"address": "b"}, {"password": "first", "token": "t"}),
        ({"address": "b", "password": "second"}, {"password": "second", "token": "t"}),
        ({"address": "b", "token": None}, {"password": "first"}),
    ],
)
async def test_a_change_keeps_secrets_that_it_leaves_out(
    app: FastAPI,
    administrator_client: AsyncClient,
    safe: dict[str, object],
    change: dict[str, object],
    secrets: dict[str, object],
) -> None:
    await add(administrator_client, **safe)
    changed = await administrator_client.put("/api/v1/runtimes/2", json={"settings": change})
    assert (changed.json()["settings"], changed.json()["sealed"]) == ({"address": "b"}, sorted(secrets))
    assert await secrets_of(app) == secrets


async def test_a_secret_that_is_needed_is_not_taken_away(
    app: FastAPI, administrator_client: AsyncClient, safe: dict[str, object]
) -> None:
    await add(administrator_client, **safe)
    bare = await administrator_client.put("/api/v1/runtimes/2", json={"settings": {"address": "b", "password": None}})
    assert (bare.status_code, bare.json()["detail"]) == (422, "settings.password: Field required")
    assert await secrets_of(app) == {"password": "first", "token": "t"}


async def test_secrets_of_a_lost_key_are_entered_anew(
    app: FastAPI, administrator_client: AsyncClient, safe: dict[str, object]
) -> None:
    await add(administrator_client, **safe)
    async with app.state.database.write() as db:
        (await db.get_one(RuntimeRow, 2)).sealed_settings = Vault([new_key()]).seal("{}")
    assert (await administrator_client.get("/api/v1/runtimes")).json()["items"][1]["sealed"] == []
    tested = (await administrator_client.post("/api/v1/runtimes/2/test")).json()
    assert tested["detail"] == "The secrets of the runtime safe can't be opened: enter them anew."
    again = await administrator_client.put("/api/v1/runtimes/2", json={"settings": {"address": "a", "password": "2"}})
    assert again.json()["sealed"] == ["password"]


@pytest.mark.parametrize(
    ("different", "status", "detail"),
    [
        ({"kind": "mainframe"}, 422, "no kind of runtime “mainframe” here. Choose one of: docker, local, silent."),
        ({"slug": "local"}, 409, "There is a runtime “local” already. Choose another name."),
        ({"settings": {"socket": "docker.sock"}}, 422, "settings.socket: the path of a socket begins with /"),
        ({"settings": {"colour": "red"}}, 422, "settings.colour: Extra inputs are not permitted"),
        ({"slug": "Box 1"}, 422, "body.slug"),
        ({"labels": ["two words"]}, 422, "body.labels"),
        ({"desktops": 0}, 422, "body.desktops"),
        ({"cpus": -1}, 422, "body.cpus"),
        ({"password": "x"}, 422, "body.password"),
    ],
)
async def test_what_can_not_be_added_says_why(
    administrator_client: AsyncClient, different: dict[str, object], status: int, detail: str
) -> None:
    answer = await administrator_client.post("/api/v1/runtimes", json={**BOX, **different})
    assert answer.status_code == status
    assert detail in answer.text
    assert await listed(administrator_client) == ["local"]


async def test_a_change_that_its_kind_does_not_know_changes_nothing(administrator_client: AsyncClient) -> None:
    added = await add(administrator_client)
    wrong = {"settings": {"socket": "here"}, "labels": ["other"]}
    assert (await administrator_client.put("/api/v1/runtimes/2", json=wrong)).status_code == 422
    assert (await administrator_client.get("/api/v1/runtimes")).json()["items"][1] == added


async def test_one_in_use_is_not_removed_and_shows_its_load(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    desktop = (await user_client.post("/api/v1/desktops", json={"template": "desktop"})).json()["id"]
    (local,) = (await administrator_client.get("/api/v1/runtimes")).json()["items"]
    assert local["load"] == {"desktops": 1, "memory_mb": 2048, "cpus": 2.0}
    answer = await administrator_client.delete("/api/v1/runtimes/1")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "1 desktop is on local. Drain it, and remove it when they are deleted."
    await user_client.post(f"/api/v1/desktops/{desktop}/stop")
    assert (await administrator_client.delete("/api/v1/runtimes/1")).status_code == 409


async def test_a_full_runtime_refuses_launch_and_start(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    await administrator_client.put("/api/v1/runtimes/1", json={"desktops": 1})
    first = await user_client.post("/api/v1/desktops", json={"template": "desktop"})
    second = await user_client.post("/api/v1/desktops", json={"template": "desktop"})
    assert (first.status_code, second.status_code, second.json()["type"]) == (201, 409, "no-room")
    await administrator_client.put("/api/v1/runtimes/1", json={"is_drained": True})
    desktop = first.json()["id"]
    await user_client.post(f"/api/v1/desktops/{desktop}/stop")
    started = await user_client.post(f"/api/v1/desktops/{desktop}/start")
    assert (started.status_code, started.json()["type"]) == (409, "runtime-drained")


async def test_a_runtime_is_asked_whether_it_answers(administrator_client: AsyncClient, tmp_path: Path) -> None:
    await add(administrator_client, slug="silent", kind="silent", settings={})
    await add(administrator_client, settings={"socket": str(tmp_path / "docker.sock")})
    answers = [(await administrator_client.post(f"/api/v1/runtimes/{key}/test")).json() for key in (1, 2, 3)]
    gone = f"The Docker engine at {tmp_path}/docker.sock is not there. Start it, or correct the path."
    assert answers == [
        {"answers": True, "detail": "It answers.", "proposal": None},
        {"answers": False, "detail": "It is switched off. Switch it on.", "proposal": None},
        {"answers": False, "detail": gone, "proposal": None},
    ]


class PickyRuntime(PromptRuntime):
    """Has what a plain desktop takes, and no browser."""

    async def unavailable(self, profile: str) -> str | None:
        return "Chromium is missing. Install it." if profile == "browser" else None


class UnfitRuntime(PromptRuntime):
    """Answers, but can start nothing."""

    async def unavailable(self, profile: str) -> str | None:  # noqa: ARG002
        return "It runs as an ordinary user. Have it run as root."


@pytest.mark.parametrize("runtimes", [{"local": PickyRuntime(), "unfit": UnfitRuntime()}])
async def test_a_test_finds_what_a_launch_would_find(administrator_client: AsyncClient) -> None:
    await add(administrator_client, slug="unfit", kind="unfit", settings={})
    answers = [(await administrator_client.post(f"/api/v1/runtimes/{key}/test")).json() for key in (1, 2)]
    some = "It answers. But not every template can be launched there: Chromium is missing. Install it."
    assert answers == [
        {"answers": True, "detail": some, "proposal": None},
        {"answers": False, "detail": "It runs as an ordinary user. Have it run as root.", "proposal": None},
    ]


class StrangerRuntime(PromptRuntime):
    """Has not proved who it is."""

    async def owned(self) -> set[UUID]:
        raise Unproved("It shows the key SHA256:abc. Accept it.", {"host_key": "ssh-ed25519 AAAA"})


@pytest.mark.parametrize("runtimes", [{"local": StrangerRuntime()}])
async def test_a_host_that_is_not_known_shows_what_would_prove_it(administrator_client: AsyncClient) -> None:
    answer = (await administrator_client.post("/api/v1/runtimes/1/test")).json()
    proposal = {"host_key": "ssh-ed25519 AAAA"}
    assert answer == {"answers": False, "detail": "It shows the key SHA256:abc. Accept it.", "proposal": proposal}


async def test_a_template_without_a_runtime_says_so(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    await administrator_client.put("/api/v1/runtimes/1", json={"is_drained": True})
    (first, *_) = (await user_client.get("/api/v1/templates")).json()["items"]
    assert "Drained, and takes no desktops now: local." in first["unavailable_reason"]
    assert (await user_client.post("/api/v1/desktops", json={"template": "desktop"})).json()["type"] == "no-runtime"
