"""Runtimes that the settings tell of."""

import asyncssh
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import JsonValue
from sqlalchemy import select

from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.told_runtimes import keep_told_runtimes
from deskbay.kit.vault import Vault, new_key

RANCHER = {
    "url": "https://rancher.example.org",
    "token": "token-x:hidden",
    "cluster_id": "c-m-x7f2k9qd",
    "repository": "desktops",
    "namespace": "lab",
}


async def start(app: FastAPI, **told: object) -> None:
    """Do what a server does when it starts with these settings."""
    data = {"data": app.state.settings.data}
    async with app.state.database.write() as db:
        await keep_told_runtimes(db, app.state.runtimes, type(app.state.settings).model_validate({**data, **told}))


async def row(app: FastAPI, slug: str) -> RuntimeRow:
    async with app.state.database.read() as db:
        found: RuntimeRow = (await db.scalars(select(RuntimeRow).where(RuntimeRow.slug == slug))).one()
        return found


def secrets(app: FastAPI, found: RuntimeRow) -> dict[str, JsonValue]:
    known: dict[str, JsonValue] = app.state.runtimes.secrets_of(found)
    return known


async def test_where_nothing_is_told_there_is_none(app: FastAPI, administrator_client: AsyncClient) -> None:
    await start(app)
    assert (await administrator_client.get("/api/v1/runtimes")).json() == {"items": []}


async def test_an_account_at_digitalocean_gets_a_key_of_its_own(app: FastAPI) -> None:
    await start(app, digitalocean_auth="dop_v1_hidden")
    found = await row(app, "digitalocean")
    known = secrets(app, found)
    assert (found.kind, known["token"]) == ("digitalocean", "dop_v1_hidden")
    assert asyncssh.import_private_key(str(known["key"])).get_algorithm() == "ssh-ed25519"
    assert "hidden" not in found.settings + str(found.sealed_settings)


async def test_another_token_takes_the_place_of_the_first_and_the_rest_stays(
    app: FastAPI, administrator_client: AsyncClient
) -> None:
    await start(app, digitalocean_auth="dop_v1_first")
    first = await row(app, "digitalocean")
    change = {"settings": {"region": "ams3"}, "labels": ["far"], "desktops": 3, "is_drained": True}
    assert (await administrator_client.put(f"/api/v1/runtimes/{first.id}", json=change)).is_success
    await start(app, digitalocean_auth="dop_v1_second")
    second = await row(app, "digitalocean")
    assert secrets(app, second) == {**secrets(app, first), "token": "dop_v1_second"}
    assert (second.labels, second.desktops, second.is_drained) == ('["far"]', 3, True)
    assert '"ams3"' in second.settings


async def test_one_that_is_known_is_left_alone(app: FastAPI) -> None:
    await start(app, rancher=RANCHER)
    first = await row(app, "rancher")
    await start(app, rancher=RANCHER)
    assert (await row(app, "rancher")).sealed_settings == first.sealed_settings


async def test_a_cluster_behind_rancher(app: FastAPI, administrator_client: AsyncClient) -> None:
    await start(app, rancher=RANCHER)
    (shown,) = (await administrator_client.get("/api/v1/runtimes")).json()["items"]
    told = {name: text for name, text in RANCHER.items() if name != "token"}
    assert (shown["kind"], shown["sealed"]) == ("rancher", ["token"])
    assert told.items() <= shown["settings"].items()
    assert secrets(app, await row(app, "rancher")) == {"token": "token-x:hidden"}


async def test_secrets_that_can_not_be_opened_are_told_anew(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    await start(app, rancher=RANCHER)
    monkeypatch.setattr(app.state.runtimes, "_vault", Vault([new_key()]))
    await start(app, rancher=RANCHER)
    assert secrets(app, await row(app, "rancher")) == {"token": "token-x:hidden"}


async def test_what_is_no_longer_told_stays(app: FastAPI) -> None:
    await start(app, rancher=RANCHER)
    await start(app)
    assert (await row(app, "rancher")).slug == "rancher"
